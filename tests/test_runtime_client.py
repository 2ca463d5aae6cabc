"""What LMB101 to LMB103, and LMB401 of classes, report fails under the real runtime client.

And what they leave alone works. The tables hold the truth that the rules are built on;
the rules' own tests use the same shapes.
"""

from __future__ import annotations

import ast
import re
import sys
import time
from pathlib import Path

import pytest

import flake8_lambda_handler
from tests.runtime_client import VERSIONS
from tests.runtime_client import interpreter
from tests.runtime_client import invoke
from tests.support import violations

#: Every one is a coroutine function, or hands on what one returns: LMB101.
ASYNC_FAILS = {
    "async def": """
        async def lambda_handler(event, context):
            return {"ok": True}
    """,
    "nothing returned": """
        async def lambda_handler(event, context):
            pass
    """,
    "alias": """
        async def _impl(event, context):
            return {"ok": True}
        lambda_handler = _impl
    """,
    "partial": """
        from functools import partial
        async def _impl(flag, event, context):
            return {"ok": flag}
        lambda_handler = partial(_impl, True)
    """,
    "decorator that hands the coroutine on": """
        import functools
        def traced(function):
            @functools.wraps(function)
            def wrapper(event, context):
                return function(event, context)
            return wrapper
        @traced
        async def lambda_handler(event, context):
            return {"ok": True}
    """,
    "async decorator around a sync def": """
        import functools
        def traced(function):
            @functools.wraps(function)
            async def wrapper(event, context):
                return function(event, context)
            return wrapper
        @traced
        def lambda_handler(event, context):
            return {"ok": True}
    """,
    "instance with async __call__": """
        class Handler:
            async def __call__(self, event, context):
                return {"ok": True}
        lambda_handler = Handler()
    """,
    "bound async method": """
        class Service:
            async def handle(self, event, context):
                return {"ok": True}
        lambda_handler = Service().handle
    """,
    "async static method": """
        class Service:
            @staticmethod
            async def handle(event, context):
                return {"ok": True}
        lambda_handler = Service.handle
    """,
    "async class method": """
        class Service:
            @classmethod
            async def handle(cls, event, context):
                return {"ok": True}
        lambda_handler = Service.handle
    """,
    "conditional definition": """
        import os
        if os.environ:
            async def lambda_handler(event, context):
                return {"ok": True}
        else:
            def lambda_handler(event, context):
                return {"ok": True}
    """,
    "last binding is async": """
        def lambda_handler(event, context):
            return {"ok": True}
        async def lambda_handler(event, context):
            return {"ok": True}
    """,
    "lambda expression": """
        async def _impl(event, context):
            return {"ok": True}
        lambda_handler = lambda event, context: _impl(event, context)
    """,
    "walrus": """
        async def _impl(event, context):
            return {"ok": True}
        print(lambda_handler := _impl)
    """,
    "item of globals": """
        async def _impl(event, context):
            return {"ok": True}
        globals()["lambda_handler"] = _impl
    """,
    "on a variable that is always set": """
        import os
        if os.environ.get("AWS_EXECUTION_ENV"):
            async def lambda_handler(event, context):
                return {"ok": True}
        else:
            def lambda_handler(event, context):
                return {"ok": True}
    """,
    "on the version of Python": """
        import sys
        if sys.version_info >= (3, 8):
            async def lambda_handler(event, context):
                return {"ok": True}
        else:
            def lambda_handler(event, context):
                return {"ok": True}
    """,
    "base class calls an async hook": """
        class Base:
            def __call__(self, event, context):
                return self.handle(event, context)
        class Orders(Base):
            async def handle(self, event, context):
                return {"ok": True}
        lambda_handler = Orders()
    """,
    "body drives its own loop": """
        import asyncio
        async def work():
            return {"ok": True}
        async def lambda_handler(event, context):
            return asyncio.run(work())
    """,
}

