"""A coroutine is made and nothing runs it.

## What it does

Follows each coroutine object (and async generator) from the call that makes it. Reports
it when a path reaches no driver: a bare statement, a variable that nobody reads, a
branch without the `await`, a list that is never gathered (also a global one that
nothing reads, in a handler's file or under a private name, and one of an object that
nothing in the project reads), an attribute that nothing
awaits (all that reads it uses it as a plain value, or the next statement does, or nothing
reads it and it is private, or stands in a handler's file), a coroutine that is used as a
plain value (in a truth test, an f-string, `json.dumps`, a log call, a subscript, a plain
field of a model or its `model_validate`, however many lines later, also in an async function
that is awaited), or an async function given to something that calls it and never awaits
(`pool.submit`, `process_partial_response`). What has `add_done_callback`, `add_signal_handler`,
`call_soon_threadsafe` or `run_in_executor` is a future or a loop, unless a class of the
project has such a method.

The finding stands at the call that makes the coroutine, where the `await` goes, once for
each; its words name the use and its line.

A task that what a handler runs takes for its result (`task["id"]`) is reported, too. A
function that tries in a loop to return a coroutine counts like one that returns it. What
functions put into the lists and dicts that they are given is followed, and what an object
or a class keeps by its methods.

A coroutine in what a route of FastAPI, Flask or Powertools returns is reported, as these
encode it and do not await it; so is an async route of Powertools where all that the project
calls is `resolve`, which awaits none; and an async function that a console script of
`pyproject.toml`, `setup.cfg` or `setup.py` names, or that Click or Typer makes a command
of: they only call it. An async function that returns the coroutine of another is told of it
if a caller, also in another file, uses the result of a single `await`, if other ways return
plain values, or if its annotation says that it does; so is one that returns its own, to try
again, one that asks for the truth of what it returns, and one that awaits nothing and
returns what other methods of its file await. A class that calls a plain method of
its own for nothing is told of the derived classes that make it async.

And it reports what is no coroutine where one is needed: a function or lambda that is not
called (`asyncio.run(main)`, `asyncio.gather(load)`), a list of coroutines
(`asyncio.run([load()])`, `asyncio.gather(jobs)` for want of the `*`), what a plain
function gives, `asyncio.run(asyncio.gather(...))`, an async generator. Each such call
raises: `asyncio.run` and `Runner.run` a `ValueError` (up to Python 3.13), all others a
`TypeError`. So does `asyncio.wait` for coroutines that are no tasks, from Python 3.11 on.
So do `await` on an async generator of the project, on a function that is not called or on
the plain value of one that is not async, `async for` over a coroutine, and `async with` on
either; silent where derived classes differ, and in a file that asks (`inspect.isasyncgen`).

What a call makes is found by following names: through aliases, decorators,
`functools.partial`, methods (also by a computed name, `getattr(self, f"on_{event}")`, if all
are async), lists and dicts of functions, the project's other modules, and
a table of async libraries, from aiohttp, fastapi and redis to aiogram, Pyrogram, discord, Home
Assistant, langchain and playwright; rows of Tortoise ORM and Django are known by their class
(in plain code, too: `cache.aset(...)`, `item.asave()`). Methods of
python-telegram-bot count where the file shows version 20 or later, the project asks for it,
or it runs on Python 3.13.
What the decorators and functions of a module put into its registry for other modules is
followed if all of it is async; so is what the methods of an object put into its own list or
dict (`bus.subscribe("created", send)`). What of these must be entered
(`session.client("s3")` of aioboto3) or iterated (its pages) is reported when it is not, or
in a plain `with` or `for`; so is an object of a class of the project that works with `async
with` or `async for` only. The class of an object is also known from annotations (of
parameters, attributes, fields, variables and results), from what its class assigns to an
attribute, from `isinstance`, and from what `with`, `for` over a generator and the `__new__`
of a singleton give. An annotation such as `Callable[..., Awaitable[int]]` tells that what
it describes must be awaited; a file that asks (`inspect.isawaitable`) is trusted more. A
function whose parameters say nothing is judged by what the project's other files give it,
also through functions in between, and told in its own file; a test by what the fixtures of
pytest give that its file and the `conftest.py` above have; so is a class by what its
objects are made with (`Pipeline([Load(), Save()])`), or are given to keep
(`pipeline.add(Load())`), and a mixin by the methods of the project's classes that are made
of it, if all that have one have an async one.

## Why is this bad

The body never runs. In Lambda the invocation still succeeds; all there is to see is one
`RuntimeWarning: coroutine ... was never awaited`, in the first invocation of an
environment only. Several of these shapes leave no trace at all.

## Limits

Where a project asks for discord.py below version 2, nothing is said of cogs and extensions,
which are plain there. Silent on a line that tells mypy or pyright that the same is meant so (`# type:
ignore[unused-coroutine]`, `# pyright: ignore[reportUnusedCoroutine]`), in a test that is
skipped for good (`@unittest.skip`, or `skipIf` with a constant), wants an exception of the
call (last in `with pytest.raises(...)`, beside other calls), replaces the function
(`patch("app.save")`) or asks what it has (`iscoroutine`, `hasattr(it, "__aenter__")`), in a
file that says that it is the plain copy of an async one (`_IS_SYNC = True`), when a name
cannot be followed, when a class derived from that of the object has a method of that name
which is not async, when the object is stored where other code can reach it (in a dict that
is an attribute, in a queue, in a registry that more than twenty modules fill, or plain
functions as well; of an object, where more than forty files have a method of that name, or
its class asks which functions are async), or is given to a call that may drive it. Silent,
too, for a coroutine whose name is deleted or bound anew, and for one inside a raised
exception. On a path that ends in an exception only what nothing holds any more counts, and
what is used as a plain value before.
Where the imports of a file lead to more than two million characters of code with
coroutines, only the modules nearest to it are followed. What a class of more than a hundred
methods does with its own object is judged for that class, not for each one derived from it.
An annotation such as `Callable[..., Awaitable[int]]` of an attribute tells nothing in a file
that gives, under the name of the attribute, a lambda of which that is not known.

## Example

```python
async def save(item):
    print(item)


def lambda_handler(event, context):
    save(event["item"])
    return {"statusCode": 200}
```

## Use instead

```python
import asyncio


async def save(item):
    print(item)


def lambda_handler(event, context):
    asyncio.run(save(event["item"]))
    return {"statusCode": 200}
```

## References

- Python documentation, "Developing with asyncio", "Detect never-awaited coroutines"
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator

from flake8_lambda_handler.analyses import callers
from flake8_lambda_handler.analyses import commands
from flake8_lambda_handler.analyses import coroutines as describe
from flake8_lambda_handler.analyses import handed_back
from flake8_lambda_handler.analyses import hooks
from flake8_lambda_handler.analyses import misdriven
from flake8_lambda_handler.analyses import misused
from flake8_lambda_handler.analyses import never_run
from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses import pinned
from flake8_lambda_handler.analyses import returned
from flake8_lambda_handler.analyses import routes
from flake8_lambda_handler.analyses import stored
from flake8_lambda_handler.analyses.overriding import is_async_everywhere
from flake8_lambda_handler.analyses.overriding import is_plain_in_derived
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.events import NoCoroutine
from flake8_lambda_handler.flow.events import Stowed
from flake8_lambda_handler.flow.events import Unrun
from flake8_lambda_handler.flow.events import UsedPlainly
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB201"
MESSAGE = "{what}; {cure}"
REPAIR = (
    "`await` it in an async function; run it with `asyncio.run(...)` in a plain one"
)

#: How mypy and pyright are told that a coroutine is dropped on purpose.
_MEANT = re.compile(r"#.*\b(?:reportUnusedCoroutine|unused-(?:awaitable|coroutine))\b")

#: What gives its caller the coroutine that a function has made, in a thread.
GIVING_BACK = frozenset(
    {"`async_add_executor_job`", "`run_in_threadpool`", "`run_sync`", "`to_thread`"}
)

#: What is told where it happens.
TOLD = (NoCoroutine, Stowed, Unrun, UsedPlainly)


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the places where a coroutine is made or used, and never runs."""
    if not session.project.may_hold_coroutines(module.path, module.text):
        return
    if never_run.is_plain_copy(module):
        return
    for site in _found(session, module):
        if not never_run.is_skipped(session, module, site.line):
            yield site


