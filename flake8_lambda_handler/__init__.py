"""Find what breaks AWS Lambda handlers in production."""

from __future__ import annotations

__version__ = "0.1.0"