ASYNC_WORKS = {
    "def": """
        def lambda_handler(event, context):
            return {"ok": True}
    """,
    "nothing returned": """
        def lambda_handler(event, context):
            pass
    """,
    "alias": """
        def _impl(event, context):
            return {"ok": True}
        lambda_handler = _impl
    """,
    "partial": """
        from functools import partial
        def _impl(flag, event, context):
            return {"ok": flag}
        lambda_handler = partial(_impl, True)
    """,
    "decorator that drives the coroutine": """
        import asyncio
        import functools
        def driven(function):
            @functools.wraps(function)
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper
        @driven
        async def lambda_handler(event, context):
            return {"ok": True}
    """,
    "driving decorator around an async one": """
        import asyncio
        def traced(function):
            async def wrapper(event, context):
                return await function(event, context)
            return wrapper
        def driven(function):
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper
        @driven
        @traced
        async def lambda_handler(event, context):
            return {"ok": True}
    """,
    "instance with __call__": """
        class Handler:
            def __call__(self, event, context):
                return {"ok": True}
        lambda_handler = Handler()
    """,
    "bound method": """
        class Service:
            def handle(self, event, context):
                return {"ok": True}
        lambda_handler = Service().handle
    """,
    "static method": """
        class Service:
            @staticmethod
            def handle(event, context):
                return {"ok": True}
        lambda_handler = Service.handle
    """,
    "class method": """
        class Service:
            @classmethod
            def handle(cls, event, context):
                return {"ok": True}
        lambda_handler = Service.handle
    """,
    "conditional definition": """
        import os
        if not os.environ:
            async def lambda_handler(event, context):
                return {"ok": True}
        else:
            def lambda_handler(event, context):
                return {"ok": True}
    """,
    "walrus": """
        def _impl(event, context):
            return {"ok": True}
        print(lambda_handler := _impl)
    """,
    "item of globals": """
        def _impl(event, context):
            return {"ok": True}
        globals()["lambda_handler"] = _impl
    """,
    "on a variable that is always set": """
        import os
        if os.environ.get("AWS_EXECUTION_ENV"):
            def lambda_handler(event, context):
                return {"ok": True}
        else:
            async def lambda_handler(event, context):
                return {"ok": True}
    """,
    "on the version of Python": """
        import sys
        if sys.version_info >= (3, 8):
            def lambda_handler(event, context):
                return {"ok": True}
        else:
            async def lambda_handler(event, context):
                return {"ok": True}
    """,
    "base class runs an async hook": """
        import asyncio
        class Base:
            def __call__(self, event, context):
                return asyncio.run(self.handle(event, context))
        class Orders(Base):
            async def handle(self, event, context):
                return {"ok": True}
        lambda_handler = Orders()
    """,
    "last binding is sync": """
        async def lambda_handler(event, context):
            return {"ok": True}
        def lambda_handler(event, context):
            return {"ok": True}
    """,
    "lambda expression": """
        import asyncio
        async def _impl(event, context):
            return {"ok": True}
        lambda_handler = lambda event, context: asyncio.run(_impl(event, context))
    """,
    "asyncio.run": """
        import asyncio
        async def work():
            return {"ok": True}
        def lambda_handler(event, context):
            return asyncio.run(work())
    """,
}

GENERATOR_FAILS = {
    "generator": """
        def lambda_handler(event, context):
            yield {"ok": True}
    """,
    "async generator": """
        async def lambda_handler(event, context):
            yield {"ok": True}
    """,
    "yield from": """
        def lambda_handler(event, context):
            yield from [1, 2]
    """,
    "yield that is never reached": """
        def lambda_handler(event, context):
            return {"ok": True}
            yield
    """,
    "yield in a lambda expression": """
        lambda_handler = lambda event, context: (yield)
    """,
    "types.coroutine": """
        import types
        @types.coroutine
        def lambda_handler(event, context):
            yield
    """,
}

