"""Async handlers under decorators: LMB101 at the `def`, unless something runs them.

Each source is run as well: a handler that is reported never runs its body.
"""

from __future__ import annotations

import contextlib
import gc
import textwrap
import warnings

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """\
import asyncio
import contextlib
import functools
import inspect
import json
import logging
import time

logger = logging.getLogger(__name__)
RAN = []

"""

HANDLER = """

@decorated
async def lambda_handler(event, context):{}
    RAN.append(event)
    return {{"statusCode": 200}}
"""

BY_HAND = """

async def main(event, context):
    RAN.append(event)
    return {{"statusCode": 200}}

lambda_handler = decorated(main){}
"""

#: Decorators called `decorated` that do not run what they decorate.
BAD = {
    "returns what it gives": """
        def decorated(function):
            def wrapper(event, context):
                return function(event, context)
            return wrapper
    """,
    "tries several times": """
        def decorated(function):
            @functools.wraps(function)
            def wrapper(event, context):
                for attempt in range(3):
                    try:
                        return function(event, context)
                    except ValueError:
                        time.sleep(attempt)
                raise RuntimeError("too often")
            return wrapper
    """,
    "catches errors around it": """
        def decorated(function):
            @functools.wraps(function)
            def wrapper(event, context):
                try:
                    result = function(event, context)
                except Exception as error:
                    logger.exception("failed")
                    return {"statusCode": 500, "body": str(error)}
                return result
            return wrapper
    """,
    "measures the time": """
        def decorated(function):
            def wrapper(event, context):
                start = time.monotonic()
                result = function(event, context)
                logger.info("took %s", time.monotonic() - start)
                return result
            return wrapper
    """,
    "validates, and returns what it gives": """
        def decorated(function):
            def wrapper(event, context):
                if "body" not in event:
                    return {"statusCode": 400}
                return function(event, context)
            return wrapper
    """,
    "drops it": """
        def decorated(function):
            def wrapper(event, context):
                function(event, context)
                return {"statusCode": 200}
            return wrapper
    """,
    "asks for something else": """
        def decorated(function):
            if inspect.isgeneratorfunction(function):
                return functools.partial(list, function)
            def wrapper(event, context):
                return function(event, context)
            return wrapper
    """,
    "two of them": """
        def logged(function):
            def wrapper(event, context):
                result = function(event, context)
                logger.info("done")
                return result
            return wrapper

        def guarded(function):
            def wrapper(event, context):
                try:
                    return function(event, context)
                except ValueError:
                    return {"statusCode": 400}
            return wrapper

        def decorated(function):
            return logged(guarded(function))
    """,
    "runs a function that is not async": """
        def decorated(function):
            if not asyncio.iscoroutinefunction(function):
                return function
            def wrapper(event, context):
                return function(event, context)
            return wrapper
    """,
    "with options": """
        def retried(times):
            def decorator(function):
                def wrapper(*args, **kwargs):
                    for _ in range(times):
                        return function(*args, **kwargs)
                return wrapper
            return decorator

        decorated = retried(3)
    """,
    "an object that hands it on": """
        class decorated:
            def __init__(self, function):
                functools.update_wrapper(self, function)
                self.function = function

            def __call__(self, *args, **kwargs):
                result = self.function(*args, **kwargs)
                logger.info("done")
                return result
    """,
    "an object with options": """
        class retried:
            def __init__(self, times):
                self.times = times

            def __call__(self, function):
                def wrapper(*args, **kwargs):
                    for _ in range(self.times):
                        return function(*args, **kwargs)
                return wrapper

        decorated = retried(3)
    """,
    "what a context manager does around it": """
        @contextlib.contextmanager
        def span(name):
            yield logger.info(name)

        decorated = span("orders")
    """,
    "what a class of context managers does around it": """
        class Span(contextlib.ContextDecorator):
            def __enter__(self):
                return self

            def __exit__(self, *exception):
                logger.info("done")

        decorated = Span()
    """,
    "returns what another function gets of it": """
        def called(function, *args):
            return function(*args)

        def decorated(function):
            def wrapper(event, context):
                return called(function, event, context)
            return wrapper
    """,
}

