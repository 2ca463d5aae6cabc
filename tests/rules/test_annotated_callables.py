"""Functions of which only an annotation tells that their calls must be awaited."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

HEAD = """
import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Optional, Union

Hook = Callable[[int], Awaitable[None]]

"""

BAD = {
    "a field that gets lambdas of an async function": """
        @dataclass
        class Description:
            set_fn: Callable[[int], Awaitable[None]]
        async def set_it(value): ...
        NUMBERS = (Description(set_fn=lambda value: set_it(value)),)
        def put(description: Description):
            description.set_fn(1)  # LMB201
    """,
    "a parameter": """
        async def run(hook: Callable[[int], Awaitable[None]]):
            hook(1)  # LMB201
    """,
    "a parameter that gives coroutines": """
        async def run(hook: Callable[..., Coroutine[Any, Any, None]], *args):
            hook(*args)  # LMB201
            return 1
    """,
    "a parameter of a plain function": """
        def run(hook: Callable[[int], Awaitable[None]]):
            hook(1)  # LMB201
    """,
    "an attribute": """
        class Worker:
            def __init__(self, hook: Callable[[int], Awaitable[None]]):
                self.hook = hook
            async def run(self):
                self.hook(1)  # LMB201
    """,
    "a field": """
        @dataclass
        class Worker:
            hook: Callable[[int], Awaitable[None]]
            async def run(self):
                self.hook(1)  # LMB201
    """,
    "by another name": """
        async def run(hook: Hook):
            hook(1)  # LMB201
    """,
    "a parameter by another name, of typing": """
        import typing
        Wanted = typing.Callable[[int], Awaitable[None]]
        async def run(hook: Wanted):
            hook(1)  # LMB201
    """,
    "a class of the project, by another name": """
        class Job:
            async def save(self):
                pass
        Wanted = Optional[Job]
        Either = Union[Job, None]
        async def run(job: Wanted, other: Either):
            job.save()  # LMB201
            other.save()  # LMB201
    """,
    "one that may be missing": """
        async def run(hook: Optional[Callable[[int], Awaitable[None]]] = None):
            if hook:
                hook(1)  # LMB201
    """,
    "a name for one that may be missing, kept by an object": """
        Wanted = Optional[Callable[[int], Awaitable[None]]]

        class Sender:
            def __init__(self, hook: Wanted = None):
                self.hook: Wanted = hook

            async def send(self):
                if self.hook is not None:
                    self.hook(1)  # LMB201
    """,
    "one that may be missing, by another name": """
        async def run(hook: Hook | None = None):
            if hook is not None:
                hook(1)  # LMB201
    """,
    "items of a list": """
        async def run(hooks: list[Hook]):
            for hook in hooks:
                hook(1)  # LMB201
    """,
    "values of a dict": """
        async def run(hooks: dict[str, Callable[[int], Awaitable[None]]], key):
            hooks[key](1)  # LMB201
    """,
    "values of a dict of lists": """
        class Bus:
            def __init__(self, handlers: dict[type, list[Hook]]):
                self.handlers = handlers
            async def handle(self, event):
                for handler in self.handlers[type(event)]:
                    handler(event)  # LMB201
    """,
    "in quotes": """
        async def run(hook: "Callable[[int], Awaitable[None]]"):
            hook(1)  # LMB201
    """,
    "in a decorator": """
        def logged(function: Callable[..., Awaitable[int]]):
            async def inner(*args, **options):
                function(*args, **options)  # LMB201
                return 1
            return inner
    """,
    "used as a plain value": """
        async def run(load: Callable[[int], Awaitable[dict]]):
            return load(1)["a"]  # LMB201
    """,
    "kept, and never used": """
        async def run(load: Callable[[int], Awaitable[dict]]):
            task = load(1)  # LMB201
            return 1
    """,
}

GOOD = {
    "a field that gets lambdas of who knows what": """
        @dataclass
        class Description:
            set_fn: Callable[[Any, int], Awaitable[None]]
        NUMBERS = (Description(set_fn=lambda data, value: data.set_it(value)),)
        def put(description: Description, data):
            description.set_fn(data, 1)
    """,
    "awaited": """
        async def run(hook: Callable[[int], Awaitable[None]]):
            await hook(1)
    """,
    "with whatever there is, awaited": """
        async def run(hook: Callable[..., Coroutine[Any, Any, None]], *args):
            return await hook(*args)
    """,
    "handed on": """
        def run(hook: Callable[[int], Awaitable[None]]):
            return hook(1)
    """,
    "an attribute, awaited": """
        class Worker:
            def __init__(self, hook: Callable[[int], Awaitable[None]]):
                self.hook = hook
            async def run(self):
                await self.hook(1)
    """,
    "a field, as a task": """
        @dataclass
        class Worker:
            hook: Callable[[int], Awaitable[None]]
            async def run(self):
                await asyncio.ensure_future(self.hook(1))
    """,
    "a function that may be plain": """
        async def run(hook: Callable[[int], Optional[Awaitable[None]]]):
            hook(1)
    """,
    "one function or the other": """
        async def run(hook: Union[Callable[[int], None], Callable[[int], Awaitable[None]]]):
            hook(1)
    """,
    "a plain function": """
        async def run(hook: Callable[[int], dict]):
            hook(1)
    """,
    "items of a list, gathered": """
        async def run(hooks: list[Hook]):
            await asyncio.gather(*(hook(1) for hook in hooks))
    """,
    "values of a dict, awaited": """
        async def run(hooks: dict[str, Callable[[int], Awaitable[None]]], key):
            await hooks[key](1)
    """,
    "values of a dict of lists, awaited": """
        class Bus:
            def __init__(self, handlers: dict[type, list[Hook]]):
                self.handlers = handlers
            async def handle(self, event):
                for handler in self.handlers[type(event)]:
                    await handler(event)
    """,
    "whoever asks does not trust it": """
        import inspect
        async def run(hook: Callable[[int], Awaitable[None]]):
            result = hook(1)
            if inspect.isawaitable(result):
                await result
    """,
    "in a decorator, awaited": """
        def logged(function: Callable[..., Awaitable[int]]):
            async def inner(*args, **options):
                return await function(*args, **options)
            return inner
    """,
    "a name that is bound again": """
        async def run(load: Callable[[int], Awaitable[dict]]):
            load = print
            load(1)
    """,
    "a decorator that is annotated with what it decorates": """
        class App:
            def get(self, path) -> Hook:
                return self.routes.adding(path)
        app = App()
        @app.get("/")
        def home(request):
            return {}
        app.get("/more")(home)
        def test(app: App):
            @app.get("/")
            async def home(request):
                return {}
    """,
    "a parameter that decorates": """
        def add(register: Callable[..., Awaitable[None]]):
            @register
            def home(request):
                return {}
    """,
    "never called": """
        async def run(load: Callable[[int], Awaitable[dict]]):
            print(load)
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(HEAD + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(HEAD + textwrap.dedent(source))


#: How another file gets at the name of an annotation.
IMPORTS = {
    "from the module": "from hooks import Hook\nasync def run(hook: Hook):",
    "as an attribute": "import hooks\nasync def run(hook: hooks.Hook):",
    "for annotations alone": (
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from hooks import Hook\nasync def run(hook: Hook):"
    ),
}


@pytest.mark.parametrize("lead", IMPORTS.values(), ids=IMPORTS)
@pytest.mark.parametrize("call", ["hook(1)  # LMB201", "await hook(1)"])
def test_by_a_name_from_another_file(lead, call):
    assert_marked({"hooks.py": HEAD, "app.py": f"{lead}\n    {call}\n"})
