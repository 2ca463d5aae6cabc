"""Uses of a migrated handler in the other files of its project."""

from __future__ import annotations

import pytest

from tests.migrate.rewriting import dedented
from tests.migrate.rewriting import migrated

pytestmark = pytest.mark.usefixtures("with_and_without_git")

HANDLER = """
    async def lambda_handler(event, context, table=None):
        return await work(event)
"""

#: A file that uses `src/app.py`: before and after.
FOLLOWED = {
    "only awaited": (
        """
        import pytest

        from app import lambda_handler

        @pytest.mark.asyncio
        async def test_handler():
            assert await lambda_handler({}, None, None) == {}
        """,
        """
        import pytest

        from app import _lambda_handler as lambda_handler

        @pytest.mark.asyncio
        async def test_handler():
            assert await lambda_handler({}, None, None) == {}
        """,
    ),
    "under another name, run": (
        """
        import asyncio
        from app import lambda_handler as orders, work

        asyncio.run(orders({}, None, None))
        """,
        """
        import asyncio
        from app import _lambda_handler as orders, work

        asyncio.run(orders({}, None, None))
        """,
    ),
    "imported in a function": (
        """
        def local_run(loop):
            from app import lambda_handler

            loop.run_until_complete(lambda_handler({}, None))
        """,
        """
        def local_run(loop):
            from app import _lambda_handler as lambda_handler

            loop.run_until_complete(lambda_handler({}, None, table=None))
        """,
    ),
    "through the module": (
        """
        import app

        async def main():
            await app.lambda_handler({}, None, None)
            print(app.lambda_handler.__name__)
        """,
        """
        import app

        async def main():
            await app._lambda_handler({}, None, None)
            print(app.lambda_handler.__name__)
        """,
    ),
    "awaited here, called there": (
        """
        from app import (
            lambda_handler,  # the handler
        )

        async def main():
            await lambda_handler({}, None, None)

        def test():
            assert lambda_handler({}, None) == {}
        """,
        """
        from app import (
            lambda_handler, _lambda_handler,  # the handler
        )

        async def main():
            await _lambda_handler({}, None, None)

        def test():
            assert lambda_handler({}, None) == {}
        """,
    ),
}

LEFT = {
    "called like a plain function": """
        from app import lambda_handler

        def test():
            assert lambda_handler({}, None)["id"] == 1
    """,
    "handed on": """
        from app import lambda_handler

        __all__ = ["lambda_handler"]
    """,
    "patched by name": """
        from unittest import mock

        def test():
            with mock.patch("app.lambda_handler"):
                pass
    """,
    "another lambda_handler": """
        import asyncio

        from other import lambda_handler

        asyncio.run(lambda_handler({}, None))
    """,
    "a local of the same name": """
        import app

        async def main(lambda_handler):
            await lambda_handler({}, None)
    """,
}

#: The reason stands in the line marked `# here`.
REFUSED = {
    "handed to who knows what": """
        from app import lambda_handler
        drive(lambda_handler)  # here
    """,
    "stored": """
        import app
        ROUTES = {"/": app.lambda_handler}  # here
    """,
    "awaited through a star import": """
        from app import *
        async def main():
            await lambda_handler({}, None, None)  # here
    """,
}


def project(user: str) -> dict[str, str]:
    return {
        "src/app.py": HANDLER,
        "src/other.py": "async def lambda_handler(event, context):\n    return 1\n",
        "src/api.py": "from app import lambda_handler\n",
        "tests/test_user.py": user,
    }


@pytest.mark.parametrize(("before", "after"), FOLLOWED.values(), ids=FOLLOWED)
def test_followed(before, after):
    files, refused = migrated(project(before), handlers=("src/app.*",))
    assert refused == []
    assert files["tests/test_user.py"] == dedented(after)
    assert "async def _lambda_handler(" in files["src/app.py"]


@pytest.mark.parametrize("user", LEFT.values(), ids=LEFT)
def test_left(user):
    files, refused = migrated(project(user), handlers=("src/app.*",))
    assert refused == []
    assert files["tests/test_user.py"] == dedented(user)
    assert "async def _lambda_handler(" in files["src/app.py"]