def _found(session: Session, module: Module) -> Iterator[Site]:
    known = session.around(module)
    places = known.suspicious(module)
    if places is not None:
        places |= callers.injected(session, module)
    told: set[tuple[int, str]] = set()
    nothing = places is not None and not places
    summaries = [] if nothing else known.analysis.summaries(module, places)
    driven = functools.cache(lambda: returned.driven_inside(session, module))
    for summary in summaries:
        if summary.is_truncated:
            session.note(module, paths.unfollowed(summary))
        for event in summary.events:
            if not isinstance(event, TOLD) or not describe.is_here(event, module):
                continue
            if isinstance(event, UsedPlainly):
                if is_plain_in_derived(session, event):
                    continue
                cure = f"write `async {event.word}`"
                yield at(event.node, what=describe.plainly(event), cure=cure)
            elif isinstance(event, Unrun):
                if event.how in GIVING_BACK and returned.resolves(module):
                    continue
                if event.method and _is_own(session, module, event.method):
                    continue
                what = (
                    f"{describe.given(event)} is given to {event.how}, which calls it "
                    "and never awaits"
                )
                yield at(event.node, what=what, cure="give it a plain function")
            elif isinstance(event, NoCoroutine):
                if paths.asks_for_version(event.path):
                    continue  # what is refused differs between versions
                words: tuple[str, str] | None
                if event.how in misdriven.DRIVERS:
                    words = misdriven.told(session, summary, event, module)
                else:
                    words = describe.refused(summary, event, module)
                if words is not None:
                    yield at(event.node, what=words[0], cure=words[1])
            elif isinstance(event, Stowed):
                made, node = summary.made(event.value), event.value.address.node
                if made is not None and _is_lost(session, module, event):
                    name = event.name if event.owner is None else f".{event.name}"
                    what = describe.coroutine(made, event.value.address, module)
                    yield at(
                        node if module.owns(node) else event.node,
                        what=f"{what} is kept in `{name}`, which nothing reads, and "
                        "does nothing",
                        cure=describe.cure(made, event.frame),
                    )
        for one in (
            *returned.beside_plain(summary, driven, module),
            *returned.moved(session, known.analysis, summary, driven, module),
            *stored.undriven(session, summary, module),
            *routes.undriven(session, known.analysis, summary, module),
        ):
            if one.frame.module is module or module.owns(one.node):
                yield from _site(session, one, told)
            elif not callers.tells(session, one.frame.module, module):
                yield from _site(session, one.at_call, told)
    for summary in callers.summaries(session, module):
        for one in returned.moved(session, session.analysis, summary, driven, module):
            if one.frame.module.path == module.path or module.owns(one.node):
                yield from _site(session, one, told)
    for back in handed_back.left_in(session, module):
        name = describe.coroutine(back.made, back.address, module)
        key = (getattr(back.call, "lineno", 0), name)
        if key not in told:
            told.add(key)
            noun = "task" if back.made.kind == "task" else "coroutine"
            what = f"{name} is returned without `await`: {back.where} is a {noun}"
            yield at(back.call, what=what, cure=returned.AWAIT)
    for route in routes.never_awaited(session, module):
        what = (
            f"async route `{route.name}` is called by `resolve`, which never awaits it"
        )
        yield at(route, what=what, cure="use a plain `def`, or `resolve_async`")
    cure = "give it a plain function that calls `asyncio.run(...)`"
    for function, script in commands.never_awaited(session, module):
        what = (
            f"`{function.name}()` is called by the console script `{script}`, which "
            "never awaits it"
        )
        yield at(function, what=what, cure=cure)
    for function, library in commands.of_libraries(session, module):
        what = (
            f"async command `{function.name}` is called by {library}, which never "
            "awaits it"
        )
        yield at(function, what=what, cure=cure)
    lines = {line for line, _ in told}
    for node, what in misused.of(session, module):
        if node.lineno not in lines:  # type: ignore[attr-defined]
            lines.add(node.lineno)  # type: ignore[attr-defined]
            yield at(node, what=what, cure=returned.AWAIT)
    for hook in hooks.dropped(session, module):
        if (hook.node.lineno, hook.name) not in told:
            told.add((hook.node.lineno, hook.name))
            yield at(hook.node, what=f"{hook.name} {hook.fate(module)}", cure=hook.cure)


