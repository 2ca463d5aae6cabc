from __future__ import annotations

from unittest import mock

import pytest

from flake8_lambda_handler.flow import limits
from tests.support import assert_marked
from tests.support import violations

GOOD = {
    "sync": """
        def lambda_handler(event, context):
            return {}
    """,
    "driven below": """
        import asyncio

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))

        async def _lambda_handler(event, context):
            return {}
    """,
    "one letter and an underscore: a callback": """
        async def error_handler(e, _):
            return {}
    """,
    "an underscore and a word: a callback": """
        async def error_handler(_, error):
            return {}
    """,
    "the last binding is sync": """
        async def lambda_handler(event, context):
            return {}

        def lambda_handler(event, context):
            return {}
    """,
    "a decorator of the project drives it": """
        import asyncio
        import functools

        def sync(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return asyncio.run(function(*args, **kwargs))
            return wrapper

        @sync
        async def lambda_handler(event, context):
            return {}
    """,
    "a decorator of the project drives it on a loop": """
        import asyncio

        def sync(function):
            def wrapper(event, context):
                loop = asyncio.new_event_loop()
                try:
                    return loop.run_until_complete(function(event, context))
                finally:
                    loop.close()
            return wrapper

        @sync
        async def lambda_handler(event, context):
            return {}
    """,
    "an unknown decorator may drive it": """
        from vendor import sync

        @sync
        async def lambda_handler(event, context):
            return {}
    """,
    "asgiref drives it": """
        from asgiref.sync import async_to_sync

        @async_to_sync
        async def lambda_handler(event, context):
            return {}
    """,
    "not a handler's parameters": """
        async def handler(websocket, path):
            await websocket.send("x")
    """,
    "awaited in its own module": """
        async def handler(event, context):
            return {}

        async def main():
            await handler({}, None)
    """,
    "driven by a sync twin": """
        import asyncio

        async def handler(event, context):
            return {}

        def lambda_handler(event, context):
            return asyncio.run(handler(event, context))
    """,
    "handed on by name": """
        from somewhere import register

        async def message_handler(event, context):
            return {}

        register(message_handler)
    """,
    "a method": """
        class App:
            async def lambda_handler(self, event, context):
                return {}
    """,
    "a nested function": """
        def make():
            async def lambda_handler(event, context):
                return {}
            return lambda_handler
    """,
    "a test": {
        "tests/test_app.py": """
            async def lambda_handler(event, context):
                return {}
        """
    },
    "a test by content": """
        import pytest

        async def lambda_handler(event, context):
            return {}
    """,
    "another cloud": '''
        """Function for Yandex Cloud."""

        async def handler(event, context):
            return {}
    ''',
    "a bot": """
        from telegram.ext import Application

        async def start_handler(event, context):
            return {}
    """,
    "annotated for another framework": """
        import azure.functions as func

        async def handler(event: func.EventGridEvent, context: func.Context):
            return {}
    """,
    "another module awaits it": {
        "routes.py": """
            async def handler(event, context):
                return {}
        """,
        "main.py": """
            from routes import handler

            async def dispatch(event):
                return await handler(event, None)
        """,
    },
    "a decorator factory": """
        def lambda_handler(func):
            async def wrapper(event, context):
                return await func(event, context)
            return wrapper
    """,
    "a logging handler": """
        import logging

        handler = logging.StreamHandler()
    """,
    "an adapter": """
        from mangum import Mangum

        async def app(scope, receive, send):
            pass

        handler = Mangum(app)
    """,
    "middleware of Powertools that drives": """
        import asyncio

        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator
        def processor(handler, event, context, limit=1):
            return asyncio.run(handler(event, context))

        @processor(limit=2)
        async def lambda_handler(event, context):
            return {}
    """,
    "middleware of Powertools with options": """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator
        def processor(handler, event, context, limit=1):
            return handler(event, context)

        @processor(limit=2)
        def lambda_handler(event, context):
            return {}
    """,
    "an object whose call is async, and has parameters of other code": """
        class App:
            async def __call__(self, scope, receive, send):
                return {}
        order_handler = App()
    """,
    "an object whose call is async, that the file awaits": """
        class Worker:
            async def __call__(self, event, context):
                return {}
        order_handler = Worker()
        async def main():
            return await order_handler({}, None)
    """,
}

