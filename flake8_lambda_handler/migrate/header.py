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
