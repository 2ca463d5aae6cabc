"""What migrated handlers do: they fail before and work after, cold and warm."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.migrate.rewriting import dedented
from tests.migrate.rewriting import migrated
from tests.runtime_client import VERSIONS
from tests.runtime_client import interpreter
from tests.runtime_client import invoke
from tests.support import violations

EVENTS = [{"id": 1}, {"id": 2}, {"id": 3}]
HANDLERS = ("app.lambda_handler",)
RESULTS = [{"id": 1}, {"id": 2}, {"id": 3}]

#: Projects whose `app.lambda_handler` gives back the `id` of the event.
EXAMPLES = {
    "nothing awaited": {
        "app.py": """
            async def lambda_handler(event, context):
                return {"id": event["id"]}
        """
    },
    "a loop of its own": {
        "app.py": """
            import asyncio

            async def work(event):
                await asyncio.sleep(0)
                return {"id": event["id"]}

            async def lambda_handler(event, context):
                return asyncio.run(work(event))
        """
    },
    "a coroutine that is returned": {
        "app.py": """
            async def work(event):
                return {"id": event["id"]}

            async def lambda_handler(event, context):
                return work(event)
        """
    },
    "an await": {
        "app.py": """
            async def work(event):
                return {"id": event["id"]}

            async def lambda_handler(event, context):
                '''Doc.'''
                return await work(event)
        """
    },
    "tasks and a timeout": {
        "app.py": """
            import asyncio as aio

            async def work(event):
                await aio.sleep(0.001)
                return event["id"]

            async def lambda_handler(event, context) -> dict:
                task = aio.create_task(work(event))
                done = await aio.gather(task, aio.wait_for(work(event), 5))
                return {"id": done[0]}
        """
    },
    "async with, async for and an async generator": {
        "app.py": """
            import contextlib

            @contextlib.asynccontextmanager
            async def opened():
                yield [1]

            async def rows(event):
                yield event["id"]

            async def lambda_handler(event, context):
                async with opened():
                    async for row in rows(event):
                        return {"id": row}
        """
    },
    "recursion": {
        "app.py": """
            async def lambda_handler(event, context, depth=3):
                if depth:
                    return await lambda_handler(event, context, depth - 1)
                return {"id": event["id"]}
        """
    },
    "defaults and keyword-only parameters": {
        "app.py": """
            import asyncio

            async def lambda_handler(event, /, context=None, *rest, key="id", **more):
                await asyncio.sleep(0)
                return {key: event[key]}
        """
    },
    "a sync decorator of the project": {
        "app.py": """
            from deco import logged

            @logged("orders")
            async def lambda_handler(event, context):
                return await work(event)

            async def work(event):
                return {"id": event["id"]}
        """,
        "deco.py": """
            import functools

            def logged(name):
                def decorate(function):
                    @functools.wraps(function)
                    def wrapper(event, context):
                        result = function(event, context)
                        print(name)
                        return result
                    return wrapper
                return decorate
        """,
    },
    "an async decorator": {
        "app.py": """
            import functools

            def retried(function):
                @functools.wraps(function)
                async def wrapper(event, context):
                    return await function(event, context)
                return wrapper

            @retried
            async def lambda_handler(event, context):
                return {"id": event["id"]}
        """
    },
    "asyncio is another name": {
        "app.py": """
            from work import asyncio

            async def lambda_handler(event, context):
                return await asyncio(event)
        """,
        "work.py": """
            async def asyncio(event):
                return {"id": event["id"]}
        """,
    },
    "asyncio is a parameter": {
        "app.py": """
            import asyncio as _asyncio

            async def lambda_handler(event, context, asyncio=_asyncio):
                await asyncio.sleep(0)
                return {"id": event["id"]}
        """
    },
    "asyncio is imported under __main__ only": {
        "app.py": """
            async def work(event):
                return {"id": event["id"]}

            async def lambda_handler(event, context):
                return await work(event)

            if __name__ == "__main__":
                import asyncio
                print(asyncio.run(lambda_handler({"id": 1}, None)))
        """
    },
    "an alias": {
        "app.py": """
            async def main(event, context):
                return await work(event)

            async def work(event):
                return {"id": event["id"]}

            lambda_handler = main
        """
    },
    "one of two branches": {
        "app.py": """
            import os

            async def work(event):
                return {"id": event["id"]}

            if os.environ:
                async def lambda_handler(event, context):
                    return await work(event)
            else:
                async def lambda_handler(event, context):
                    return await work(None)
        """
    },
    "a re-export": {
        "app.py": """
            from orders import lambda_handler
        """,
        "orders/__init__.py": """
            from .api import lambda_handler

            __all__ = ["lambda_handler"]
        """,
        "orders/api.py": """
            async def lambda_handler(event, context):
                return await work(event)

            async def work(event):
                return {"id": event["id"]}
        """,
        "template.yaml": """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Orders:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: .
                  Handler: app.lambda_handler
                  Runtime: python3.13
        """,
    },
    "a runtime without asyncio.run": {
        "app.py": """
            async def work(event):
                return {"id": event["id"]}

            async def lambda_handler(event, context):
                return await work(event)
        """,
        "template.yaml": """
            Resources:
              Orders:
                Type: AWS::Serverless::Function
                Properties:
                  {CodeUri: ., Handler: app.lambda_handler, Runtime: python3.6}
        """,
    },
    "exceptions pass": {
        "app.py": """
            async def work(event):
                raise LookupError(event["id"])

            async def lambda_handler(event, context):
                try:
                    return await work(event)
                except LookupError as error:
                    return {"id": error.args[0]}
        """
    },
}

PLAIN = """
import json, sys
sys.path.insert(0, "")
import app
print(json.dumps([app.lambda_handler(event, None) for event in {events!r}]))
"""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("files", EXAMPLES.values(), ids=EXAMPLES)
def test_fails_before_and_works_after(files, version):
    python = interpreter(version)
    before = {path: dedented(text) for path, text in files.items()}
    after, refused = migrated(files, handlers=HANDLERS)
    assert refused == []
    for outcome in invoke(before, events=EVENTS, python=python):
        assert outcome.error_type == "Runtime.MarshalError"
    outcomes = invoke(after, events=EVENTS, python=python)
    assert [outcome.result for outcome in outcomes] == RESULTS
    assert "Warning" not in outcomes.stderr


@pytest.mark.parametrize("calls", [2, 3])
@pytest.mark.parametrize("files", EXAMPLES.values(), ids=EXAMPLES)
def test_works_in_plain_python(files, calls, tmp_path):
    before = {path: dedented(text) for path, text in files.items()}
    done = imported_and_called(before, calls, tmp_path / "before")
    assert "Object of type coroutine is not JSON serializable" in done.stderr
    after, _ = migrated(files, handlers=HANDLERS)
    done = imported_and_called(after, calls, tmp_path / "after")
    assert done.stderr == ""
    assert json.loads(done.stdout.splitlines()[-1]) == RESULTS[:calls]


def imported_and_called(files, calls, folder):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return subprocess.run(
        [sys.executable, "-c", PLAIN.format(events=EVENTS[:calls])],
        cwd=folder,
        capture_output=True,
        text=True,
    )


#: A lock of the module, for which somebody has to wait: bound to the first loop.
CONTENDED = {
    "app.py": """
        import asyncio

        LOCK = asyncio.Lock()

        async def work():
            async with LOCK:
                await asyncio.sleep(0.001)

        async def lambda_handler(event, context):
            await asyncio.gather(work(), work())
            return {"id": event["id"]}
    """
}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_loop_serves_what_is_bound_to_it(version):
    python = interpreter(version)
    new, _ = migrated(CONTENDED, "run", handlers=HANDLERS)
    first, second, _ = invoke(new, events=EVENTS, python=python)
    assert first.result == RESULTS[0]
    assert "is bound to a different event loop" in second.error_message
    for strategy in ("auto", "loop"):
        kept, refused = migrated(CONTENDED, strategy, handlers=HANDLERS)
        assert refused == []
        outcomes = invoke(kept, events=EVENTS, python=python)
        assert [outcome.result for outcome in outcomes] == RESULTS


@pytest.mark.parametrize("files", EXAMPLES.values(), ids=EXAMPLES)
def test_no_finding_is_left_and_none_is_new(files):
    before = codes(files)
    assert "LMB101" in before
    after, _ = migrated(files, handlers=HANDLERS)
    assert codes(after) == before - {"LMB101"}


def codes(files):
    return {violation.code for violation in violations(files, handlers=HANDLERS)}


@pytest.mark.parametrize("files", EXAMPLES.values(), ids=EXAMPLES)
def test_a_second_run_changes_nothing(files):
    after, _ = migrated(files, handlers=HANDLERS)
    assert migrated(after, handlers=HANDLERS) == (after, [])
