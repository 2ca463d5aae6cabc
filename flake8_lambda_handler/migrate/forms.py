"""How a sync handler drives the coroutine that holds its old body."""

from __future__ import annotations

from typing import NamedTuple

#: Longest line that is written, in characters.
WIDTH = 88

#: What a rewrite can be: only the word `async` dropped; a new loop for each
#: invocation, by `asyncio.run`; one loop that is kept; a new loop for each
#: invocation, by hand, for Python 3.6, which has no `asyncio.run`.
DROP, RUN, LOOP, NEW_LOOP = "drop", "run", "loop", "new-loop"


class Words(NamedTuple):
    """The names that the lines are made of."""

    asyncio: str
    #: The call of the implementation, all parameters handed on.
    call: str
    #: A variable: of the module for `LOOP`, of the function for `NEW_LOOP`.
    loop: str
    #: What is bound to the loop, as text for the comment; may be empty.
    bound: str


def driving(form: str, words: Words, indentation: str) -> list[str]:
    """Return the lines that end the wrapper."""
    asyncio, call, loop, bound = words
    if form == RUN:
        lines = [f"return {asyncio}.run({call})"]
        if len(indentation + lines[0]) > WIDTH:
            lines = [f"return {asyncio}.run(", f"    {call}", ")"]
    elif form == NEW_LOOP:
        lines = [
            f"{loop} = {asyncio}.new_event_loop()",
            "try:",
            f"    {asyncio}.set_event_loop({loop})",
            f"    return {loop}.run_until_complete({call})",
            "finally:",
            f"    {loop}.close()",
        ]
    else:
        reason = "# One loop for the life of the environment, never closed"
        lines = [
            *(
                [f"{reason}:", f"# {bound} is bound to it."]
                if bound
                else [f"{reason}."]
            ),
            f"global {loop}",
            f"if {loop} is None:",
            f"    {loop} = {asyncio}.new_event_loop()  # noqa: LMB301",
            f"return {loop}.run_until_complete({call})",
        ]
    return [indentation + line for line in lines]
