"""Calls that take plain data: a coroutine among what they are given is refused.

Whoever hands one to them has forgotten an `await`: the call raises `TypeError` or its
like, and nothing runs the coroutine. Observed on Python 3.10 to 3.13.
"""

from __future__ import annotations

from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import boto

#: Modules whose functions take nothing but data.
MODULES = frozenset(
    {
        "base64",
        "binascii",
        "bz2",
        "datetime",
        "decimal",
        "fractions",
        "gzip",
        "hashlib",
        "hmac",
        "html",
        "ipaddress",
        "math",
        "os.path",
        "re",
        "requests",
        "shlex",
        "statistics",
        "struct",
        "textwrap",
        "time",
        "urllib.parse",
        "urllib.request",
        "uuid",
        "zlib",
    }
)

#: Functions of other modules.
FUNCTIONS = frozenset(
    {
        "ast.literal_eval",
        "builtins.bytes",
        "builtins.chr",
        "builtins.divmod",
        "builtins.float",
        "builtins.hex",
        "builtins.open",
        "builtins.ord",
        "builtins.pow",
        "builtins.range",
        "copy.deepcopy",
        "csv.DictReader",
        "csv.reader",
        "dataclasses.asdict",
        "fastapi.encoders.jsonable_encoder",
        "fastapi.responses.JSONResponse",
        "flask.jsonify",
        "io.BytesIO",
        "io.StringIO",
        "json.load",
        "json.loads",
        "orjson.dumps",
        "os.listdir",
        "os.makedirs",
        "os.remove",
        "pathlib.Path",
        "pathlib.PurePath",
        "random.randint",
        "random.uniform",
        "starlette.responses.JSONResponse",
        "subprocess.check_output",
        "subprocess.run",
        "tarfile.open",
        "zipfile.ZipFile",
    }
)

#: Those that refuse a coroutine in the first place, and hand on all that it holds.
MOVING = frozenset(
    {"dataclasses.replace", "random.choice", "random.choices", "random.sample"}
    | {"random.shuffle"}
)

#: Types whose methods take nothing but data.
TYPES = frozenset({boto.CLIENT, boto.RESOURCE, boto.TABLE, "requests.Session"})


def takes_data(name: str) -> bool:
    """Return whether a call from outside the project refuses coroutines."""
    module = name.rpartition(".")[0]
    while module:
        if module in MODULES:
            return True
        module = module.rpartition(".")[0]
    return name in FUNCTIONS or name in MOVING


def refuse(run: Run, call: Call) -> Call:
    """Report the coroutines that a call refuses; return the call without them."""
    how = f"`{call.name.removeprefix('builtins.')}()`"
    if call.name in MOVING:
        run.misuse(call.argument(0), call.node, how)
        return call
    for value in call.values():
        run.dump(value, call.node, how)
    return call._replace(
        args=[_data(value) for value in call.args],
        keywords={name: _data(value) for name, value in call.keywords.items()},
    )


def _data(value: Value) -> Value:
    """Return a value, with anything in place of the coroutines that it may be."""
    if not any(isinstance(one, Coroutine) for one in each(value)):
        return value
    return join(
        *[UNKNOWN if isinstance(one, Coroutine) else one for one in each(value)]
    )
