"""Which bodies are worth following: asked before any value is followed."""
