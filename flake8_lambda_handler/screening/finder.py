"""What screening asks a project for."""

from __future__ import annotations

from typing import Protocol

from flake8_lambda_handler.facts.terms import BodyTerms


class Finder(Protocol):
    """What the questions need of a project."""

    def find_path(self, folder: str, dotted: str, level: int) -> str | None:
        """Return the project's file that an import in a folder's files loads."""

    def source(self, path: str) -> str | None:
        """Return the text of a module; `None` if it cannot be read."""

    def may_be_async(self, path: str) -> set[str]:
        """Return the names of a module that may have to do with coroutines."""

    def body(self, path: str) -> BodyTerms | None:
        """Return what a module does; `None` if it cannot be read."""
