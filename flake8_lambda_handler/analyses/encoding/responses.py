"""Where the responses of boto3 hold what cannot be encoded."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from flake8_lambda_handler.analyses.encoding.kinds import DEFAULT
from flake8_lambda_handler.analyses.encoding.kinds import PLAIN
from flake8_lambda_handler.analyses.encoding.number_keys import LAST_KEY
from flake8_lambda_handler.analyses.encoding.number_keys import shows_number_key
from flake8_lambda_handler.analyses.encoding.refusals import JSON
from flake8_lambda_handler.analyses.encoding.refusals import Fault
from flake8_lambda_handler.analyses.encoding.refusals import object_fault
from flake8_lambda_handler.analyses.encoding.refusals import refused
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.libraries import boto
from flake8_lambda_handler.libraries import objects


def response_fault(value: boto.Boto, encoder: str) -> tuple[str, Fault] | None:
    """Return where in a boto3 response something cannot be encoded, and why."""
    found = None
    if value.type == boto.REPLY:
        found = _first_unsafe(value.operation, value.path, encoder)
        if found is None and encoder == JSON and value.path == (LAST_KEY,):
            found = ("", "number key") if shows_number_key(value.address) else None
    if found is None:
        return None
    inner, kind = found
    if kind == "timestamp":
        fault = object_fault(objects.DATETIME, encoder)
        if fault is not None and inner:
            fault = fault._replace(cure=DEFAULT if encoder == JSON else PLAIN)
    elif kind in _DECIMALS:
        fault = object_fault(objects.DECIMAL, encoder)
        if fault is not None:
            fault = fault._replace(what=_DECIMALS[kind])
    elif value.operation[:2] in _BODIES:
        fault = object_fault(objects.STREAM, encoder)
    else:
        fault = refused("", "read it")._replace(what="a stream")
    return None if fault is None else (inner, fault)


#: What holds `Decimal` numbers, in words.
_DECIMALS = {
    "dynamodb item": "a DynamoDB item, whose numbers are `Decimal`",
    "number key": "a key of DynamoDB with a `Decimal` number",
}

#: Operations whose stream is a `StreamingBody`; others may give an `EventStream`.
_BODIES = frozenset(
    {
        ("apigateway", "get_export"),
        ("bedrock-runtime", "invoke_model"),
        ("iot-data", "get_thing_shadow"),
        ("lambda", "invoke"),
        ("polly", "synthesize_speech"),
        ("s3", "get_object"),
        ("sagemaker-runtime", "invoke_endpoint"),
    }
)

#: Names of timestamps that a service always gives, as far as a name can say.
_ALWAYS = re.compile(
    r"attach|creat|issue|launch|modif|regist|request|start|submi|timestamp|updat", re.I
)
_SOMETIMES = re.compile(
    r"automat|defer|delet|end|expir|latest|next|restor|resum|schedul|until", re.I
)


#: The members of DynamoDB's responses that hold whole items.
_ITEMS = frozenset({"Attributes", "Item", "Items", "Responses"})


@lru_cache(maxsize=None)
def _first_unsafe(
    operation: boto.Operation, path: boto.Path, encoder: str
) -> tuple[str, str] | None:
    """Return the plainest place in a response that cannot be encoded, and its kind.

    Models do not say which members are always there. Streams are; timestamps are when
    their name sounds like it; bytes seldom are, and the runtime can encode them.
    """
    shape = boto.shape_of(operation, path)
    found = []
    places = shape.paths() if shape else ()
    for place, kind in itertools.islice(places, limits.RESPONSE_PLACES):
        name = place.rpartition(".")[2]
        if kind == "stream":
            found.append((0, place, kind))
        elif kind == "timestamp":
            credentials = place.endswith("Credentials.Expiration")
            if credentials or (_ALWAYS.search(name) and not _SOMETIMES.search(place)):
                found.append((1 + place.count("."), place, kind))
        elif kind == "dynamodb item" and encoder == JSON:
            # `LastEvaluatedKey` and its like have keys only, seldom a number.
            member = str(path[0]) if path else re.split(r"\W", place)[0]
            if member in _ITEMS:
                found.append((1 + place.count("."), place, kind))
    return min(found)[1:] if found else None