GENERATOR_WORKS = {
    "list": """
        def lambda_handler(event, context):
            return [{"ok": True}]
    """,
    "list of a generator": """
        def rows():
            yield {"ok": True}
        def lambda_handler(event, context):
            return list(rows())
    """,
    "nested generator": """
        def lambda_handler(event, context):
            def rows():
                yield {"ok": True}
            return [*rows()]
    """,
    "generator expression inside": """
        def lambda_handler(event, context):
            return sum(number for number in (1, 2))
    """,
    "nested lambda expression that yields": """
        def lambda_handler(event, context):
            rows = lambda: (yield 1)
            return list(rows())
    """,
    "contextmanager": """
        import contextlib
        @contextlib.contextmanager
        def opened():
            yield {"ok": True}
        def lambda_handler(event, context):
            with opened() as value:
                return value
    """,
}

#: Classes whose objects cannot be encoded: LMB401.
CLASS_FAILS = {
    "a class": """
        class lambda_handler:
            def __init__(self, event, context):
                self.ok = True
    """,
    "a class by another name": """
        class Orders:
            def __init__(self, event, context):
                self.ok = True
        lambda_handler = Orders
    """,
    "a dataclass": """
        from dataclasses import dataclass
        @dataclass
        class lambda_handler:
            event: dict
            context: object
    """,
    "what a base class makes": """
        class Base:
            def __init__(self, event, context):
                self.ok = True
        class lambda_handler(Base):
            pass
    """,
}
CLASS_WORKS = {
    "a dict": """
        class lambda_handler(dict):
            def __init__(self, event, context):
                self["ok"] = True
    """,
    "a class that makes a dict": """
        class lambda_handler:
            def __new__(cls, event, context):
                return {"ok": True}
    """,
    "what a metaclass makes": """
        class Meta(type):
            def __call__(cls, event, context):
                return {"ok": True}
        class lambda_handler(metaclass=Meta):
            pass
    """,
    "an object like a dict": """
        class lambda_handler:
            def __init__(self, event, context):
                self.ok = True
            def _asdict(self):
                return {"ok": True}
    """,
}

#: Parameter lists which Lambda cannot call with (event, context): LMB103.
SIGNATURE_FAILS = (
    "",
    "event",
    "event, context, extra",
    "event, **kwargs",
    "*, event, context",
    "event, context, *, retries",
    "self, event, context",
    "event, *, context",
    "event, context, extra, /",
)
SIGNATURE_WORKS = (
    "event, context",
    "event, context, extra=None",
    "event=None, context=None",
    "*args",
    "*args, **kwargs",
    "event, *args",
    "event, context, *, retries=3",
    "event, context, /",
    "event, _",
)

#: Shapes whose parameters are not those of a `def` at module level.
OTHER_SIGNATURE_FAILS = {
    "lambda expression": "lambda_handler = lambda event: event",
    "unbound method": """
        class Service:
            def handle(self, event, context):
                return {"ok": True}
        lambda_handler = Service.handle
    """,
    "partial that fills too many": """
        from functools import partial
        def _impl(event, context):
            return {"ok": True}
        lambda_handler = partial(_impl, True)
    """,
    "wrapper that takes one": """
        def wrapped(function):
            return lambda event: function(event, None)
        @wrapped
        def lambda_handler(event, context):
            return {"ok": True}
    """,
}
OTHER_SIGNATURE_WORKS = {
    "lambda expression": "lambda_handler = lambda event, context: event",
    "bound method": """
        class Service:
            def handle(self, event, context):
                return {"ok": True}
        lambda_handler = Service().handle
    """,
    "partial that fills the first": """
        from functools import partial
        def _impl(table, event, context):
            return {"ok": True}
        lambda_handler = partial(_impl, "orders")
    """,
    "wrapper that takes two": """
        def wrapped(function):
            return lambda event, context: function(event)
        @wrapped
        def lambda_handler(event):
            return {"ok": True}
    """,
}


@pytest.mark.parametrize("source", ASYNC_FAILS.values(), ids=ASYNC_FAILS)
def test_coroutine_handler_fails(source):
    for outcome in invoke(source):
        assert outcome.error_type == "Runtime.MarshalError"
        assert "Object of type coroutine is not JSON" in outcome.error_message


