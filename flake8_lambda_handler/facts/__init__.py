"""Facts of one Python file that its own text tells."""