@pytest.mark.parametrize("user", REFUSED.values(), ids=REFUSED)
def test_refused(user):
    before = project(user)
    files, refused = migrated(before, handlers=("src/app.*",))
    assert files == {path: dedented(text) for path, text in before.items()}
    (refusal,) = refused
    assert refusal.path == "tests/test_user.py"
    line = dedented(user).splitlines()[refusal.line - 1]
    assert line.endswith("# here")
    assert "coroutine" in refusal.reason


def test_an_import_that_leads_nowhere():
    user = """
        from app import lambda_handler
        async def test():
            await lambda_handler({}, None, None)  # here
    """
    before = {"functions/orders/app.py": HANDLER, "tests/test_user.py": user}
    files, refused = migrated(before, handlers=("functions/orders/app.*",))
    assert files == {path: dedented(text) for path, text in before.items()}
    assert [(one.path, one.line) for one in refused] == [("tests/test_user.py", 3)]


def test_a_use_elsewhere_needs_the_coroutine():
    files, refused = migrated(
        {
            "app.py": "async def lambda_handler(event, context):\n    return event\n",
            "local.py": """
                import asyncio
                from app import lambda_handler
                asyncio.run(lambda_handler({}, None))
            """,
        },
        handlers=("app.*",),
    )
    assert refused == []
    assert "return asyncio.run(_lambda_handler(event, context))" in files["app.py"]
    assert "from app import _lambda_handler as lambda_handler" in files["local.py"]


def test_re_exports_hand_the_implementation_on():
    before = {
        "orders/app.py": HANDLER,
        "orders/__init__.py": """
            from .app import lambda_handler

            __all__ = ["lambda_handler"]
        """,
        "api.py": "from orders import lambda_handler as handle, app\n",
        "one.py": """
            import asyncio

            from api import handle

            asyncio.run(handle({}, None, None))
        """,
        "two.py": """
            import orders

            async def main():
                return await orders.lambda_handler({}, None, None)
        """,
    }
    files, refused = migrated(before, handlers=("orders/app.*",))
    assert refused == []
    assert files["orders/__init__.py"] == dedented(
        before["orders/__init__.py"]
    ).replace("lambda_handler\n", "lambda_handler, _lambda_handler\n", 1)
    assert files["api.py"] == (
        "from orders import lambda_handler as handle, _lambda_handler, app\n"
    )
    assert "from api import _lambda_handler as handle\n" in files["one.py"]
    assert "await orders._lambda_handler({}, None, None)" in files["two.py"]


def test_two_handlers_that_await_each_other():
    files, refused = migrated(
        {
            "one.py": """
                import asyncio
                import two

                async def lambda_handler(event, context):
                    return await two.lambda_handler(event, context)
            """,
            "two.py": """
                import asyncio
                import one

                async def lambda_handler(event, context):
                    return await one.lambda_handler(event, context)
            """,
        },
        handlers=("one.*", "two.*"),
    )
    assert refused == []
    for name, other in (("one", "two"), ("two", "one")):
        assert files[f"{name}.py"] == dedented(
            f"""
            import asyncio
            import {other}

            def lambda_handler(event, context):
                return asyncio.run(_lambda_handler(event, context))


            async def _lambda_handler(event, context):
                return await {other}._lambda_handler(event, context)
            """
        )


def test_one_refused_handler_keeps_its_file():
    text = """
        async def first_handler(event, context):
            yield 1

        async def second_handler(event, context):
            return await work(event)

        ROUTES = [second_handler]
        async def third_handler(event, context):
            return await work(event)
    """
    files, refused = migrated({"app.py": text}, handlers=("app.*_handler",))
    assert files == {"app.py": dedented(text)}
    assert [(one.line, one.name) for one in refused] == [
        (1, "first_handler"),
        (7, "second_handler"),
        (8, "third_handler"),
    ]
    assert refused[0].reason == "is an async generator"
    assert "shares its file with `second_handler`" in refused[2].reason


def test_a_user_that_cannot_be_written_as_it_is_encoded():
    before = {
        "app.py": "async def lambda_handler(event, context):\n    await work()\n",
        # Of two ways to write a plus sign, the encoder takes the other one.
        "user.py": "# coding: utf-7\nfrom app import lambda_handler  # +ACs-\n",
    }
    files, refused = migrated(before, handlers=("app.*",))
    assert files == before
    (one,) = refused
    assert (one.path, one.line, one.name) == ("user.py", 1, "lambda_handler")
    assert one.reason == "does not come back from utf-7 unchanged"