@pytest.mark.parametrize("source", GENERATOR_FAILS.values(), ids=GENERATOR_FAILS)
def test_generator_handler_fails(source):
    for outcome in invoke(source):
        assert outcome.error_type == "Runtime.MarshalError"
        assert re.search("Object of type (async_)?generator", outcome.error_message)


@pytest.mark.parametrize("parameters", SIGNATURE_FAILS)
def test_signature_fails(parameters):
    for outcome in invoke(f"def lambda_handler({parameters}): return 1"):
        assert outcome.error_type == "TypeError"
        assert "argument" in outcome.error_message


@pytest.mark.parametrize(
    "source", OTHER_SIGNATURE_FAILS.values(), ids=OTHER_SIGNATURE_FAILS
)
def test_other_signature_fails(source):
    for outcome in invoke(source):
        assert outcome.error_type == "TypeError"


def test_coroutine_handlers_are_reported():
    for source in ASYNC_FAILS.values():
        codes = {one.code for one in violations(source, handlers=("app.*_handler",))}
        assert len(codes & {"LMB101", "LMB202"}) == 1, source
    for source in ASYNC_WORKS.values():
        assert violations(source, handlers=("app.*_handler",)) == [], source


@pytest.mark.parametrize("source", CLASS_FAILS.values(), ids=CLASS_FAILS)
def test_class_fails(source):
    for outcome in invoke(source):
        assert outcome.error_type == "Runtime.MarshalError"
    (found,) = violations(source, handlers=("app.lambda_handler",))
    assert found.code == "LMB401"


@pytest.mark.parametrize("source", CLASS_WORKS.values(), ids=CLASS_WORKS)
def test_class_works(source):
    assert invoke(source).ok
    assert violations(source, handlers=("app.lambda_handler",)) == []


def test_class_is_no_handler_by_a_glob_or_by_its_name():
    source = CLASS_FAILS["a class"]
    assert (
        violations(source) == violations(source, handlers=("*.lambda_handler",)) == []
    )


def test_failing_signatures_are_reported():
    sources = [f"def lambda_handler({one}): return 1" for one in SIGNATURE_FAILS]
    for source in (*sources, *OTHER_SIGNATURE_FAILS.values()):
        assert [one.code for one in violations(source)] == ["LMB103"], source


WORKS = {
    **{f"async: {name}": source for name, source in ASYNC_WORKS.items()},
    **{f"generator: {name}": source for name, source in GENERATOR_WORKS.items()},
    **{f"signature: {name}": source for name, source in OTHER_SIGNATURE_WORKS.items()},
    **{
        f"signature: ({parameters})": f"def lambda_handler({parameters}): return 1"
        for parameters in SIGNATURE_WORKS
    },
}


@pytest.mark.parametrize("source", WORKS.values(), ids=WORKS)
def test_left_alone_works(source):
    outcomes = invoke(source)
    assert outcomes.ok, outcomes
    assert len(outcomes) == 2


def test_tables_have_equal_numbers():
    assert len(ASYNC_FAILS) == len(ASYNC_WORKS)
    assert len(GENERATOR_FAILS) == len(GENERATOR_WORKS)
    assert len(CLASS_FAILS) == len(CLASS_WORKS)
    assert len(SIGNATURE_FAILS) == len(SIGNATURE_WORKS)
    assert len(OTHER_SIGNATURE_FAILS) == len(OTHER_SIGNATURE_WORKS)


@pytest.mark.parametrize("version", VERSIONS)
def test_same_on_every_version(version):
    python = interpreter(version)
    failing = invoke(ASYNC_FAILS["async def"], python=python)
    assert [outcome.error_type for outcome in failing] == ["Runtime.MarshalError"] * 2
    assert "was never awaited" in failing[0].stderr
    assert invoke(ASYNC_WORKS["asyncio.run"], python=python)[1].result == {"ok": True}


