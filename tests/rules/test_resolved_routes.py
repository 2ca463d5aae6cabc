"""What the routes of Powertools do when a handler's `resolve` calls them."""

from __future__ import annotations

import json

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import violations

HEAD = """
import asyncio
import json
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
import aiohttp
import boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
table = boto3.resource("dynamodb", region_name="eu-west-1").Table("orders")
logger = Logger(service="orders")
app = APIGatewayRestResolver({options})
{routes}
@logger.inject_lambda_context
def lambda_handler(event, context):
    return app.resolve(event, context)
"""


def source(routes, options=""):
    return HEAD.format(options=options, routes=routes)


BAD = {
    "a set": """
@app.get("/a")
def a():
    return {"roles": {"x", "y"}}  # LMB404
""",
    "a date and its status": """
@app.post("/a")
def a():
    return {"at": datetime.now()}, 201  # LMB404
""",
    "put in before": """
@app.get("/a/<key>")
def a(key: str):
    body = {"key": key}
    body["id"] = uuid.uuid4()  # LMB404
    return body
""",
    "one of many": """
@app.get("/a")
def a():
    return {}
@app.get("/b")
def b():
    return [{"body": b"x"}]  # LMB404
@app.get("/c")
def c():
    raise ValueError("no")
""",
    "an object": """
class Order:
    pass
@app.get("/a")
def a():
    return {"order": Order()}  # LMB404
""",
    "a json.dumps in a route": """
@app.get("/a")
def a():
    item = table.get_item(Key={"id": "1"})["Item"]
    return Response(200, "application/json", json.dumps(item))  # LMB404
""",
    "a json.dumps in a helper": """
def answer(body):
    return Response(200, "application/json", json.dumps(body))
@app.get("/a")
def a():
    return answer({"at": datetime.now()})  # LMB404
""",
    "a client that belongs to a loop": """
session = None
async def fetch():
    global session
    if session is None:
        session = aiohttp.ClientSession()  # LMB303
    async with session.get("https://example.com") as response:
        return await response.text()
@app.get("/a")
def a():
    return {"text": asyncio.run(fetch())}
""",
    "a lost task": """
async def audit():
    await asyncio.sleep(1)
async def work():
    asyncio.create_task(audit())  # LMB203
    return 1
@app.get("/a")
def a():
    return {"n": asyncio.run(work())}
""",
}

GOOD = {
    "what the encoder of Powertools takes": """
@dataclass
class Order:
    total: Decimal
@app.get("/a")
def a():
    item = table.get_item(Key={"id": "1"})["Item"]
    return {"total": Decimal("1.5"), "item": item, "order": Order(Decimal(1))}
""",
    "text": """
@app.get("/a")
def a():
    return "text"
@app.get("/b")
def b():
    return {"at": datetime.now().isoformat()}, 200
""",
    "a response": """
@app.get("/a")
def a():
    return Response(200, "image/png", b"x")
""",
    "what no route returns": """
def helper():
    return {"roles": {"x"}}
@app.get("/a")
def a():
    return {"roles": sorted(helper()["roles"])}
""",
    "middlewares may change it": """
def encode(app, next_middleware):
    response = next_middleware(app)
    response.body = json.dumps(response.body, default=str)
    return response
@app.get("/a", middlewares=[encode])
def a():
    return {"at": datetime.now()}
""",
    "a route that fails does not end the handler": """
@app.exception_handler(ValueError)
def wrong(error):
    return Response(400, "application/json", json.dumps({"error": str(error)}))
@app.get("/a")
def a():
    raise ValueError("no")
""",
    "a client for each call": """
async def fetch():
    async with aiohttp.ClientSession() as session:
        async with session.get("https://example.com") as response:
            return await response.text()
@app.get("/a")
def a():
    return {"text": asyncio.run(fetch())}
""",
}

#: Options of the resolver with which something else encodes.
OPTIONS = [
    "enable_validation=True",
    "serializer=lambda it: json.dumps(it, default=str)",
]


