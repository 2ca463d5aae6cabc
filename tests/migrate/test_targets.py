"""Which handlers are rewritten: those that LMB101 reports, and no other code.

What is async and not rewritten is refused: silence would look like success.
"""

from __future__ import annotations

import sys

import pytest

from flake8_lambda_handler.migrate.targets import decorator_kinds
from flake8_lambda_handler.session import Session
from tests.migrate.rewriting import dedented
from tests.migrate.rewriting import migrated
from tests.support import project
from tests.support import settings_for

#: Refused at the line marked `# here`, reported or not.
REFUSED = {
    "method of an object": """
        class Service:
            async def handle(self, event, context):
                return await work(event)
        lambda_handler = Service().handle  # here
    """,
    "static method": """
        class Service:
            @staticmethod
            async def handle(event, context):
                return await work(event)
        lambda_handler = Service.handle  # here
    """,
    "object with an async __call__": """
        class Service:
            async def __call__(self, event, context):
                return await work(event)
        lambda_handler = Service()  # here
    """,
    "partial": """
        import functools
        async def handle(table, event, context):
            return await work(event)
        lambda_handler = functools.partial(handle, "orders")  # here
    """,
    "result of a factory": """
        def make(table):
            async def handle(event, context):
                return await work(event)
            return handle
        lambda_handler = make("orders")  # here
    """,
    "async decorator around a plain function": """
        def retried(function):
            async def wrapper(event, context):
                return function(event, context)
            return wrapper
        @retried
        def lambda_handler(event, context):  # here
            return {}
    """,
    "unknown decorator": """
        import vendor
        @vendor.wrap  # here
        async def lambda_handler(event, context):
            return await work(event)
    """,
    "local decorator that hands the function to something unknown": """
        import vendor
        def registered(function):
            return vendor.register(function)
        @registered  # here
        async def lambda_handler(event, context):
            return await work(event)
    """,
    "local decorator that gives a coroutine or an answer": """
        import os
        def cached(function):
            def wrapper(event, context):
                if os.environ.get("CACHED"):
                    return {}
                return function(event, context)
            return wrapper
        @cached  # here
        async def lambda_handler(event, context):
            return await work(event)
    """,
    "run by one decorator, made async again by another": """
        import asyncio
        def driven(function):
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper
        def timed(function):
            async def wrapper(event, context):
                return function(event, context)
            return wrapper
        @timed
        @driven
        async def lambda_handler(event, context):  # here
            return await work(event)
    """,
    "async generator": """
        async def lambda_handler(event, context):  # here
            yield await work(event)
    """,
    "async generator under an unknown decorator": """
        import vendor
        @vendor.wrap
        async def lambda_handler(event, context):  # here
            yield await work(event)
    """,
    "imported in another branch": """
        import os
        if os.environ.get("FAST"):
            from vendor import lambda_handler  # here
        else:
            async def lambda_handler(event, context):
                return await work(event)
    """,
    "partial in a branch": """
        import functools
        async def handle(table, event, context):
            return await work(event)
        try:
            lambda_handler = functools.partial(handle, "orders")  # here
        except TypeError:
            pass
    """,
    "made by something unknown": """
        import vendor
        async def main(event, context):
            return await work(event)
        lambda_handler = vendor.wrap(main)  # here
    """,
}

#: Not reported, and left alone.
LEFT = {
    "sync": """
        def lambda_handler(event, context):
            return {}
    """,
    "driven by its decorator": """
        import asyncio
        def driven(function):
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper
        @driven
        async def lambda_handler(event, context):
            return await work(event)
    """,
    "driven by a decorator of a library": """
        from asgiref.sync import async_to_sync
        @async_to_sync
        async def lambda_handler(event, context):
            return await work(event)
    """,
    "driven by what makes it": """
        from asgiref.sync import async_to_sync
        async def main(event, context):
            return await work(event)
        lambda_handler = async_to_sync(main)
    """,
    "driven outside an unknown decorator": """
        import vendor
        from asgiref.sync import async_to_sync
        @async_to_sync
        @vendor.wrap
        async def lambda_handler(event, context):
            return await work(event)
    """,
    "sync generator": """
        def lambda_handler(event, context):
            yield {}
    """,
    "plain function under an unknown decorator": """
        import vendor
        @vendor.wrap
        def lambda_handler(event, context):
            return {}
    """,
    "something unknown made of a plain function": """
        import vendor
        def main(event, context):
            return {}
        lambda_handler = vendor.wrap(main)
    """,
    "async function beside the handler": """
        import vendor
        @vendor.task
        async def refresh(event, context):
            return await work(event)
        def lambda_handler(event, context):
            return {}
    """,
    "left out by a comment": """
        import vendor
        @vendor.wrap
        async def lambda_handler(event, context):  # noqa: LMB101
            return await work(event)
    """,
    "overwritten by a sync function": """
        async def lambda_handler(event, context):
            return await work(event)
        def lambda_handler(event, context):
            return {}
    """,
    "method of that name": """
        class Service:
            async def lambda_handler(self, event, context):
                return await work(event)
    """,
    "nested function of that name": """
        def outer():
            async def lambda_handler(event, context):
                return await work(event)
    """,
}

HANDLERS = ("app.lambda_handler",)


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_refused(source):
    text = dedented(source)
    files, refused = migrated({"app.py": text}, handlers=HANDLERS)
    assert files == {"app.py": text}
    (refusal,) = refused
    assert refusal.name == "lambda_handler"
    assert text.splitlines()[refusal.line - 1].endswith("# here")


