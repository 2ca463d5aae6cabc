"""The shipped tables: what the loader says, and that the real packages agree."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import importlib.metadata
import inspect
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import boto_shapes

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"

S3_CLIENT = "aiobotocore.client.AioBaseClient[s3]"
DYNAMODB = "aioboto3.resources.base.AIOBoto3ServiceResource[dynamodb]"

FUNCTIONS = {
    "asyncio.sleep": ("coroutine", None),
    "asyncio.to_thread": ("coroutine", None),
    "asyncio.wait_for": ("coroutine", None),
    "asyncio.gather": ("future", None),
    "asyncio.create_task": ("future", None),
    "asyncio.timeout": ("plain", "asyncio.Timeout"),
    "asyncio.new_event_loop": ("plain", "asyncio.AbstractEventLoop"),
    "asyncio.open_connection": (
        "coroutine",
        "(asyncio.StreamReader, asyncio.StreamWriter)",
    ),
    "asyncio.subprocess.create_subprocess_exec": (
        "coroutine",
        "asyncio.subprocess.Process",
    ),
    "aiofiles.open": ("awaitable", "aiofiles.threadpool.AsyncTextIOWrapper"),
    "aiofiles.os.remove": ("coroutine", None),
    "aiohttp.request": ("async context", "aiohttp.ClientResponse"),
    "anyio.sleep": ("coroutine", None),
    "anyio.to_thread.run_sync": ("coroutine", None),
    "anyio.create_task_group": ("plain", "anyio.abc.TaskGroup"),
    "asyncpg.connect": ("coroutine", "asyncpg.Connection"),
    "asyncpg.create_pool": ("plain", "asyncpg.Pool"),
    "redis.asyncio.from_url": ("plain", "redis.asyncio.Redis"),
    "redis.asyncio.Redis.from_url": ("plain", "redis.asyncio.Redis"),
    "redis.asyncio.client.Redis.from_url": ("plain", "redis.asyncio.Redis"),
}

METHODS = {
    ("asyncio.Queue", "get"): ("coroutine", None),
    ("asyncio.PriorityQueue", "get"): ("coroutine", None),
    ("asyncio.locks.Lock", "acquire"): ("coroutine", None),
    ("asyncio.subprocess.Process", "communicate"): ("coroutine", None),
    ("asyncio.TaskGroup", "create_task"): ("plain", "asyncio.Task"),
    ("contextlib.AsyncExitStack", "enter_async_context"): ("coroutine", None),
    ("aioboto3.Session", "client"): (
        "async context",
        "aiobotocore.client.AioBaseClient",
    ),
    ("aiobotocore.session.AioSession", "create_client"): (
        "async context",
        "aiobotocore.client.AioBaseClient",
    ),
    (S3_CLIENT, "get_object"): ("coroutine", None),
    (S3_CLIENT, "generate_presigned_url"): ("coroutine", None),
    (S3_CLIENT, "get_paginator"): ("plain", "aiobotocore.paginate.AioPaginator"),
    ("aiobotocore.paginate.AioPageIterator", "build_full_result"): (
        "coroutine",
        None,
    ),
    ("aiobotocore.response.StreamingBody", "read"): ("coroutine", None),
    (DYNAMODB, "Table"): ("coroutine", "aioboto3.resources.factory.dynamodb.Table"),
    ("aioboto3.resources.factory.dynamodb.Table", "put_item"): ("coroutine", None),
    ("aioboto3.resources.factory.dynamodb.Table", "batch_writer"): (
        "plain",
        "aioboto3.dynamodb.table.BatchWriter",
    ),
    ("aioboto3.resources.factory.s3.Bucket", "upload_file"): ("coroutine", None),
    ("aiohttp.ClientSession", "get"): ("awaitable", "aiohttp.ClientResponse"),
    ("aiohttp.client.ClientSession", "close"): ("coroutine", None),
    ("aiohttp.ClientResponse", "json"): ("coroutine", None),
    ("aiohttp.StreamReader", "iter_chunked"): ("async iterator", None),
    ("httpx.AsyncClient", "post"): ("coroutine", "httpx.Response"),
    ("httpx.AsyncClient", "stream"): ("async context", "httpx.Response"),
    ("httpx.Response", "aiter_lines"): ("async generator", None),
    ("asyncpg.Pool", "acquire"): ("awaitable", "asyncpg.Connection"),
    ("asyncpg.Connection", "fetchrow"): ("coroutine", None),
    ("motor.motor_asyncio.AsyncIOMotorCollection", "insert_one"): ("future", None),
    ("motor.motor_asyncio.AsyncIOMotorCursor", "sort"): (
        "plain",
        "motor.motor_asyncio.AsyncIOMotorCursor",
    ),
    ("pymongo.asynchronous.collection.AsyncCollection", "find"): (
        "plain",
        "pymongo.asynchronous.cursor.AsyncCursor",
    ),
    ("redis.asyncio.Redis", "get"): ("coroutine", None),
    ("redis.asyncio.Redis", "scan_iter"): ("async generator", None),
    ("redis.asyncio.client.Pipeline", "execute"): ("coroutine", None),
    ("openai.resources.chat.AsyncCompletions", "create"): ("coroutine", None),
    ("anthropic.resources.AsyncMessages", "create"): ("coroutine", None),
    ("sqlalchemy.ext.asyncio.async_sessionmaker", "__call__"): (
        "plain",
        "sqlalchemy.ext.asyncio.AsyncSession",
    ),
}

UNKNOWN_FUNCTIONS = [
    "os.path.join",
    "asyncio",
    "asyncio.run",
    "asyncio.nope",
    "asyncio.Lock",
    "asyncio.Lock.locked",
    "aiohttp.ClientSession",
    "aiohttp.web.run_app",
    "httpx",
    "httpx.AsyncClient",
    "redis.Redis.from_url",
    "redis.asyncio.Redis",
    "motor",
    "json.dumps",
    "",
]

UNKNOWN_METHODS = [
    ("os.PathLike", "read"),
    ("asyncio.Queue", "put_nowait"),
    ("asyncio.Lock", "release"),
    ("asyncio.StreamWriter", "write"),
    ("asyncio.Nope", "get"),
    ("aiohttp.ClientResponse", "release"),
    ("aiohttp.BaseConnector", "close"),
    ("aiohttp.TCPConnector", "close"),
    ("asyncpg.Pool", "terminate"),
    ("httpx.Response", "json"),
    ("openai.OpenAI", "close"),
    ("redis.asyncio.client.Pipeline", "get"),
    ("redis.asyncio.client.Pipeline", "set"),
    ("sqlalchemy.ext.asyncio.AsyncSession", "add"),
    (S3_CLIENT, "_make_api_call"),
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function(name):
    assert async_apis.async_function(name) == FUNCTIONS[name]


@pytest.mark.parametrize("type, name", METHODS)
def test_method(type, name):
    assert async_apis.method(type, name) == METHODS[type, name]


@pytest.mark.parametrize("name", UNKNOWN_FUNCTIONS)
def test_unknown_function(name):
    assert async_apis.async_function(name) is None


@pytest.mark.parametrize("type, name", UNKNOWN_METHODS)
def test_unknown_method(type, name):
    call = async_apis.method(type, name)
    assert call is None or call[0] == "plain"


def test_known_exceptions_of_a_default_are_plain():
    assert async_apis.method(S3_CLIENT, "can_paginate") == ("plain", None)


def test_first_argument_decides_the_service():
    client = async_apis.method("aioboto3.Session", "client", "s3")
    assert client == ("async context", S3_CLIENT)
    resource = async_apis.method("aioboto3.Session", "resource", "dynamodb")
    assert resource == ("async context", DYNAMODB)
    # There is no class for every service; the general one stands in.
    assert async_apis.async_class(S3_CLIENT).default_method == "coroutine"


def test_chain_of_attributes():
    chat = async_apis.attribute("openai.AsyncOpenAI", "chat")
    completions = async_apis.attribute(chat, "completions")
    assert async_apis.method(completions, "create") == ("coroutine", None)
    # A subclass in a private module inherits them.
    assert async_apis.attribute("openai.AsyncAzureOpenAI", "chat") == chat


def test_any_other_attribute_of_a_mongodb_client_is_a_database():
    client = "motor.motor_asyncio.AsyncIOMotorClient"
    database = async_apis.attribute(client, "shop")
    orders = async_apis.attribute(database, "orders")
    assert orders == "motor.motor_asyncio.AsyncIOMotorCollection"
    assert async_apis.attribute(client, "address") is None
    assert async_apis.attribute(client, "list_database_names") is None
    assert async_apis.attribute(client, "_private") is None


def test_unknown_attribute():
    assert async_apis.attribute("aiohttp.ClientSession", "nope") is None
    assert async_apis.attribute("nope.Nope", "nope") is None


def test_class_is_found_by_any_public_name():
    assert (
        async_apis.canonical("aiohttp.client.ClientSession") == "aiohttp.ClientSession"
    )
    assert async_apis.canonical("nope.Nope") == "nope.Nope"
    one = async_apis.async_class("aiohttp.client.ClientSession")
    assert one == async_apis.async_class("aiohttp.ClientSession")
    assert async_apis.async_class("aiohttp.Nope") is None
    assert async_apis.async_class("nope.Nope") is None


def test_what_entering_binds():
    assert (
        async_apis.async_class("aiohttp.ClientSession").enter == "aiohttp.ClientSession"
    )
    # Inherited and annotated with the base class, it is the instance all the same.
    connector = async_apis.async_class("aiohttp.TCPConnector")
    assert connector.enter == "aiohttp.TCPConnector"
    # `async with lock as x` binds None.
    assert async_apis.async_class("asyncio.Lock").enter is None


@pytest.mark.parametrize(
    "type, bound",
    [
        ("aiohttp.ClientSession", True),
        ("aiobotocore.client.AioBaseClient[sqs]", True),
        ("httpx.AsyncClient", "first use"),
        ("asyncio.Lock", "first use"),
        ("asyncio.LifoQueue", "first use"),
        ("redis.asyncio.Redis", "first use"),
        ("openai.AsyncAzureOpenAI", "first use"),
        ("motor.motor_asyncio.AsyncIOMotorClient", "first use"),
        ("aioboto3.Session", False),
        ("aiobotocore.session.AioSession", False),
        ("contextlib.AsyncExitStack", False),
        ("asyncio.AbstractEventLoop", False),
        ("httpx.Response", False),
        ("asyncio.Runner", False),
    ],
)
def test_loop_bound(type, bound):
    assert async_apis.async_class(type).loop_bound == bound


def test_only_use():
    assert async_apis.async_class("asyncio.Lock").async_with_only
    assert async_apis.async_class("asyncio.StreamReader").async_for_only
    assert not async_apis.async_class("asyncio.Queue").async_with_only
    # `with aiohttp.ClientSession()` has a message of its own.
    assert not async_apis.async_class("aiohttp.ClientSession").async_with_only


def test_tuple_items():
    streams = async_apis.async_function("asyncio.open_connection")[1]
    assert async_apis.tuple_items(streams) == (
        "asyncio.StreamReader",
        "asyncio.StreamWriter",
    )
    assert async_apis.tuple_items("asyncio.Lock") is None


@pytest.mark.parametrize("package", sorted(async_apis.async_packages()))
def test_table_is_sound(package):
    """Each entry has a known kind, and names only types that are in a table."""
    path = Path(async_apis.DATA, "async", f"{package}.json")
    table = json.loads(path.read_text(encoding="utf-8"))
    assert table["version"]
    named = set(table["aliases"].values()) - table["functions"].keys()
    calls = list(table["functions"].values())
    for entry in table["classes"].values():
        calls += [call for call in entry.get("methods", {}).values() if call]
        named |= {type for type in entry.get("attributes", {}).values() if type}
        named |= {*entry.get("bases", ()), entry.get("enter", "Self")}
    for kind, type in calls:
        assert kind in async_apis.KINDS
        named |= set(async_apis.tuple_items(type) or [type]) if type else set()
    missing = [
        type
        for type in sorted(named - {"Self"})
        if async_apis.async_class(type.removesuffix("[]")) is None
    ]
    assert missing == []


def test_nothing_is_loaded_before_it_is_asked_for():
    program = """
