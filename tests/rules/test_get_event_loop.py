from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import on
from tests.support import violations

MAIN = """
import asyncio

async def main(event=None):
    return {}

"""

#: Each of them raises on every Python version.
BAD = {
    "after an asyncio.run": """
        def lambda_handler(event, context):
            asyncio.run(main(event))
            loop = asyncio.get_event_loop()  # LMB304
            return loop.run_until_complete(main(event))
    """,
    "after an asyncio.run in a helper": """
        def run(coro):
            return asyncio.run(coro)
        def lambda_handler(event, context):
            run(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "in a helper": """
        def drive(coro):
            loop = asyncio.get_event_loop()  # LMB304
            return loop.run_until_complete(coro)
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return drive(main(event))
    """,
    "through the policy": """
        def lambda_handler(event, context):
            asyncio.run(main(event))
            loop = asyncio.get_event_loop_policy().get_event_loop()  # LMB304
            return loop.run_until_complete(main(event))
    """,
    "after an asyncio.run at import": """
        CONFIG = asyncio.run(main())
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()  # LMB304
            return loop.run_until_complete(main(event))
    """,
    "both at import": """
        CONFIG = asyncio.run(main())
        LOOP = asyncio.get_event_loop()  # LMB304
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "before an asyncio.run: the second invocation": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()  # LMB304
            loop.run_until_complete(main(event))
            return asyncio.run(main(event))
    """,
    "before an asyncio.run, behind an early return": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()  # LMB304
            loop.run_until_complete(main(event))
            if not event:
                return {}
            return asyncio.run(main(event))
    """,
    "after the current loop was taken away": """
        def lambda_handler(event, context):
            asyncio.set_event_loop(None)
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "closed as well: it never gets there": """
        def lambda_handler(event, context):
            asyncio.run(main(event))
            loop = asyncio.get_event_loop()  # LMB304
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "on one branch, where both stand": """
        def lambda_handler(event, context):
            if event.get("x"):
                asyncio.run(main(event))
                return asyncio.get_event_loop().run_until_complete(main())  # LMB304
            return {}
    """,
    "default argument": """
        CONFIG = asyncio.run(main())
        def lambda_handler(event, context, loop=asyncio.get_event_loop()):  # LMB304
            return loop.run_until_complete(main(event))
    """,
    "branches of a condition that each event decides": """
        def lambda_handler(event, context):
            if event.get("LAMBDA_TASK_ROOT"):
                return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
            return asyncio.run(main(event))
    """,
    "branches of a global that invocations change": """
        WARM = False
        def lambda_handler(event, context):
            global WARM
            if not WARM:
                WARM = bool(event)
                return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
            return asyncio.run(main(event))
    """,
    "branches of a condition in a helper that its argument decides": """
        def drive(coroutine, fast):
            if fast:
                return asyncio.get_event_loop().run_until_complete(coroutine)  # LMB304
            return asyncio.run(coroutine)
        def lambda_handler(event, context):
            return drive(main(event), event.get("fast"))
    """,
    "another error is caught, by the name of its module": """
        import builtins
        def lambda_handler(event, context):
            asyncio.run(main(event))
            try:
                return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
            except builtins.ValueError:
                return {}
    """,
    "after an asyncio.run at import, whatever the condition": """
        import os
        if os.environ.get("WARM"):
            print(os.environ)
        asyncio.run(main())
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "after a runner in a helper": """
        def load():
            with asyncio.Runner() as runner:
                return runner.run(main())
        def lambda_handler(event, context):
            load()
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "after a runner that returns from its block": """
        def load():
            with asyncio.Runner() as runner:
                if runner.run(main()):
                    return 1
                return 2
        def lambda_handler(event, context):
            load()
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "after a runner that is closed": """
        def lambda_handler(event, context):
            runner = asyncio.Runner()
            runner.run(main(event))
            runner.close()
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "before a runner in a helper: the second invocation": """
        def load():
            with asyncio.Runner() as runner:
                return runner.run(main())
        def lambda_handler(event, context):
            asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
            return load()
    """,
    "after a runner at import": """
        with asyncio.Runner() as runner:
            CONFIG = runner.run(main())
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "after anyio.run": """
        import anyio
        def lambda_handler(event, context):
            anyio.run(main)
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "a loop was set at import, before an asyncio.run": """
        asyncio.set_event_loop(asyncio.new_event_loop())
        def lambda_handler(event, context):
            asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
            return asyncio.run(main(event))
    """,
    "asyncio.run takes the current loop, uvloop or not": """
        import uvloop
        def lambda_handler(event, context):
            uvloop.install()
            asyncio.run(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "by the import, and not in a thread": """
        asyncio.run(main())
        def start():
            asyncio.get_event_loop()  # LMB304
        start()
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
}