#: Without a template or a setting; whether the name alone leads to a refusal.
BY_NAME = {
    "unknown decorator": (
        """
        from vendor import decorated
        @decorated
        async def lambda_handler(event, context):
            return {}
        """,
        ["lambda_handler"],
    ),
    "unknown decorator, another name": (
        """
        from vendor import decorated
        @decorated(retries=2)
        async def order_handler(event, context):
            return {}
        """,
        ["order_handler"],
    ),
    "async generator": (
        """
        async def lambda_handler(event, context):
            yield {}
        """,
        ["lambda_handler"],
    ),
    "local decorator that may run it": (
        """
        from vendor import is_async
        def decorated(function):
            def wrapper(event, context):
                return function(event, context) if is_async() else {}
            return wrapper
        @decorated
        async def lambda_handler(event, context):
            return {}
        """,
        ["lambda_handler"],
    ),
    "unknown decorator, other parameters": (
        """
        from vendor import decorated
        @decorated
        async def click_handler(button):
            return {}
        """,
        [],
    ),
    "unknown decorator of another framework": (
        """
        from discord.ext import commands
        @commands.command()
        async def message_handler(event, context):
            return {}
        """,
        [],
    ),
    "unknown decorator, awaited in the module": (
        """
        from vendor import decorated
        @decorated
        async def order_handler(event, context):
            return {}
        async def main():
            await order_handler({}, None)
        """,
        [],
    ),
    "unknown decorator, sync": (
        """
        from vendor import decorated
        @decorated
        def lambda_handler(event, context):
            return {}
        """,
        [],
    ),
}


@pytest.mark.parametrize("source, names", BY_NAME.values(), ids=BY_NAME)
def test_refused_by_name(source, names):
    text = dedented(source)
    files, refused = migrated({"app.py": text})
    assert files == {"app.py": text}
    assert [refusal.name for refusal in refused] == names


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT)
def test_left(source):
    text = dedented(source)
    assert migrated({"app.py": text}, handlers=HANDLERS) == ({"app.py": text}, [])


def test_async_in_one_branch_only():
    source = """
        import os
        if os.environ.get("FAST"):
            async def lambda_handler(event, context):
                return await work(event)
        else:
            def lambda_handler(event, context):
                return {}
    """
    files, refused = migrated({"app.py": dedented(source)}, handlers=HANDLERS)
    assert refused == []
    text = files["app.py"]
    assert "    return asyncio.run(_lambda_handler(event, context))\n" in text
    assert text.endswith(
        "else:\n    def lambda_handler(event, context):\n        return {}\n"
    )


def test_an_alias_of_another_file():
    files, refused = migrated(
        {
            "app.py": "from impl import main\nlambda_handler = main\n",
            "impl.py": "async def main(event, context):\n    await work(event)\n",
        },
        handlers=HANDLERS,
    )
    assert refused == []
    assert "return asyncio.run(_main(event, context))" in files["impl.py"]
    assert files["app.py"] == "from impl import main\nlambda_handler = main\n"


def test_kinds_of_decorators():
    text = dedented(
        """
        import asyncio
        import functools
        import vendor
        from aws_lambda_powertools import Logger, Tracer

        logger = Logger()
        tracer = Tracer()

        def sync(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper

        def answering(function):
            def wrapper(event, context):
                return {"statusCode": 200, "body": function(event, context)}
            return wrapper

        def running(function):
            def wrapper(event, context):
                return {"body": asyncio.run(function(event, context))}
            return wrapper

        def awaiting(times):
            def decorate(function):
                async def wrapper(event, context):
                    return await function(event, context)
                return wrapper
            return decorate

        def driving(function):
            return lambda event, context: asyncio.run(function(event, context))

        @logger.inject_lambda_context(log_event=True)
        @tracer.capture_lambda_handler
        @sync
        @answering
        @awaiting(3)
        @driving
        @running
        @vendor.wrap
        async def lambda_handler(event, context):
            return await work(event)
        """
    )
    with project({"app.py": text}) as folder:
        session = Session(settings_for(folder))
        module = session.project.parse(str(folder / "app.py"))
        kinds = decorator_kinds(session, module, module.tree.body[-1])
    assert kinds[:5] == ("sync", "sync", "sync", "sync", "async")
    assert kinds[5:] == ("driving", "driving", "unknown")


def test_a_file_that_hides_asyncio():
    files = {"src/app.py": "async def lambda_handler(event, context):\n    await w()\n"}
    files["src/asyncio.py"] = "x = 1\n"
    after, refused = migrated(files, handlers=("src/app.*",))
    assert after == files
    assert refused[0].reason == "cannot import asyncio: src/asyncio.py hides it"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of Python 3.12")
def test_new_syntax():
    text = (
        "import asyncio\n\ntype Order = dict[str, int]\n\n"
        "async def lambda_handler[T: Order](event: T, context: object | None) -> T:\n"
        "    return await work(f'{event['id']}')\n"
    )
    files, refused = migrated({"app.py": text}, handlers=HANDLERS)
    assert refused == []
    assert (
        "async def _lambda_handler[T: Order](event: T, context: object | None) -> T:\n"
    ) in files["app.py"]
    assert (
        "\ndef lambda_handler[T: Order](event: T, context: object | None) -> T:\n"
        in (files["app.py"])
    )