import sys
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import boto_shapes
assert not {"dataclasses", "botocore", "gzip"} & sys.modules.keys()
assert async_apis._async_table.cache_info().currsize == 0
assert async_apis.async_function("os.getcwd") is None
assert async_apis._async_table.cache_info().currsize == 0
assert async_apis.async_function("asyncio.sleep")
assert async_apis._async_table.cache_info().currsize == 1
assert boto_shapes.boto3_operation("s3", "get_object")
assert "botocore" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


# -- boto3 --------------------------------------------------------------------------


@pytest.fixture
def shipped(monkeypatch):
    """Use the shipped table, whatever botocore is installed."""
    monkeypatch.setattr(boto_shapes, "_installed_models", lambda: None)
    boto_shapes._installed_service.cache_clear()
    yield
    boto_shapes._installed_service.cache_clear()


SHAPES = {
    ("s3", "get_object"): {"Body": "stream", "LastModified": "timestamp"},
    ("s3", "list_objects_v2"): {"Contents[].LastModified": "timestamp"},
    ("ec2", "describe_instances"): {
        "Reservations[].Instances[].LaunchTime": "timestamp"
    },
    ("lambda", "invoke"): {"Payload": "stream"},
    ("kms", "decrypt"): {"Plaintext": "blob"},
    ("kinesis", "get_records"): {"Records[].Data": "blob"},
    ("kinesis", "subscribe_to_shard"): {"EventStream": "stream"},
    ("sqs", "receive_message"): {
        "Messages[].MessageAttributes{}.BinaryValue": "blob",
    },
    ("dynamodb", "get_item"): {"Item{}.B": "blob", "Item{}.BS[]": "blob"},
    ("apigateway", "get_export"): {"body": "stream"},
    ("secretsmanager", "get_secret_value"): {
        "SecretBinary": "blob",
        "CreatedDate": "timestamp",
    },
    ("bedrock-runtime", "converse_stream"): {"stream": "stream"},
    # Its name breaks the rule that makes names of operations.
    ("mturk", "list_hits_for_qualification_type"): {"HITs[].CreationTime": "timestamp"},
}