#: Decorators that run what they decorate, or may.
GOOD = {
    "runs it": """
        def decorated(function):
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper
    """,
    "runs it if it is async": """
        def decorated(function):
            @functools.wraps(function)
            def wrapper(event, context):
                if inspect.iscoroutinefunction(function):
                    return asyncio.run(function(event, context))
                return function(event, context)
            return wrapper
    """,
    "asks once, when it decorates": """
        def decorated(function):
            if asyncio.iscoroutinefunction(function):
                def wrapper(event, context):
                    return asyncio.run(function(event, context))
            else:
                def wrapper(event, context):
                    return function(event, context)
            return wrapper
    """,
    "runs what it got if that is a coroutine": """
        def decorated(function):
            def wrapper(event, context):
                result = function(event, context)
                if inspect.iscoroutine(result):
                    result = asyncio.run(result)
                return result
            return wrapper
    """,
    "runs whatever can be awaited": """
        def decorated(function):
            def wrapper(event, context):
                result = function(event, context)
                return asyncio.run(result) if inspect.isawaitable(result) else result
            return wrapper
    """,
    "on a loop of its own": """
        def decorated(function):
            def wrapper(event, context):
                loop = asyncio.new_event_loop()
                try:
                    return loop.run_until_complete(function(event, context))
                finally:
                    loop.close()
            return wrapper
    """,
    "catches errors around the run": """
        def decorated(function):
            def wrapper(event, context):
                try:
                    return asyncio.run(function(event, context))
                except ValueError as error:
                    return {"statusCode": 400, "body": str(error)}
            return wrapper
    """,
    "an async decorator below one that runs it": """
        def logged(function):
            async def wrapper(event, context):
                result = await function(event, context)
                logger.info("done")
                return result
            return wrapper

        def running(function):
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper

        def decorated(function):
            return running(logged(function))
    """,
    "gives it to another thread": """
        from concurrent.futures import ThreadPoolExecutor

        def decorated(function):
            def wrapper(event, context):
                with ThreadPoolExecutor() as pool:
                    return pool.submit(asyncio.run, function(event, context)).result()
            return wrapper
    """,
    "an instance that runs it": """
        class decorated:
            def __init__(self, function):
                self.function = function

            def __call__(self, event, context):
                return asyncio.run(self.function(event, context))
    """,
    "an object that runs what it got if that is a coroutine": """
        class decorated:
            def __init__(self, function):
                functools.update_wrapper(self, function)
                self.function = function

            def __call__(self, *args, **kwargs):
                result = self.function(*args, **kwargs)
                if inspect.isawaitable(result):
                    return asyncio.run(result)
                return result
    """,
    "an object with options that runs it": """
        class running:
            def __init__(self, debug):
                self.debug = debug

            def __call__(self, function):
                def wrapper(*args, **kwargs):
                    return asyncio.run(function(*args, **kwargs), debug=self.debug)
                return wrapper

        decorated = running(False)
    """,
    "what a context manager does around what runs it": """
        @contextlib.contextmanager
        def span(name):
            yield logger.info(name)

        def decorated(function):
            @span("orders")
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper
    """,
    "a class of context managers with a call of its own": """
        class Span(contextlib.ContextDecorator):
            def __enter__(self):
                return self

            def __exit__(self, *exception):
                logger.info("done")

            def __call__(self, function):
                def wrapper(event, context):
                    with self:
                        return asyncio.run(function(event, context))
                return wrapper

        decorated = Span()
    """,
    "runs it, and calls itself for what is no event": """
        def decorated(function):
            def wrapper(event, context):
                if event is None:
                    return wrapper({}, context)
                return asyncio.run(function(event, context))
            return wrapper
    """,
}


def source(text, mark=""):
    return HEAD + textwrap.dedent(text) + HANDLER.format(mark)


def runs(text):
    """Return whether the body of a handler runs when Lambda calls it."""
    names = {"__name__": "app"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "app.py", "exec"), names)
        with contextlib.suppress(RuntimeError):
            names["lambda_handler"]({"body": ""}, None)
        gc.collect()
    return bool(names["RAN"])


def test_as_many_good_as_bad():
    assert len(GOOD) == len(BAD)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_reported_at_its_def(text):
    assert not runs(source(text))
    found = [one for one in violations(source(text)) if one.code != "LMB201"]
    line = source(text).split("\n").index("async def lambda_handler(event, context):")
    assert [(one.code, one.line) for one in found] == [("LMB101", line + 1)]
    # What `contextlib` makes is the function that it decorates, in a `with`.
    assert ("`decorated`" in found[0].text) is ("contextlib" not in text)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_reported_where_it_is_called_by_hand(text):
    """`lambda_handler = decorated(main)` is told there, in the same words."""
    by_hand = HEAD + textwrap.dedent(text) + BY_HAND.format("  # LMB101")
    assert not runs(by_hand)
    assert "LMB202" not in {one.code for one in violations(by_hand)}
    found = [one for one in violations(by_hand) if one.code != "LMB201"]
    line = by_hand.split("\n").index("lambda_handler = decorated(main)  # LMB101")
    assert [(one.code, one.line) for one in found] == [("LMB101", line + 1)]


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_silent(text):
    for whole in (source(text), HEAD + textwrap.dedent(text) + BY_HAND.format("")):
        assert runs(whole)
        assert_marked(whole)


UNKNOWN = """\
from vendor import decorated


@decorated
async def lambda_handler(event, context):
    return {"statusCode": 200}
"""


def test_unknown_decorator_is_silent():
    assert_marked(UNKNOWN)


#: What the objects of Powertools put around a handler, from wherever they are imported.
POWERTOOLS = [
    (module, name, method)
    for part, name, methods in [
        ("logging", "Logger", ["inject_lambda_context"]),
        ("metrics", "Metrics", ["log_metrics"]),
        ("tracing", "Tracer", ["capture_lambda_handler", "capture_method"]),
    ]
    for module in ("aws_lambda_powertools", f"aws_lambda_powertools.{part}")
    for method in methods
]


@pytest.mark.parametrize("module, name, method", POWERTOOLS)
def test_objects_of_powertools_change_no_response(module, name, method):
    assert_marked(
        f"""
        from {module} import {name}
        tool = {name}()

        @tool.{method}
        def lambda_handler(event, context):
            return {{1}}  # LMB401

        @tool.{method}(raise_on_empty_metrics=True)
        def other_handler(event, context):
            return {{1}}  # LMB401

        @tool.{method}
        def good_handler(event, context):
            return [1]
        """
    )
