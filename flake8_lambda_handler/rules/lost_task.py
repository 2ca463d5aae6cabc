"""A task is started and the loop stops before it is done.

## What it does

Reports `asyncio.create_task`, `asyncio.ensure_future`, `loop.create_task`,
`asyncio.gather` and `run_coroutine_threadsafe` in what a handler runs, when nothing
awaits the task: dropped at once, or kept and never awaited.

## Why is this bad

When the coroutine given to `asyncio.run` returns, the loop cancels what still runs, and
says nothing. Without a running loop the task never starts: `asyncio.create_task` raises
`RuntimeError: no running event loop` there, whatever is awaited later. And when the handler
has returned, Lambda freezes the process.

## Limits

Only code that a handler reaches is judged: in a server that keeps its loop, a task may
well outlive the function that started it. Silent when the task is given to a call that
may await it, when its function sleeps later and may so give it the time, and when the
handler's calls lead too far to follow them all.

A task that is kept, on a kept loop, goes on in the next invocation: silent.

Silent for what a race leaves behind, `pending` of `asyncio.wait(..., return_when=
FIRST_COMPLETED)` and the rest of an `asyncio.as_completed` that is broken off: that the
loop cancels the losers is most often what is meant. Silent for what `run_in_executor` gives
and nobody awaits: `asyncio.run` waits for the threads of the default pool, and whether those
of another one are done in time cannot be told.

## Example

```python
import asyncio


async def audit(event):
    await asyncio.sleep(1)


async def main(event):
    asyncio.create_task(audit(event))
    return {"statusCode": 200}


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## Use instead

```python
import asyncio


async def audit(event):
    await asyncio.sleep(1)


async def main(event):
    task = asyncio.create_task(audit(event))
    response = {"statusCode": 200}
    await task
    return response


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## References

- Python documentation, "Coroutines and Tasks", "Creating Tasks"
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses import taken
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.facts import nodes
from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import Misused
from flake8_lambda_handler.flow.events import Scheduled
from flake8_lambda_handler.flow.events import TasksListed
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB203"
MESSAGE = "{what} {why}; {cure}"
REPAIR = "keep the task in a variable and `await` it before the coroutine returns"

#: Waiting on one of these lets other tasks do their work.
MEETING_POINTS = frozenset(
    {"asyncio.Queue", "asyncio.Event", "asyncio.Condition", "asyncio.Barrier"}
)
#: Names of more tasks would hide the message.
MAX_CALLS = 2


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the tasks that what a handler runs starts and nobody awaits."""
    for handler in find.of(session, module):
        summary = trace_of(handler)
        if summary is None or summary.activation is None or summary.is_truncated:
            continue
        if any(
            isinstance(event, TasksListed)
            or (isinstance(event, Used) and event.value.type in MEETING_POINTS)
            for event in summary.events
        ):
            continue
        returned = summary.reached_by_returns()
        # A task that is taken for its result is told where it is.
        returned |= {
            one.value.address for one in summary.events if isinstance(one, Misused)
        }
        seen = set()
        started = [one for one in summary.events if isinstance(one, Scheduled)]
        for event in taken.under_lambda(started, session.analysis):
            if event.node in seen:
                continue
            address = event.value.address
            is_refused = _is_refused(event, summary)
            if is_refused and paths.is_caught(event.path):
                continue
            if not is_refused:
                if address in summary.activation.awaited_tasks or address in returned:
                    continue
                if _has_time(event, summary) or _goes_on(event, session.analysis):
                    continue
            seen.add(event.node)
            node = paths.place(event, module) or handler.node
            why, cure = _why(event, module, is_refused)
            yield at(node, what=_what(event, module), why=why, cure=cure)


def _is_refused(event: Scheduled, summary: Summary) -> bool:
    """Return whether `asyncio.create_task` is called where no loop runs."""
    made = summary.made(event.value)
    return (
        made is not None
        and isinstance(made.callable, External)
        and event.how == "create_task"
        and running_loop(event.path) is None
    )


def _goes_on(event: Scheduled, analysis: Analysis) -> bool:
    """Return whether the next invocation finds a task, on a loop that is kept as well."""
    step = running_loop(event.path)
    loop = None if step is None else step.value
    return (
        isinstance(loop, Object)
        and analysis.is_shared(loop.address)
        and analysis.is_shared(event.value.address)
    )


def _has_time(event: Scheduled, summary: Summary) -> bool:
    """Return whether a sleep behind the start of a task may last until it is done."""
    function = event.frame.function
    sleeps = [
        _seconds(node)
        for node in (nodes.walk(function.node) if function is not None else ())
        if isinstance(node, ast.Await) and node.lineno > event.node.lineno  # type: ignore[attr-defined]
    ]
    pause = max([one for one in sleeps if one is not None], default=None)
    made = summary.made(event.value)
    if pause is None or made is None:
        return False
    started = [summary.made(value) for value in made.args]
    return all(_is_done(one and one.callable, pause) for one in started)


def _is_done(function: Value | None, pause: float) -> bool:
    """Return whether a coroutine may be done after so many seconds.

    What sleeps as long itself is not; without a pause, only what never waits is.
    """
    if not isinstance(function, Function):
        return pause > 0
    scope = function.module.scopes[function.node]
    if not scope.awaits:
        return True
    body = getattr(function.node, "body", [])
    slept = [_seconds(one.value) or 0 for one in body if isinstance(one, ast.Expr)]
    return sum(slept) < pause


def _seconds(node: ast.AST) -> float | None:
    """Return how long `await asyncio.sleep(...)` takes; infinity if it does not say."""
    if not (isinstance(node, ast.Await) and isinstance(node.value, ast.Call)):
        return None
    if last_name(node.value) != "sleep":
        return None
    given = node.value.args[0] if node.value.args else None
    value = given.value if isinstance(given, ast.Constant) else None
    return float(value) if isinstance(value, (int, float)) else math.inf


def _what(event: Scheduled, module: Module) -> str:
    """Return the words for a task: what it runs, and where it is in another file."""
    what = f"what `{event.how}` starts"
    if event.module is not module:
        what += f" in {paths.where(event.module, event.node, module)}"
    given = [
        one for one in getattr(event.node, "args", []) if isinstance(one, ast.Call)
    ]
    calls = [f"`{paths.call(one)}`" for one in given[:MAX_CALLS]]
    calls += ["..."] * (len(given) > MAX_CALLS)
    return f"{what}, {', '.join(calls)}," if calls else what


def _why(event: Scheduled, module: Module, is_refused: bool) -> tuple[str, str]:
    """Return what becomes of a task, and what to do instead."""
    loop = running_loop(event.path)
    why, cure = "it is lost when the handler returns", "wait for its result"
    if is_refused:
        never = "is never started: no loop runs, RuntimeError: no running event loop"
        return never, "use `asyncio.run(...)`"
    if loop is not None or getattr(event.frame.function, "is_async", False):
        why, cure = (
            "it is cancelled when its loop stops",
            "keep the task and `await` it",
        )
    elif event.how in ("ensure_future", "gather", "shield"):
        why, cure = "no loop runs, so it never starts", "run it with `asyncio.run(...)`"
    return f"is never awaited; {why}", cure