PLAIN_SHAPES = [
    ("s3", "put_object"),
    ("sqs", "send_message"),
    ("sns", "publish"),
    ("ssm", "delete_parameters"),
    ("events", "put_events"),
    ("ses", "send_email"),
    ("iot-data", "publish"),
    ("lambda", "invoke_async"),
]

NO_SHAPES = [
    ("nope", "get_object"),
    ("s3", "nope"),
    ("s3", "get_paginator"),
    ("s3", "upload_file"),
    ("s3", "getObject"),
    ("", "get_object"),
    ("../s3", "get_object"),
    ("s3 resource", "get_object"),
    ("botocore", "get_object"),
]


@pytest.mark.parametrize("service, method", SHAPES)
def test_shape(shipped, service, method):
    paths = dict(boto_shapes.boto3_operation(service, method).paths())
    expected = SHAPES[service, method]
    assert {path: paths.get(path) for path in expected} == expected


@pytest.mark.parametrize("service, method", PLAIN_SHAPES)
def test_plain_shape(shipped, service, method):
    shape = boto_shapes.boto3_operation(service, method)
    assert shape.kind == "plain"
    assert list(shape.paths()) == []
    assert shape.item("Anything").kind == "plain"


@pytest.mark.parametrize("service, method", NO_SHAPES)
def test_no_shape(shipped, service, method):
    assert boto_shapes.boto3_operation(service, method) is None