@pytest.mark.parametrize("routes", BAD.values(), ids=BAD)
def test_bad(routes):
    assert "# LMB" in routes
    assert_marked(source(routes))


@pytest.mark.parametrize("routes", GOOD.values(), ids=GOOD)
def test_good(routes):
    assert "# LMB" not in routes
    assert_marked(source(routes))


@pytest.mark.parametrize("options", OPTIONS)
def test_another_encoder(options):
    assert_marked(source(BAD["a set"].replace("  # LMB404", ""), options))


def test_words():
    (found,) = violations(source(BAD["a set"]))
    assert found.text == (
        "`roles` in the response of route `a` is a `set`; `json.dumps` raises "
        "TypeError: Object of type set is not JSON serializable; use `sorted(...)`"
    )


def test_router_of_another_file():
    router = """
        from datetime import datetime
        from aws_lambda_powertools.event_handler.router import Router
        router = Router()
        @router.get("/now")
        def now():
            return {"at": datetime.now()}
        @router.get("/text")
        def text():
            return {"at": datetime.now().isoformat()}
    """
    main = """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        from app.times import router
        app = APIGatewayRestResolver()
        app.include_router(router, prefix="/times")
        def lambda_handler(event, context):
            return app.resolve(event, context)  # LMB404
    """
    assert_marked({"app/times.py": router, "app/main.py": main})


#: Each of these fails, or works, in the real runtime as the tables say.
RUN = [
    *[(name, BAD[name], True) for name in ("a set", "a date and its status")],
    *[(name, BAD[name], True) for name in ("put in before", "an object")],
    ("text", GOOD["text"], False),
    ("middlewares may change it", GOOD["middlewares may change it"], False),
    (
        "Decimal",
        '@app.get("/a")\ndef a():\n    return {"n": Decimal("1.5"), "d": Order(1)}\n'
        "@dataclass\nclass Order:\n    total: int\n",
        False,
    ),
]


@pytest.mark.parametrize("name, routes, fails", RUN, ids=[one[0] for one in RUN])
def test_runtime_agrees(name, routes, fails):
    method = "POST" if "app.post" in routes else "GET"
    path = "/a/1" if "<key>" in routes else "/a"
    event = {"httpMethod": method, "path": path, "headers": {}, "requestContext": {}}
    (outcome,) = invoke(source(routes), events=[event])
    if fails:
        assert outcome.error_type == "TypeError"
        assert "is not JSON serializable" in outcome.error_message
    else:
        assert outcome.ok
        json.loads(outcome.payload)


BATCH = """
import asyncio
import json
from datetime import datetime
import httpx
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.batch import process_partial_response
processor = BatchProcessor(event_type=EventType.SQS)
client = {client}
async def send(record):
    {send}
def record_handler(record, lambda_context=None):
    {body}
def lambda_handler(event, context):
    return process_partial_response(
        event=event, record_handler=record_handler, processor=processor, context=context
    )
"""
SEND = 'await client.post("https://example.com", json=record.json_body)'
RECORDS = {
    "a json.dumps": ("None", "pass", 'json.dumps({"at": datetime.now()})  # LMB404'),
    "a json.dumps of text": ("None", "pass", 'json.dumps({"at": str(datetime.now())})'),
    "a client of a loop": (
        "httpx.AsyncClient()  # LMB303",
        SEND,
        "asyncio.run(send(record))",
    ),
    "a client for each": (
        "None",
        "async with httpx.AsyncClient() as client:\n        " + SEND,
        "asyncio.run(send(record))",
    ),
    "it always raises": ("None", "pass", "raise ValueError(record.body)"),
}


@pytest.mark.parametrize("client, send, body", RECORDS.values(), ids=RECORDS)
def test_records(client, send, body):
    """What a batch calls for each of its records."""
    assert_marked(BATCH.format(client=client, send=send, body=body))
