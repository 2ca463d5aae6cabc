"""The parts that the header of an async handler is rewritten to."""

from __future__ import annotations

from typing import NamedTuple


class Header(NamedTuple):
    """The two headers, and how the first function calls the second."""

    #: The header as it was, but for the word `async`.
    wrapper: str
    #: `async def _name(event, context):`, in one line or several without line ends.
    implementation: tuple[str, ...]
    #: `event, context`: every parameter, handed on explicitly.
    arguments: str


def split(header: str, implementation: str) -> Header | None:
    """Do what `parts.split` does; libcst is imported here and not before."""
    from flake8_lambda_handler.migrate import parts

    return parts.split(header, implementation)