def test_following_subscripts(shipped):
    shape = boto_shapes.boto3_operation("ec2", "describe_instances")
    assert shape.kind == "structure"
    assert shape.members.keys() == {"Reservations"}
    assert {"Reservations", "NextToken", "ResponseMetadata"} == shape.known
    assert shape.item("NextToken").kind == "plain"
    assert shape.item("ResponseMetadata").item("HTTPHeaders").kind == "plain"
    assert shape.item("Typo") is None
    reservations = shape.item("Reservations")
    assert reservations.kind == "list"
    assert reservations.item("Instances") is None
    instance = reservations.element.members["Instances"].item(None)
    assert instance.item("LaunchTime").kind == "timestamp"
    assert instance.item("LaunchTime").item("year") is None
    assert instance.item("InstanceId").kind == "plain"
    assert instance.item("State").item("Name").kind == "plain"
    assert instance.item(None) is None
    item = boto_shapes.boto3_operation("dynamodb", "get_item").members["Item"]
    assert item.kind == "map"
    assert item.item("any key").kind == item.value.kind == "structure"
    assert item.element is None


def test_structure_that_holds_itself(shipped):
    shape = boto_shapes.boto3_operation("wafv2", "get_web_acl")
    paths = [path for path, _ in shape.paths()]
    assert "WebACL.Rules[].Statement.ByteMatchStatement.SearchString" in paths
    assert len(paths) < 100
    statement = shape.item("WebACL").item("Rules").item(None).item("Statement")
    for _ in range(50):
        statement = statement.item("NotStatement").item("Statement")
    assert statement.item("ByteMatchStatement").item("SearchString").kind == "blob"


