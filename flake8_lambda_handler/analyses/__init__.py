"""What rules ask of a finished run: one file for each family of questions."""
