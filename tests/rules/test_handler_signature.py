from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

GOOD = {
    "a class that makes something else": """
        class main:
            def __new__(cls, event, context): return {}
            def __init__(self, event): pass
    """,
    "two": "def main(event, context): return 1",
    "other names": "def main(a, b): return 1",
    "a default": "def main(event, context, extra=None): return 1",
    "only defaults": "def main(event=None, context=None): return 1",
    "stars": "def main(*args): return 1",
    "all stars": "def main(*args, **kwargs): return 1",
    "one and a star": "def main(event, *args): return 1",
    "keyword-only with a default": "def main(event, context, *, retries=3): return 1",
    "positional-only": "def main(event, context, /): return 1",
    "a lambda expression": "main = lambda event, context: 1",
    "a partial": """
        from functools import partial
        def work(table, event, context): return 1
        main = partial(work, "orders")
    """,
    "a partial by keyword": """
        from functools import partial
        def work(event, context, table): return 1
        main = partial(work, table="orders")
    """,
    "a bound method": """
        class App:
            def handle(self, event, context): return 1
        main = App().handle
    """,
    "a static method": """
        class App:
            @staticmethod
            def handle(event, context): return 1
        main = App.handle
    """,
    "an object": """
        class App:
            def __call__(self, event, context): return 1
        main = App()
    """,
    "a decorator of the project adds the argument": """
        def with_table(function):
            def wrapper(event, context):
                return function(event, context, "orders")
            return wrapper
        @with_table
        def main(event, context, table): return 1
    """,
    "an unknown decorator may": """
        from vendor import inject
        @inject
        def main(event, context, table): return 1
    """,
}

BAD = {
    "none": "def main(): return 1  # LMB103",
    "one": "def main(event): return 1  # LMB103",
    "three": "def main(event, context, extra): return 1  # LMB103",
    "one and keywords": "def main(event, **kwargs): return 1  # LMB103",
    "keyword-only": "def main(*, event, context): return 1  # LMB103",
    "keyword-only without a default": """
        def main(event, context, *, retries): return 1  # LMB103
    """,
    "a lambda expression": "main = lambda event: 1  # LMB103",
    "a partial that takes too much": """
        from functools import partial
        def work(event, context): return 1
        main = partial(work, "orders")  # LMB103
    """,
    "an unbound method": """
        class App:
            def handle(self, event, context): return 1
        main = App.handle  # LMB103
    """,
    "an object": """
        class App:
            def __call__(self, event): return 1
        main = App()  # LMB103
    """,
    "an object that is not callable": """
        class App:
            pass
        main = App()  # LMB103
    """,
    "a dict": "main = {}  # LMB103",
    "none at all": "main = None  # LMB103",
    "a decorator of the project takes one": """
        def simple(function):
            def wrapper(event):
                return function(event, None)
            return wrapper
        @simple
        def main(event, context): return 1  # LMB103
    """,
    "a passive decorator": """
        from aws_lambda_powertools import Logger
        logger = Logger()
        @logger.inject_lambda_context
        def main(event, context, extra): return 1  # LMB103
    """,
    "an async one as well": "async def main(event): return 1  # LMB101 LMB103",
    "a class": """
        class main:  # LMB103
            def __init__(self, event): pass
    """,
}

TEMPLATE = """
Resources:
  Main:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.main, CodeUri: .}
"""


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked({"app.py": source, "template.yaml": TEMPLATE})


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB103" in source
    assert_marked({"app.py": source, "template.yaml": TEMPLATE})


MESSAGES = {
    "too many": (
        "def lambda_handler(event, context, table, *, region): ...\n",
        "also requires `table`, `region`",
        "give `table`, `region` defaults",
    ),
    "too few": (
        "def lambda_handler(event): ...\n",
        "takes one positional argument",
        "take `event` and `context`",
    ),
    "a partial leaves too few": (
        "import functools\n"
        "def main(table, event): ...\n"
        "lambda_handler = functools.partial(main, 'orders')\n",
        "takes one positional argument",
        "take `event` and `context`",
    ),
    "an object's own first parameter does not count": (
        "class App:\n    def handle(self, event): ...\nlambda_handler = App().handle\n",
        "takes one positional argument",
        "take `event` and `context`",
    ),
    "a method without its object": (
        "class App:\n"
        "    def handle(self, event, context): ...\n"
        "lambda_handler = App.handle\n",
        "is bound to no object, so `self` is the event",
        "take it from an object",
    ),
    "a function that was a method": (
        "def lambda_handler(self, event, context): ...\n",
        "is bound to no object, so `self` is the event",
        "leave `self` out",
    ),
    "a class without objects that can be called": (
        "class App: ...\nlambda_handler = App()\n",
        "is not callable",
        "make it a function",
    ),
}


@pytest.mark.parametrize("source, why, cure", MESSAGES.values(), ids=MESSAGES)
def test_message(source, why, cure):
    (found,) = violations(source, handlers=("app.lambda_handler",))
    assert (found.code, found.text) == (
        "LMB103",
        f"handler `lambda_handler` {why}; `lambda_handler(event, context)`, as Lambda "
        f"calls it, raises TypeError; {cure}",
    )