@pytest.mark.parametrize(
    "method, path",
    [
        ("get_item", "Item"),
        ("query", "Items[]"),
        ("scan", "Items[]"),
        ("scan", "LastEvaluatedKey"),
        ("update_item", "Attributes"),
        ("batch_get_item", "Responses{}[]"),
    ],
)
def test_resource_of_dynamodb(shipped, method, path):
    shape = boto_shapes.boto3_operation("dynamodb", method, resource=True)
    assert dict(shape.paths())[path] == "dynamodb item"
    client = boto_shapes.boto3_operation("dynamodb", method)
    assert "dynamodb item" not in dict(client.paths()).values()


def test_resource_of_another_service_has_no_items(shipped):
    shape = boto_shapes.boto3_operation("s3", "get_object", resource=True)
    assert dict(shape.paths())["Body"] == "stream"


MODEL = {
    "operations": {
        "GetObject": {"output": {"shape": "Output"}},
        "BrandNew": {"output": {"shape": "Output"}},
        "Nothing": {},
    },
    "shapes": {
        "Output": {
            "type": "structure",
            "members": {"When": {"shape": "Time"}, "Name": {"shape": "Text"}},
        },
        "Time": {"type": "timestamp"},
        "Text": {"type": "string"},
    },
}


def run_with_botocore(folder, version, model):
    """Return what the loader says beside a botocore with this text as a model."""
    versions = folder / "botocore" / "data" / "s3"
    for name in ("2001-01-01", "2006-03-01"):
        (versions / name).mkdir(parents=True)
    package = folder / "botocore" / "__init__.py"
    package.write_text(f"__version__ = '{version}'\nraise SystemError('imported')\n")
    (versions / "2006-03-01" / "service-2.json").write_text(model, encoding="utf-8")
    (versions / "2001-01-01" / "service-2.json").write_text("{}", encoding="utf-8")
    extras = {"merge": {"shapes": {"Text": {"type": "blob"}}}}
    path = versions / "2006-03-01" / "service-2.sdk-extras.json"
    path.write_text(json.dumps(extras), encoding="utf-8")
    program = """
import json
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import boto_shapes
found = {}
for method in ("get_object", "brand_new", "nothing", "put_object"):
    shape = boto_shapes.boto3_operation("s3", method)
    found[method] = shape and dict(shape.paths())
print(json.dumps(found))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def test_installed_models_decide_and_the_table_fills_in(tmp_path):
    found = run_with_botocore(tmp_path, "99.0", json.dumps(MODEL))
    assert found["get_object"] == {"When": "timestamp", "Name": "blob"}
    assert found["brand_new"] == {"When": "timestamp", "Name": "blob"}
    assert found["nothing"] == {}
    assert found["put_object"] == {}


def test_models_of_the_same_version_are_not_read(tmp_path):
    found = run_with_botocore(tmp_path, boto_shapes.boto3_version(), json.dumps(MODEL))
    assert found["get_object"]["Body"] == "stream"
    assert found["brand_new"] is None


def test_broken_models_are_passed_over(tmp_path):
    found = run_with_botocore(tmp_path, "99.0", "{ no JSON")
    assert found["get_object"]["Body"] == "stream"


def test_shipped_data_stays_small():
    """Under 1.5 MB in a wheel, which is compressed."""
    files = [path for path in Path(async_apis.DATA).rglob("*.json")]
    size_bytes = sum(len(zlib.compress(path.read_bytes())) for path in files)
    assert size_bytes < 1_500_000


# -- the real packages --------------------------------------------------------------


def installed(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        pytest.skip(f"{name} is not installed")


def kind_of(value):
    """Return the kind of a value that a call gave, and end it without a warning."""
    if inspect.iscoroutine(value):
        value.close()
        return "coroutine"
    if inspect.isasyncgen(value):
        return "async generator"
    if asyncio.isfuture(value):
        value.cancel()
        return "future"
    if inspect.iscoroutine(getattr(value, "_coro", None)):
        value._coro.close()
    if hasattr(value, "__aenter__"):
        return "awaitable" if hasattr(value, "__await__") else "async context"
    return "async iterator" if hasattr(value, "__anext__") else "plain"


def agrees(type, name, value):
    call = async_apis.method(type, name) if type else async_apis.async_function(name)
    assert kind_of(value) == call[0], (type, name)


def test_asyncio_agrees():
    async def check():
        for name in ("sleep", "to_thread", "wait_for", "wait", "open_connection"):
            function = getattr(asyncio, name)
            assert inspect.iscoroutinefunction(function)
            assert async_apis.async_function(f"asyncio.{name}")[0] == "coroutine"
        agrees(None, "asyncio.gather", asyncio.gather(asyncio.sleep(0)))
        task = asyncio.create_task(asyncio.sleep(0))
        agrees(None, "asyncio.shield", asyncio.shield(task))
        agrees(None, "asyncio.create_task", asyncio.create_task(asyncio.sleep(0)))
        agrees("asyncio.Lock", "acquire", asyncio.Lock().acquire())
        agrees("asyncio.Queue", "get", asyncio.Queue().get())
        agrees("asyncio.Event", "wait", asyncio.Event().wait())
        loop = asyncio.get_running_loop()
        made = loop.create_task(asyncio.sleep(0))
        agrees("asyncio.AbstractEventLoop", "create_task", made)
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(check())


@pytest.mark.parametrize("package", ["asyncio", "contextlib"])
def test_standard_library_agrees(package):
    """What the table lists of this Python's classes is `async def` there."""
    path = Path(async_apis.DATA, "async", f"{package}.json")
    table = json.loads(path.read_text(encoding="utf-8"))
    checked = 0
    for name in table["classes"]:
        module, _, attribute = name.rpartition(".")
        cls = getattr(importlib.import_module(module), attribute, None)
        for method, call in table["classes"][name].get("methods", {}).items():
            function = getattr(cls, method, None)
            if function is not None and call and call[0] == "coroutine":
                assert inspect.iscoroutinefunction(function), (name, method)
                checked += 1
    assert checked