def _pages():
    """Yield Example and Use instead of each LMB1xx rule page, each with its handler."""
    rules = Path(flake8_lambda_handler.__file__).parent / "rules"
    for path in sorted(rules.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not re.search(r'^CODE = "LMB1\d\d"', text, re.MULTILINE):
            continue
        page = ast.get_docstring(ast.parse(text)) or ""
        sections = [
            re.search(rf"^## {title}\n(.*?)^## ", page, re.S | re.M)[1]
            for title in ("Example", "Use instead")
        ]
        yield pytest.param(*map(_source_and_handler, sections), id=path.stem)


#: An event in which the pages' handlers find what they look for.
EVENT = {"id": "1", "Records": [{"body": "text"}]}


def _source_and_handler(section: str) -> tuple[str, str]:
    """Return the code of a section and what its template, or its name, says to call."""
    source = re.search(r"^```python\n(.*?)^```", section, re.S | re.M)[1]
    named = re.findall(r"^ *Handler: (\S+)$", section, re.M)
    names = re.findall(r"^(?:async )?(?:def )?(\w*handler)\b", source, re.M)
    return source, (named or [f"app.{names[0]}"])[0]


@pytest.mark.parametrize(("example", "cure"), list(_pages()))
def test_page_is_true(example, cure):
    events = [EVENT, EVENT, EVENT]
    source, handler = example
    for outcome in invoke(source, handler=handler, events=events):
        assert outcome.error_type in (
            "Runtime.HandlerNotFound",
            "Runtime.MarshalError",
            "TypeError",
        )
    source, handler = cure
    outcomes = invoke(source, handler=handler, events=events)
    assert outcomes.ok, outcomes


def test_failed_start():
    outcomes = invoke({"app.py": "import nope\n"})
    assert outcomes == ()
    assert outcomes.init_error.error_type == "Runtime.ImportModuleError"
    assert outcomes.exit_code == 1


def test_process_that_ends():
    outcomes = invoke(
        "import sys\ndef lambda_handler(event, context): print(1); sys.exit(3)"
    )
    assert [outcome.payload for outcome in outcomes] == [None]
    assert outcomes[0].stdout == "1\n"
    assert outcomes.exit_code == 3
    assert not outcomes.ok


def test_process_that_hangs_is_ended():
    source = """
        import subprocess, sys
        def lambda_handler(event, context):
            code = "import time; time.sleep(1000)"
            child = subprocess.Popen([sys.executable, "-c", code])
            print("child", child.pid)
            child.wait()
    """
    for seconds in (2, 30):  # a busy machine takes its time to start it
        with pytest.raises(TimeoutError) as raised:
            invoke(source, timeout_seconds=seconds)
        if started := re.search(r"child (\d+)", str(raised.value)):
            break
    child = started[1]
    for _ in range(300):  # a busy machine takes its time to end what is killed
        if has_ended(child):
            break
        time.sleep(0.1)
    assert has_ended(child)


def has_ended(process: str) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rsplit(")", 1)[1].split()[0] == "Z"


def test_output_belongs_to_its_invocation():
    source = """
        import sys
        print("start")
        def lambda_handler(event, context):
            print(event, context.aws_request_id, file=sys.stderr)
            return event
    """
    events = ["one", {"é": 2}]
    outcomes = invoke(source, events=events, environment={"PYTHONUTF8": "1"})
    assert outcomes.stdout == "start\n"
    assert [outcome.stderr.split()[0] for outcome in outcomes] == ["one", "{'é':"]
    assert [outcome.result for outcome in outcomes] == events
    assert outcomes.exit_code is None


def test_folder_and_handler_of_another_name(tmp_path):
    (tmp_path / "lambda").mkdir()
    (tmp_path / "lambda" / "my-app.py").write_text("def main(e, c): return __name__")
    outcomes = invoke(tmp_path, handler="lambda/my-app.main", python=sys.executable)
    assert outcomes[0].result == "lambda.my-app"
