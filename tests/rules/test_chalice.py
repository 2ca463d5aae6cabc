"""Handlers that decorators of Chalice make."""

from __future__ import annotations

import pytest
from support import assert_marked
from support import project
from support import run

EVENTS = (
    'authorizer(name="a")',
    "on_cw_event({})",
    'on_dynamodb_record(stream_arn="a")',
    'on_kinesis_record(stream="a")',
    'on_s3_event(bucket="a")',
    'on_sns_message(topic="a")',
    'on_sqs_message(queue="a")',
    "on_ws_connect()",
    "on_ws_disconnect()",
    "on_ws_message()",
    'schedule("rate(1 minute)")',
)

BAD = {
    "async": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.lambda_function()
        async def orders(event, context):  # LMB101
            return {}
    """,
    "async, by a name": """
        import chalice

        app = chalice.Chalice(app_name="shop")

        @app.lambda_function(name="Orders")
        async def orders(event, context):  # LMB101
            return {}
    """,
    "in a blueprint": """
        from chalice import Blueprint

        jobs = Blueprint(__name__)

        @jobs.lambda_function()
        async def orders(event, context):  # LMB101
            return {}
    """,
    "an app of another module": {
        "shop.py": "from chalice import Chalice\n\napp = Chalice(app_name='shop')\n",
        "app.py": """
            from shop import app  # of chalice

            @app.schedule("rate(1 hour)")
            async def orders(event):  # LMB101
                return {}
        """,
    },
    "a view": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.route("/orders/{number}")
        async def orders(number):  # LMB101
            return {}
    """,
    "parameters that do not fit": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.lambda_function()
        def orders(event):  # LMB103
            return {}
    """,
    "what Lambda cannot encode": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.lambda_function()
        def orders(event, context):
            return {"ids": {1, 2}}  # LMB401
    """,
    "a coroutine that is dropped": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        async def load():
            return 1

        @app.on_sqs_message(queue="orders")
        def orders(event):
            load()  # LMB201
    """,
}
BAD.update(
    (
        f"async, {decorator.partition('(')[0]}",
        f"""
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.{decorator}
        async def orders(event):  # LMB101
            return {{}}
        """,
    )
    for decorator in EVENTS
)

GOOD = {
    "two parameters": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.lambda_function()
        def orders(event, context):
            return {}
    """,
    "a view without parameters": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.route("/")
        def index():
            return {"ids": [1, 2]}
    """,
    "what drives the coroutine": """
        import asyncio
        from chalice import Chalice

        app = Chalice(app_name="shop")

        async def load():
            return 1

        @app.on_sqs_message(queue="orders")
        def orders(event):
            asyncio.run(load())
    """,
    "a decorator between that may drive it": """
        from chalice import Chalice
        from elsewhere import driven

        app = Chalice(app_name="shop")

        @app.lambda_function()
        @driven
        async def orders(event, context):
            return {}
    """,
    "a middleware, which may drive it": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.middleware("all")
        def driven(event, get_response):
            return run(get_response(event))

        @app.lambda_function()
        async def orders(event, context):
            return {}
    """,
    "another framework": """
        import chalice
        from elsewhere import app

        @app.schedule("rate(1 minute)")
        async def orders(event):
            return {}

        @app.route("/")
        async def index():
            return {}
    """,
    "another decorator of the app": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.other()
        async def orders(event, context):
            return {}
    """,
    "a function of one event with other parameters": """
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.on_s3_event(bucket="orders")
        def orders(event):
            return None

        @app.route("/orders/{shop}/{number}")
        def order(shop, number):
            return {}
    """,
    "tests": {
        "tests/test_app.py": """
            from chalice import Chalice

            app = Chalice(app_name="shop")

            @app.lambda_function()
            async def orders(event, context):
                return {}
        """,
    },
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(source)


def test_the_command_names_the_decorator():
    text = (
        "from chalice import Chalice\n\napp = Chalice(app_name='shop')\n\n\n"
        "@app.on_s3_event(bucket='orders')\ndef orders(event):\n    return None\n"
    )
    with project({"app.py": text}) as folder:
        done = run("flake8_lambda_handler", "handlers", cwd=folder)
    assert done.stdout == (
        "app.py:7:1: orders (decorator: app.on_s3_event of Chalice)\n"
    )
