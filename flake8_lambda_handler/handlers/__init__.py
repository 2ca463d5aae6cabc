"""Which functions Lambda calls, and how that is known."""