@pytest.mark.filterwarnings("ignore:coroutine .AioSession:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:This should not be called:DeprecationWarning")
def test_aioboto3_agrees():
    aioboto3 = installed("aioboto3")

    async def check():
        session = aioboto3.Session("none", "none", region_name="us-east-1")
        agrees("aioboto3.Session", "client", session.client("s3"))
        agrees("aioboto3.Session", "resource", session.resource("s3"))
        for service in ("s3", "rds", "dsql"):
            async with session.client(service) as client:
                own = {"exceptions", "meta", "waiter_names"}
                for name in dir(client):
                    if name.startswith("_") or name in own:
                        continue
                    method = getattr(client, name)
                    if name in client.meta.method_to_api_mapping:
                        agrees(S3_CLIENT, name, method())
                    elif async_apis.method(S3_CLIENT, name)[0] == "coroutine":
                        assert inspect.iscoroutinefunction(method), name
                    else:
                        assert not inspect.iscoroutinefunction(method), name
        async with session.client("s3") as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket="b")
            waiter = client.get_waiter("object_exists")
        pages_type = "aiobotocore.paginate.AioPageIterator"
        agrees(pages_type, "search", pages.search("x"))
        agrees(pages_type, "build_full_result", pages.build_full_result())
        agrees("aiobotocore.waiter.AIOWaiter", "wait", waiter.wait(Bucket="b"))
        bucket_type = "aioboto3.resources.factory.s3.Bucket"
        async with session.resource("s3") as resource:
            bucket = await resource.Bucket("b")
            agrees(bucket_type, "upload_file", bucket.upload_file("a", "b"))
            agrees(bucket_type, "close", bucket.close())
            objects = async_apis.attribute(bucket_type, "objects")
            agrees(objects, "delete", bucket.objects.delete())
            agrees(objects, "pages", bucket.objects.pages())
            every = async_apis.method(objects, "all")[1]
            agrees(every, "delete", bucket.objects.all().delete())

    asyncio.run(check())