def _site(
    session: Session, one: describe.Undriven, told: set[tuple[int, str]]
) -> Iterator[Site]:
    """Yield where to report a coroutine; one list of many of them is one mistake."""
    line = getattr(one.node, "lineno", 0)
    key = (line, one.name)
    if key in told or not is_async_everywhere(session, one.made):
        return
    if never_run.is_replaced(one.frame.module, never_run.makers(one.made), line):
        return
    if pinned.is_plain(session, one.made, one.frame.module):
        return
    if never_run.is_asked(one.frame.module, one.node):
        return
    maker = (one.made.origin or one.address).node
    if never_run.raises(one.frame.module, one.node, maker):
        return
    lines = one.frame.module.lines
    if not (0 < line <= len(lines) and _MEANT.search(lines[line - 1])):
        told.add(key)
        yield at(one.node, what=f"{one.name} {one.fate}", cure=one.cure)


def _is_own(session: Session, module: Module, method: str) -> bool:
    """Return whether a class of the project may have a method of a name."""
    folder = os.path.dirname(module.path)
    return session.project.mentioning(folder, f"def {method}(") != []


def _is_lost(session: Session, module: Module, event: Stowed) -> bool:
    """Return whether nobody reads a container: other projects may import a plain name."""
    name = event.name
    if event.owner is not None:
        facts = session.analysis.class_facts(event.owner)
        return session.once(stored.is_only_filled, (facts, name, module))
    return (
        (name.startswith("_") or bool(find.of(session, module)))
        and stored.is_never_read(name, module)
        and not session.project.is_used_elsewhere(module, name)
    )
