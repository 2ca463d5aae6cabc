"""The files of a project: what belongs to it, and how they lead to one another."""