BAD = {
    "plain": """
        async def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "the short name": """
        async def handler(event, context):  # LMB101
            return {}
    """,
    "one letter and a word": """
        async def orders_handler(e, context):  # LMB101
            return {}
    """,
    "a word and an underscore": """
        async def orders_handler(event, _):  # LMB101
            return {}
    """,
    "with a suffix, parameters unused": """
        async def orders_handler(_event, _context):  # LMB101
            return {}
    """,
    "the last binding is async": """
        def lambda_handler(event, context):
            return {}

        async def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "defined under a condition": """
        import sys

        if sys.version_info >= (3, 11):
            async def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "decorated by Powertools: reported at def, not at the decorator": """
        from aws_lambda_powertools import Logger
        from aws_lambda_powertools import Tracer

        logger = Logger()
        tracer = Tracer()

        @logger.inject_lambda_context(log_event=True)
        @tracer.capture_lambda_handler
        async def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "Powertools' event_source": """
        from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source

        @event_source(data_class=SQSEvent)
        async def lambda_handler(event: SQSEvent, context):  # LMB101
            return {}
    """,
    "a passive decorator of the project": """
        import functools

        def logged(function):
            @functools.wraps(function)
            def wrapper(event, context):
                print("start")
                return function(event, context)
            return wrapper

        @logged
        async def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "an async wrapper around a sync function": """
        def timed(function):
            async def wrapper(event, context):
                return function(event, context)
            return wrapper

        @timed
        def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "a decorator factory of the project, in another module": {
        "app.py": """
            from middleware import retry

            @retry(times=3)
            async def lambda_handler(event, context):  # LMB101
                return {}
        """,
        "middleware.py": """
            from functools import wraps

            def retry(times):
                def decorator(function):
                    @wraps(function)
                    async def wrapper(*args, **kwargs):
                        for _ in range(times):
                            try:
                                return await function(*args, **kwargs)
                            except ValueError:
                                pass
                    return wrapper
                return decorator
        """,
    },
    "a sync decorator around an async one": """
        def logged(function):
            def wrapper(event, context):
                return function(event, context)
            return wrapper

        def timed(function):
            async def wrapper(event, context):
                return await function(event, context)
            return wrapper

        @logged
        @timed
        async def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "a sync decorator around an async one around a sync function": """
        def logged(function):
            def wrapper(event, context):
                return function(event, context)
            return wrapper

        def timed(function):
            async def wrapper(event, context):
                return function(event, context)
            return wrapper

        @logged
        @timed
        def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "an alias": """
        async def main(event, context):
            return {}

        lambda_handler = main  # LMB101
    """,
    "a partial": """
        import functools

        async def main(table, event, context):
            return {}

        lambda_handler = functools.partial(main, "orders")  # LMB101
    """,
    "a bound method": """
        class Service:
            async def handle(self, event, context):
                return {}

        lambda_handler = Service().handle  # LMB101
    """,
    "a lambda expression in between is not the handler's own": """
        async def lambda_handler(event, context):  # LMB101
            return {}

        other = lambda event: event
    """,
    "annotated": """
        from typing import Any, Dict
        from aws_lambda_powertools.utilities.typing import LambdaContext

        async def handler(event: Dict[str, Any], context: LambdaContext) -> dict:  # LMB101
            return {}
    """,
    "named like a local variable elsewhere": """
        async def lambda_handler(event, context):  # LMB101
            return {}

        def other():
            lambda_handler = 1
            return lambda_handler
    """,
    "async middleware of Powertools, with options": """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator
        async def processor(handler, event, context, limit=1):
            return handler(event, context)

        @processor(limit=2)
        def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "async handler under a middleware of Powertools": """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator
        def processor(handler, event, context, limit=1):
            return handler(event, context)

        @processor(limit=2)
        async def lambda_handler(event, context):  # LMB101
            return {}
    """,
    "an object whose call is async": """
        class Worker:
            async def __call__(self, event, context):
                return {}
        order_handler = Worker()  # LMB101
    """,
    "an object that is the decorator, with parameters of any kind": """
        class Timed:
            def __init__(self, function):
                self.function = function
            def __call__(self, *args, **kwargs):
                return self.function(*args, **kwargs)
        @Timed
        async def order_handler(event, context):  # LMB101
            return {}
    """,
    "decorated by a logger of Powertools' own module": """
        from aws_lambda_powertools.logging import Logger
        logger = Logger()
        @logger.inject_lambda_context
        async def lambda_handler(event, context):  # LMB101
            return {}
    """,
}

DECLARED = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      CodeUri: src/
      Handler: {handler}
"""


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(source)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB101" in str(source)
    assert_marked(source)


NEVER = "; Lambda does not await it, so its body never runs"
ENDS = " and the call ends in Runtime.MarshalError"
CURE = "; use `asyncio.run(...)` in a `def`"
MESSAGES = {
    "a coroutine function": (
        "async def lambda_handler(event, context): ...\n",
        (1, "`async def`" + NEVER + ENDS + CURE),
    ),
    "one that a decorator passes on, which may answer something else": (
        "def logged(function):\n"
        "    def wrapper(event, context):\n"
        "        print(function(event, context))\n"
        "    return wrapper\n"
        "@logged\n"
        "async def lambda_handler(event, context): ...\n",
        (6, "`async def`, and `logged` does not run it" + NEVER + CURE),
    ),
    "another name for one": (
        "async def main(event, context): ...\nlambda_handler = main\n",
        (2, "a coroutine function, `main` (line 1)" + NEVER + ENDS + CURE),
    ),
    "one of two, between which the environment chooses": (
        "import os\n"
        "async def one(event, context): ...\n"
        "async def two(event, context): ...\n"
        "JOBS = {'one': one, 'two': two}\n"
        "lambda_handler = JOBS[os.environ['JOB']]\n",
        (5, "a coroutine function" + NEVER + ENDS + CURE),
    ),
}


@pytest.mark.parametrize("source, expected", MESSAGES.values(), ids=MESSAGES)
def test_message(source, expected):
    line, text = expected
    assert violations(source) == [
        ("app.py", line, 0, "LMB101", f"handler `lambda_handler` is {text}")
    ]


TEMPLATE_GOOD = {
    "another function of the folder is not guessed": (
        "app.main",
        {
            "src/app.py": "def main(event, context): return {}\n",
            "src/other.py": "async def handler(event, context): return {}\n",
        },
    ),
    "the unused parameters do not matter": (
        "app.main",
        {"src/app.py": "def main(a, b, c=None): return {}\n"},
    ),
    "ambiguous": (
        "jobs.app.main",
        {
            "one/jobs/app.py": "async def main(event, context): return {}\n",
            "two/jobs/app.py": "async def main(event, context): return {}\n",
        },
    ),
}

TEMPLATE_BAD = {
    "any name": (
        "app.main",
        {"src/app.py": "async def main(e, c): return {}  # LMB101\n"},
    ),
    "slashes": (
        "pkg/app.main",
        {"src/pkg/app.py": "async def main(e, c): return {}  # LMB101\n"},
    ),
    "a package": (
        "pkg.main",
        {"src/pkg/__init__.py": "async def main(e, c): return {}  # LMB101\n"},
    ),
    "a re-export is reported where it is defined": (
        "pkg.main",
        {
            "src/pkg/__init__.py": "from .impl import main\n",
            "src/pkg/impl.py": "async def main(e, c): return {}  # LMB101\n",
        },
    ),
    "an alias in the module": (
        "app.main",
        {
            "src/app.py": "from impl import work\n\nmain = work  # LMB101\n",
            "src/impl.py": "async def work(e, c): return {}\n",
        },
    ),
    "an instance": (
        "app.main",
        {
            "src/app.py": (
                "class App:\n"
                "    async def __call__(self, event, context): return {}\n"
                "main = App()  # LMB101\n"
            ),
        },
    ),
    "a conditional expression": (
        "app.main",
        {
            "src/app.py": (
                "import os\n"
                "async def one(e, c): return {}\n"
                "async def two(e, c): return {}\n"
                "main = one if os.environ.get('A') else two  # LMB101\n"
            ),
        },
    ),
    "the code path does not exist": (
        "handlers.app.main",
        {"lib/handlers/app.py": "async def main(e, c): return {}  # LMB101\n"},
    ),
    "a template that resolves nothing silences nothing": (
        "gone.main  # LMB104",
        {"src/app.py": "async def handler(event, context): return {}  # LMB101\n"},
    ),
    "driven elsewhere as well: the template is stronger": (
        "app.main",
        {
            "src/app.py": (
                "import asyncio\n"
                "async def main(e, c): return {}  # LMB101\n"
                "if __name__ == '__main__':\n"
                "    asyncio.run(main({}, None))\n"
            ),
        },
    ),
}


def test_an_object_where_little_is_followed():
    files = {
        "app.py": (
            "from words import WORDS\n"
            "class App:\n"
            "    async def __call__(self, event, context):\n"
            "        return WORDS\n"
            "lambda_handler = App()  # LMB101\n"
        ),
        "words.py": f"import asyncio\nWORDS = {['word'] * 200}\n",
    }
    with mock.patch.multiple(limits, BEHIND=100, NEAREST=100, PART=50):
        assert_marked(files)


@pytest.mark.parametrize(
    "handler, files",
    [*TEMPLATE_GOOD.values(), *TEMPLATE_BAD.values()],
    ids=[*TEMPLATE_GOOD, *TEMPLATE_BAD],
)
def test_template(handler, files):
    assert_marked({"template.yaml": DECLARED.replace("{handler}", handler), **files})


@pytest.mark.parametrize("where", ["infra", "deploy/sam", "."])
def test_template_in_a_folder_beside_the_code(where):
    template = DECLARED.replace("{handler}", "app.main").replace("src/", "../src")
    assert_marked(
        {
            f"{where}/template.yaml": template,
            "src/app.py": "async def main(e, c): return {}  # LMB101\n",
        }
    )


SETTING = {
    "module and function": ("app.main", "app.py", True),
    "a glob for the module": ("src/orders/*.main", "src/orders/get.py", True),
    "dots in the module": ("src.orders.get.main", "src/orders/get.py", True),
    "any module": ("*.main", "deep/down/app.py", True),
    "another function": ("app.other", "app.py", False),
    "another folder": ("src/orders/*.main", "src/users/get.py", False),
    "another module": ("app.main", "src/app.py", False),
    "replaces the guess": ("app.main", "other.py", False),
}


@pytest.mark.parametrize("pattern, path, found", SETTING.values(), ids=SETTING)
def test_setting(pattern, path, found):
    mark = "  # LMB101" if found else ""
    assert_marked(
        {
            path: f"async def main(event, context): return {{}}{mark}\n"
            "async def handler(event, context): return {}\n"
        },
        handlers=(pattern,),
    )
