"""One file per rule; its docstring is the page that users read."""