def test_aiohttp_agrees():
    aiohttp = installed("aiohttp")

    async def check():
        async with aiohttp.ClientSession() as session:
            for name in ("get", "post", "put", "ws_connect"):
                value = getattr(session, name)("http://localhost")
                agrees("aiohttp.ClientSession", name, value)
        agrees("aiohttp.ClientSession", "close", session.close())
        value = aiohttp.request("get", "http://localhost")
        agrees(None, "aiohttp.request", value)
        await value._session.close()

    asyncio.run(check())


def test_httpx_agrees():
    httpx = installed("httpx")
    client = httpx.AsyncClient()
    agrees("httpx.AsyncClient", "get", client.get("http://localhost"))
    agrees("httpx.AsyncClient", "stream", client.stream("GET", "http://localhost"))
    agrees("httpx.AsyncClient", "aclose", client.aclose())
    response = httpx.Response(200)
    agrees("httpx.Response", "aread", response.aread())
    agrees("httpx.Response", "aiter_lines", response.aiter_lines())


@pytest.mark.filterwarnings("ignore:Call to:Warning")
def test_redis_agrees():
    """Every command that the table lists is called; none needs a server for that."""
    redis = installed("redis.asyncio")
    client = redis.Redis()
    called = 0
    for name, call in sorted(
        async_apis.async_class("redis.asyncio.Redis").methods.items()
    ):
        if call[0] != "coroutine" or name not in dir(client):
            continue
        method = getattr(client, name)
        if inspect.iscoroutinefunction(method):
            continue
        needed = [
            parameter
            for parameter in inspect.signature(method).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        try:
            value = method(*["1" for _ in needed])
        except (TypeError, ValueError, AttributeError, redis.RedisError):
            continue
        assert kind_of(value) == "coroutine", name
        called += 1
    assert called > 150
    agrees("redis.asyncio.Redis", "scan_iter", client.scan_iter())


def test_openai_and_anthropic_agree():
    openai = installed("openai")
    anthropic = installed("anthropic")
    client = openai.AsyncOpenAI(api_key="none")
    value = client.chat.completions.create(model="m", messages=[])
    agrees("openai.resources.chat.AsyncCompletions", "create", value)
    agrees("openai.AsyncOpenAI", "close", client.close())
    other = anthropic.AsyncAnthropic(api_key="none")
    value = other.messages.create(model="m", messages=[], max_tokens=1)
    agrees("anthropic.resources.AsyncMessages", "create", value)


def test_files_and_databases_agree(tmp_path):
    aiofiles = installed("aiofiles")
    asyncpg = installed("asyncpg")
    agrees(None, "aiofiles.open", aiofiles.open(tmp_path / "a"))
    agrees(None, "asyncpg.connect", asyncpg.connect("postgresql://localhost"))

    async def check():
        pool = asyncpg.create_pool("postgresql://localhost", min_size=0)
        agrees("asyncpg.Pool", "fetch", pool.fetch("select 1"))
        agrees("asyncpg.Pool", "acquire", pool.acquire())

    asyncio.run(check())


def test_motor_agrees():
    motor = installed("motor.motor_asyncio")

    async def check():
        client = motor.AsyncIOMotorClient(serverSelectionTimeoutMS=1)
        orders = client.shop.orders
        name = "motor.motor_asyncio.AsyncIOMotorCollection"
        agrees(name, "find_one", orders.find_one({}))
        cursor = orders.find({}).sort("a")
        assert async_apis.method(name, "find")[1].endswith(type(cursor).__name__)
        client.close()

    asyncio.run(check())


HEADERS = {"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
ATTRIBUTES = b'{"Item": {"a": {"B": "AA=="}, "n": {"N": "1.5"}}}'
INSTANCES = b"""<r><reservationSet><item><instancesSet><item>
<launchTime>2026-01-01T00:00:00Z</launchTime>
</item></instancesSet></item></reservationSet></r>"""


@pytest.mark.parametrize(
    "service, method, arguments, body, path",
    [
        ("s3", "get_object", {"Bucket": "b", "Key": "k"}, b"x", "Body"),
        ("s3", "get_object", {"Bucket": "b", "Key": "k"}, b"x", "LastModified"),
        ("lambda", "invoke", {"FunctionName": "f"}, b"1", "Payload"),
        (
            "apigateway",
            "get_export",
            {"restApiId": "r", "stageName": "s", "exportType": "e"},
            b"{}",
            "body",
        ),
        (
            "dynamodb",
            "get_item",
            {"TableName": "t", "Key": {"a": {"S": "a"}}},
            ATTRIBUTES,
            "Item.a.B",
        ),
        (
            "ec2",
            "describe_instances",
            {},
            INSTANCES,
            "Reservations.0.Instances.0.LaunchTime",
        ),
        ("s3", "put_object", {"Bucket": "b", "Key": "k"}, b"", "ResponseMetadata"),
    ],
)
def test_botocore_agrees(service, method, arguments, body, path):
    """The real client parses a made-up answer; the type is what the table says."""
    session = installed("botocore.session").get_session()
    from botocore.awsrequest import AWSResponse
    from botocore.response import StreamingBody

    class Raw:
        """As much of urllib3's response as is read."""

        def stream(self, *args, **kwargs):
            yield body

        def read(self, *args, **kwargs):
            return body

    client = session.create_client(
        service,
        region_name="us-east-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )
    answer = AWSResponse("http://localhost", 200, HEADERS, Raw())
    client.meta.events.register("before-send", lambda **kwargs: answer)
    value = getattr(client, method)(**arguments)
    shape = boto_shapes.boto3_operation(service, method)
    for key in path.split("."):
        value = value[int(key) if key.isdigit() else key]
        shape = shape.item(None if key.isdigit() else key)
    kinds = {
        bytes: "blob",
        datetime.datetime: "timestamp",
        StreamingBody: "stream",
        dict: "plain",
    }
    (kind,) = [kind for cls, kind in kinds.items() if isinstance(value, cls)]
    assert shape.kind == kind


# -- the scripts --------------------------------------------------------------------


def test_boto3_script_gives_the_same_bytes(tmp_path):
    botocore = installed("botocore")
    if botocore.__version__ != boto_shapes.boto3_version():
        pytest.skip(f"the table is of botocore {boto_shapes.boto3_version()}")
    target = tmp_path / "boto3.json"
    command = [SCRIPTS / "make_boto3_shapes.py", "--target", target]
    subprocess.run([sys.executable, *command], check=True)
    assert target.read_bytes() == Path(async_apis.DATA, "boto3.json").read_bytes()


def test_async_script_gives_the_same_bytes(tmp_path):
    if sys.version_info < (3, 11):
        pytest.skip("the script needs Python 3.11")
    command = [SCRIPTS / "make_async_apis.py", "--target", tmp_path]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command], check=True, stderr=subprocess.PIPE
    )
    made = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert {"asyncio", "contextlib"} <= made.keys()
    # A package that is missing takes its types out of the others' tables.
    whole = b"is not installed" not in done.stderr
    compared = []
    for package, text in made.items():
        path = Path(async_apis.DATA, "async", f"{package}.json")
        shipped = json.loads(path.read_text(encoding="utf-8"))
        table = json.loads(text)
        same = all(table[key] == shipped[key] for key in ("version", "python"))
        if same and (whole or package in ("asyncio", "contextlib")):
            assert text == path.read_text(encoding="utf-8"), package
            compared.append(package)
    if not compared:
        pytest.skip("no table is of this Python and these packages")