GOOD = {
    "no evidence": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            return loop.run_until_complete(main(event))
    """,
    "inside a running loop": """
        async def work():
            loop = asyncio.get_event_loop()
            return await loop.run_in_executor(None, str, 1)
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return asyncio.run(work())
    """,
    "inside a running loop, in a plain helper": """
        def later(function):
            return asyncio.get_event_loop().run_in_executor(None, function)
        async def work():
            return await later(str)
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return asyncio.run(work())
    """,
    "the error is caught": """
        def lambda_handler(event, context):
            asyncio.run(main(event))
            try:
                loop = asyncio.get_event_loop()
            except RuntimeError:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            return loop.run_until_complete(main(event))
    """,
    "the error is caught by the caller": """
        def find():
            return asyncio.get_event_loop()
        def lambda_handler(event, context):
            asyncio.run(main(event))
            try:
                loop = find()
            except Exception:
                return {}
            return loop.run_until_complete(main(event))
    """,
    "a loop was set": """
        def lambda_handler(event, context):
            asyncio.run(main(event))
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            try:
                return asyncio.get_event_loop().run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "one or the other": """
        import sys
        def lambda_handler(event, context):
            if sys.version_info >= (3, 7):
                return asyncio.run(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "on branches of one if": """
        def lambda_handler(event, context):
            if event.get("x"):
                return asyncio.run(main(event))
            else:
                return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "asyncio.run under __main__": """
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
        if __name__ == "__main__":
            asyncio.run(main())
    """,
    "asyncio.run in a function that nobody calls": """
        def cli():
            asyncio.run(main())
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "asyncio.run in another thread": """
        from concurrent.futures import ThreadPoolExecutor
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                pool.submit(asyncio.run, main(event)).result()
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "a policy of somebody's own": """
        from vendor import Policy
        asyncio.run(main())
        asyncio.set_event_loop_policy(Policy())
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "branches of a condition that is constant for a process": """
        import os
        def lambda_handler(event, context):
            if os.getenv("LAMBDA_TASK_ROOT"):
                return asyncio.get_event_loop().run_until_complete(main(event))
            return asyncio.run(main(event))
    """,
    "branches of a constant that the module has": """
        import os
        LOCAL = os.environ.get("STAGE", "local") == "local"
        def lambda_handler(event, context):
            if not LOCAL:
                loop = asyncio.get_event_loop()
                return loop.run_until_complete(main(event))
            return asyncio.run(main(event))
    """,
    "branches of a condition in a helper": """
        import os
        def drive(coroutine):
            if "AWS_EXECUTION_ENV" in os.environ:
                return asyncio.get_event_loop().run_until_complete(coroutine)
            return asyncio.run(coroutine)
        def lambda_handler(event, context):
            return drive(main(event))
    """,
    "the error is caught, by the name of its module": """
        import builtins
        def lambda_handler(event, context):
            asyncio.run(main(event))
            try:
                return asyncio.get_event_loop().run_until_complete(main(event))
            except builtins.RuntimeError:
                return {}
    """,
    "after an asyncio.run at import, perhaps": """
        import os
        if os.environ.get("WARM"):
            asyncio.run(main())
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "in the block of a runner": """
        def lambda_handler(event, context):
            with asyncio.Runner() as runner:
                runner.run(main(event))
                return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "after a runner with a factory, which sets no loop": """
        def lambda_handler(event, context):
            with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
                runner.run(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "after a kept runner, whose loop stays": """
        RUNNER = asyncio.Runner()  # LMB301
        def lambda_handler(event, context):
            RUNNER.run(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "after a runner, a loop is set": """
        def load():
            with asyncio.Runner() as runner:
                return runner.run(main())
        def lambda_handler(event, context):
            load()
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            try:
                return asyncio.get_event_loop().run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "a runner that only a script runs": """
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
        if __name__ == "__main__":
            with asyncio.Runner() as runner:
                runner.run(main())
    """,
    "after anyio.run with options that choose the loop": """
        import anyio
        OPTIONS = {"loop_factory": asyncio.new_event_loop}
        def lambda_handler(event, context):
            anyio.run(main, backend_options=OPTIONS)
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "a loop was set at import, and another one for each asyncio.run": """
        asyncio.set_event_loop(asyncio.new_event_loop())  # LMB301
        def lambda_handler(event, context):
            asyncio.get_event_loop().run_until_complete(main(event))
            asyncio.run(main(event))
            asyncio.set_event_loop(asyncio.new_event_loop())
    """,
    "uvloop.run leaves the current loop": """
        import uvloop
        def lambda_handler(event, context):
            uvloop.run(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "in a thread that the import starts": """
        import threading
        asyncio.run(main())
        def start():
            asyncio.get_event_loop()
        threading.Thread(target=start).start()
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB304" in source
    assert_marked(on("python3.13", MAIN + textwrap.dedent(source)))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB304" not in source
    assert_marked(on("python3.13", MAIN + textwrap.dedent(source)))


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.lambda_handler
      Runtime: {runtime}
      CodeUri: .
"""

IN_HANDLER = """
def lambda_handler(event, context):
    return asyncio.get_event_loop().run_until_complete(main(event)){mark}
"""
AT_IMPORT = """
LOOP = asyncio.get_event_loop(){mark}

def lambda_handler(event, context):
    return LOOP.run_until_complete(main(event))
"""
SET_BEFORE = """
def lambda_handler(event, context):
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return asyncio.get_event_loop().run_until_complete(main(event)){mark}
    finally:
        loop.close()
"""
SET_AT_IMPORT = """
asyncio.set_event_loop(asyncio.new_event_loop()){mark}

def lambda_handler(event, context):
    return asyncio.get_event_loop().run_until_complete(main(event))
"""
CAUGHT = """
def lambda_handler(event, context):
    try:
        loop = asyncio.get_event_loop(){mark}
    except RuntimeError:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop.run_until_complete(main(event))
"""

#: Python 3.14 was not run: python/cpython pull request 126354 says what it does.
DECLARED = {
    "python3.14, in the handler": ("python3.14", IN_HANDLER, "LMB304"),
    "python3.14, at import": ("python3.14", AT_IMPORT, "LMB304"),
    "python3.15, in the handler": ("python3.15", IN_HANDLER, "LMB304"),
    "python3.13, in the handler": ("python3.13", IN_HANDLER, None),
    "python3.13, at import": ("python3.13", AT_IMPORT, "LMB301"),
    "python3.14, a loop was set": ("python3.14", SET_BEFORE, None),
    "python3.14, a loop was set at import": ("python3.14", SET_AT_IMPORT, "LMB301"),
    "python3.14, the error is caught": ("python3.14", CAUGHT, None),
}


@pytest.mark.parametrize("runtime, source, code", DECLARED.values(), ids=DECLARED)
def test_declared_runtime(runtime, source, code):
    mark = f"  # {code}" if code else ""
    assert_marked(
        {
            "template.yaml": TEMPLATE.format(runtime=runtime),
            "app.py": MAIN + source.replace("{mark}", mark),
        }
    )


MESSAGES = {
    "after an asyncio.run": (
        "`asyncio.get_event_loop()` finds no event loop after `asyncio.run` (line 9), "
        "which leaves none; every invocation raises RuntimeError: There is no current "
        "event loop; use `asyncio.run(...)`"
    ),
    "after an asyncio.run at import": (
        "`asyncio.get_event_loop()` finds no event loop after `asyncio.run` (line 8), "
        "which leaves none; every invocation raises RuntimeError: There is no current "
        "event loop; use `asyncio.run(...)`"
    ),
    "both at import": (
        "`asyncio.get_event_loop()` finds no event loop after `asyncio.run` (line 8), "
        "which leaves none; the import raises RuntimeError: There is no current "
        "event loop; use `asyncio.run(...)`"
    ),
    "before an asyncio.run: the second invocation": (
        "`asyncio.get_event_loop()` finds no event loop after `asyncio.run` (line 11), "
        "which leaves none; the second invocation raises RuntimeError: There is no current "
        "event loop; use `asyncio.run(...)`"
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(MAIN.lstrip("\n") + "\n" + textwrap.dedent(BAD[name]))
    assert found.text == MESSAGES[name]


def test_message_names_the_declared_runtime():
    (found,) = violations(
        {
            "template.yaml": TEMPLATE.format(runtime="python3.14"),
            "app.py": MAIN + IN_HANDLER.format(mark=""),
        }
    )
    assert found.text == (
        "`asyncio.get_event_loop()` finds no event loop on python3.14 (template.yaml:7); "
        "every invocation raises RuntimeError: There is no current event loop; use "
        "`asyncio.run(...)`"
    )


def test_message_names_the_newest_runtime():
    (found,) = violations(MAIN + IN_HANDLER.format(mark=""))
    assert found.text == (
        "`asyncio.get_event_loop()` finds no event loop on python3.14, the newest runtime; "
        "every invocation raises RuntimeError: There is no current event loop; use "
        "`asyncio.run(...)`"
    )


#: No runtime is declared, or none that AWS supports: the newest one counts.
BAD_ON_THE_NEWEST = {
    "in the handler": IN_HANDLER.replace("{mark}", "  # LMB304"),
    "at import: the loop that it does not find is not kept": AT_IMPORT.replace(
        "{mark}", "  # LMB304"
    ),
    "through the policy": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop_policy().get_event_loop()  # LMB304
            return loop.run_until_complete(main(event))
    """,
    "in a helper": """
        def drive(coro):
            return asyncio.get_event_loop().run_until_complete(coro)  # LMB304
        def lambda_handler(event, context):
            return drive(main(event))
    """,
    "before a gather on that loop": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()  # LMB304
            return loop.run_until_complete(asyncio.gather(main(1), main(2)))
    """,
    "a loop is set too late": """
        def lambda_handler(event, context):
            old = asyncio.get_event_loop()  # LMB304
            asyncio.set_event_loop(old)
            return old.run_until_complete(main(event))
    """,
    "on a branch": """
        def lambda_handler(event, context):
            if event:
                return asyncio.get_event_loop().run_until_complete(main())  # LMB304
            return None
    """,
    "closed: up to Python 3.13 that is what breaks": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()  # LMB304
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()  # LMB302
    """,
    "after an asyncio.run: that is what breaks, on all runtimes": """
        def lambda_handler(event, context):
            asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
            return asyncio.run(main(event))
    """,
    "something else is made at import": """
        LOCK = asyncio.Lock()
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
    "at import, and again in the handler": """
        LOOP = asyncio.get_event_loop()  # LMB304
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "perhaps at import, and again in the handler": """
        if MAIN:
            LOOP = asyncio.get_event_loop()  # LMB304
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))  # LMB304
    """,
}

GOOD_ON_THE_NEWEST = {
    "in a coroutine": """
        async def start():
            return await asyncio.get_event_loop().run_in_executor(None, print)
        def lambda_handler(event, context):
            return asyncio.run(start())
    """,
    "a loop was set at import, in a function": """
        def prepare():
            asyncio.set_event_loop(asyncio.new_event_loop())  # LMB301
        prepare()
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "the policy is somebody else's": """
        import uvloop
        uvloop.install()
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "nest_asyncio makes one": """
        import nest_asyncio
        nest_asyncio.apply()
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "by the version of Python": """
        import sys
        def lambda_handler(event, context):
            if sys.version_info < (3, 14):
                loop = asyncio.get_event_loop()
            else:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            return loop.run_until_complete(main(event))
    """,
    "behind a return, by the version of Python": """
        import sys
        def drive(coro):
            if sys.version_info >= (3, 14):
                return asyncio.run(coro)
            return asyncio.get_event_loop().run_until_complete(coro)
        def lambda_handler(event, context):
            return drive(main(event))
    """,
    "a new loop for want of one": """
        def lambda_handler(event, context):
            try:
                loop = asyncio.get_event_loop()
            except RuntimeError:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            return loop.run_until_complete(main(event))
    """,
    "only a script comes there": """
        def lambda_handler(event, context):
            return asyncio.run(main(event))
        if __name__ == "__main__":
            asyncio.get_event_loop().run_until_complete(main({}))
    """,
    "a plain function that only coroutines call": """
        def now():
            return asyncio.get_event_loop().time()
        async def start():
            return now()
        def lambda_handler(event, context):
            return asyncio.run(start())
    """,
    "something else is made at import, and a loop of its own is run": """
        LOCK = asyncio.Lock()
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "made at import, and run in the handler": """
        LOOP = asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "perhaps made at import, and another one run in the handler": """
        if MAIN:
            LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
}


def test_tables_of_the_newest_are_of_one_size():
    assert len(BAD_ON_THE_NEWEST) == len(GOOD_ON_THE_NEWEST)


@pytest.mark.parametrize("source", BAD_ON_THE_NEWEST.values(), ids=BAD_ON_THE_NEWEST)
def test_bad_on_the_newest(source):
    assert "LMB304" in source
    source = MAIN + textwrap.dedent(source)
    assert_marked(source)
    # What AWS does not support any more says nothing of the next deployment.
    unsupported = violations(on("python3.10", source))
    assert violations(source) == [one for one in unsupported if one.path == "app.py"]


@pytest.mark.parametrize("source", GOOD_ON_THE_NEWEST.values(), ids=GOOD_ON_THE_NEWEST)
def test_good_on_the_newest(source):
    assert "LMB304" not in source
    assert_marked(MAIN + textwrap.dedent(source))


def test_a_supported_runtime_counts():
    old = on("python3.8", MAIN + IN_HANDLER.format(mark=""))
    supported = on("python3.12", old["app.py"])["template.yaml"]
    assert [one.code for one in violations(old)] == ["LMB304", "LMB501"]
    assert violations({**old, "template.yaml": supported}) == []


def test_one_branch_of_the_runtime_is_enough():
    template = """
        Transform: AWS::Serverless-2016-10-31
        Conditions: {New: !Equals [a, b]}
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              Handler: app.lambda_handler
              Runtime: !If [New, python3.14, python3.13]
              CodeUri: .
    """
    source = MAIN + IN_HANDLER.format(mark="  # LMB304")
    assert_marked({"template.yaml": template, "app.py": source})


@pytest.mark.parametrize(
    "path, line",
    [
        ("config.py", "import config"),
        ("config.py", "from config import CONFIG"),
        ("config.py", "if asyncio: import config"),
        ("settings/config.py", "from settings import config"),
        ("settings/config.py", "import settings.config"),
    ],
)
def test_asyncio_run_in_an_imported_module(path, line):
    files = {
        path: """
            import asyncio

            async def load():
                return {}

            CONFIG = asyncio.run(load())
        """,
        "settings/__init__.py": "",
        "app.py": f"""
            import asyncio
            {line}

            async def main():
                return {{}}

            def lambda_handler(event, context):
                return asyncio.get_event_loop().run_until_complete(main())  # LMB304
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert f"after `asyncio.run` ({path}:6)" in found.text


def test_fetched_in_another_file_is_reported_at_the_call_that_leads_there():
    files = {
        "aio.py": """
            import asyncio

            def run(coro):
                return asyncio.get_event_loop().run_until_complete(coro)
        """,
        "app.py": """
            import asyncio
            from aio import run

            async def main():
                return {}

            def lambda_handler(event, context):
                asyncio.run(main())
                return run(main())  # LMB304
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith("`asyncio.get_event_loop()` (aio.py:4) finds no")