#: Without a template, what takes more than Lambda gives must not be called in its file.
GUESSED = {
    "three, called by nobody": """
        def orders_handler(event, context, table): return 1  # LMB103
    """,
    "two and a default, called": """
        def orders_handler(event, context, table=[]): return {table}  # LMB401
        orders_handler({}, None, [])
    """,
    "the sure name, none": "def lambda_handler(): return 1  # LMB103",
    "the sure name, one": "def lambda_handler(event): return 1  # LMB103",
    "the sure name, one and options": """
        def lambda_handler(event, **options): return 1  # LMB103
    """,
    "the sure name, an annotated one": """
        def lambda_handler(event: dict) -> dict: return {}  # LMB103
    """,
    "the sure name, keyword-only": """
        def lambda_handler(*, event, context): return 1  # LMB103
    """,
    "the sure name, one and one keyword-only": """
        def lambda_handler(event, *, context): return 1  # LMB103
    """,
    "the sure name, a method of no object": """
        class App:
            def handle(self, event, context): return 1
        lambda_handler = App.handle  # LMB103
    """,
    "the sure name, a function that wants an object": """
        def lambda_handler(self, event, context): return 1  # LMB103
    """,
    "the sure name, an expression": "lambda_handler = lambda event: 1  # LMB103",
    "the sure name, an async one": """
        async def lambda_handler(event): return 1  # LMB101 LMB103
    """,
    "the sure name, under a passive decorator": """
        from aws_lambda_powertools import Logger
        logger = Logger()
        @logger.inject_lambda_context
        def lambda_handler(event): return 1  # LMB103
    """,
    "the sure name, a partial that takes one": """
        from functools import partial
        def work(table, event): return 1
        lambda_handler = partial(work, "orders")  # LMB103
    """,
}
NOT_GUESSED = {
    "three, called": """
        def orders_handler(event, context, table): return 1
        orders_handler({}, None, [])
    """,
    "two and one by name, called": """
        def orders_handler(event, context, *, table): return 1
        orders_handler({}, None, table=[])
    """,
    "another name, none": "def handler(): return 1",
    "another name, one": "def handler(event): return 1",
    "another name, keyword-only": "def orders_handler(*, event, context): return 1",
    "the sure name, called as it is": """
        def lambda_handler(): return 1
        def main(): return lambda_handler()
    """,
    "the sure name, called in another file": {
        "app.py": "def lambda_handler(event): return 1\n",
        "main.py": "from app import lambda_handler\nlambda_handler({})\n",
    },
    "the sure name, a decorator": """
        def lambda_handler(func):
            return func
    """,
    "the sure name, a decorator with options": """
        def lambda_handler(request=None):
            def decorator(func):
                return func
            return decorator
    """,
    "the sure name, whatever is given": "def lambda_handler(*args): return 1",
    "the sure name, a method of an object": """
        class App:
            def handle(self, event, context): return 1
        lambda_handler = App().handle
    """,
    "the sure name, a partial": """
        from functools import partial
        def work(table, event, context): return 1
        lambda_handler = partial(work, "orders")
    """,
    "the sure name, an unknown decorator may": """
        from vendor import inject
        @inject
        def lambda_handler(event): return 1
    """,
    "the sure name, a decorator of the project takes two": """
        def simple(function):
            def wrapper(event, context):
                return function(event)
            return wrapper
        @simple
        def lambda_handler(event): return 1
    """,
    "the sure name, moved to another cloud": """
        from google.cloud import storage
        def lambda_handler(): return 1
    """,
    "the sure name, moved into a web application": """
        from flask import request
        def lambda_handler(event): return 1
    """,
    "the sure name, called as a script": """
        import sys
        def lambda_handler(event): return 1
        print(lambda_handler(sys.argv[1]))
    """,
    "the sure name in a test": {
        "tests/test_app.py": "def lambda_handler(event): return 1\n",
    },
    "the sure name, a pytest fixture": """
        import pytest
        @pytest.fixture
        def lambda_handler(): return 1
    """,
}


@pytest.mark.parametrize(
    "source", [*GUESSED.values(), *NOT_GUESSED.values()], ids=[*GUESSED, *NOT_GUESSED]
)
def test_guessed(source):
    assert ("# LMB" in str(source)) == (source in GUESSED.values())
    assert_marked(source)


REGISTRY = """
FOUND = []

def handler(function):{}
    FOUND.append(function)
    return function
"""


def test_what_the_project_decorates_with_is_no_handler():
    """A pattern such as `*.handler` names whatever has that name."""
    users = {
        "of the module": "import registry\n\n\n@registry.handler\ndef load(): ...\n",
        "by its name": "from registry import handler\n\n\n@handler\ndef load(): ...\n",
    }
    for user in users.values():
        files = {"registry.py": REGISTRY.format(""), "user.py": user}
        assert_marked(files, handlers=("*.handler",))
    other = "import registry\n\nprint(registry.handler)\n"
    files = {"registry.py": REGISTRY.format("  # LMB103"), "user.py": other}
    assert_marked(files, handlers=("*.handler",))
