"""Responses of boto3: where they hold datetimes, bytes and streams.

`data/boto3.json` is generated from botocore by `scripts/make_boto3_shapes.py`. Only the
one service that is asked for is decoded, once per process.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

#: Where the tables are shipped.
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


class Shape:
    """What is known of one place in a boto3 response.

    `kind` is `structure`, `list` or `map` where something below cannot be encoded as
    JSON; `timestamp` (a `datetime`), `blob` (`bytes`), `stream` (a `StreamingBody` or
    an `EventStream`) or `dynamodb item` (a dict whose values hold `Decimal`, sets of
    `str`, `Decimal` or bytes, and `Binary`) where the value itself cannot; `plain`
    where it and all below it is text, numbers, booleans, lists and dicts.
    """

    __slots__ = ("_shapes", "_spec")

    def __init__(self, spec: str | int | None, shapes: list[Any]) -> None:
        self._spec = shapes[spec] if isinstance(spec, int) else spec
        self._shapes = shapes

    @property
    def kind(self) -> str:
        """The kind, see the class."""
        spec = self._spec
        if isinstance(spec, str):
            return spec
        if isinstance(spec, list):
            return str(spec[0])
        return "plain" if spec is None else "structure"

    @property
    def members(self) -> dict[str, Shape]:
        """The members of a structure that are not plain; empty for other kinds."""
        spec = self._spec
        if not isinstance(spec, dict):
            return {}
        return {
            name: Shape(below, self._shapes) for name, below in spec.items() if name
        }

    @property
    def known(self) -> frozenset[str]:
        """Names of all members of a structure, also of the plain ones."""
        spec = self._spec
        if not isinstance(spec, dict):
            return frozenset()
        names = {*spec, *spec.get("", "").split(), "ResponseMetadata"}
        return frozenset(names - {""})

    @property
    def element(self) -> Shape | None:
        """The elements of a list, or None."""
        return self._below("list")

    @property
    def value(self) -> Shape | None:
        """The values of a map, or None."""
        return self._below("map")

    def item(self, key: str | None) -> Shape | None:
        """Return what subscripting gives: `key` is a member or key, None an index.

        A member that is not in the model gives None: nothing is known of it.
        """
        if key is None or self.kind == "map":
            return self.value if self.kind == "map" else self.element
        spec = self._spec
        if spec is None:
            return self
        if not isinstance(spec, dict) or not key:
            return None
        if key in spec:
            return Shape(spec[key], self._shapes)
        return Shape(None, self._shapes) if key in self.known else None

    def paths(self) -> Iterator[tuple[str, str]]:
        """Yield every place that JSON cannot hold, as `Buckets[].CreationDate`.

        `[]` stands for the elements of a list, `{}` for the values of a map. A
        structure that holds itself is entered once.
        """
        yield from self._paths("", ())

    def _paths(self, path: str, above: tuple[int, ...]) -> Iterator[tuple[str, str]]:
        spec = self._spec
        if isinstance(spec, str):
            yield path, spec
        if spec is None or id(spec) in above:
            return
        above = (*above, id(spec))
        for name, below in self.members.items():
            yield from below._paths(f"{path}.{name}" if path else name, above)
        if self.element is not None:
            yield from self.element._paths(f"{path}[]", above)
        if self.value is not None:
            yield from self.value._paths(f"{path}{{}}", above)

    def _below(self, kind: str) -> Shape | None:
        spec = self._spec
        if isinstance(spec, list) and spec[0] == kind:
            return Shape(spec[1], self._shapes)
        return None


def boto3_operation(service: str, method: str, resource: bool = False) -> Shape | None:
    """Return the response of a boto3 client's method, such as `s3`, `get_object`.

    With `resource`, the client belongs to `boto3.resource("dynamodb")`, or `method` is
    one of its `Table`: items come as Python values there. None for an unknown service
    or method.

    The models of the installed botocore decide, read from its files without importing
    it (4 to 70 ms for each service that is asked for). For what it does not have, and
    when it is of the version that the shipped table was made from, the table does.
    """
    if not re.fullmatch("[a-z0-9][a-z0-9.-]*", service):
        return None
    resource = resource and service == "dynamodb"
    # Python's name differs from the model's only by case and underscores, wherever
    # these go: `ExecutePartiQLBatch` is `execute_partiql_batch`.
    name = method.replace("_", "")
    for table in (
        _installed_service(service, resource),
        _shipped_service(service_key(service, resource)),
    ):
        if name in table["operations"]:
            return Shape(table["operations"][name], table["shapes"])
    return None


def compact(model: dict[str, Any], items: bool = False) -> dict[str, Any]:
    """Return a botocore service model reduced to what JSON cannot hold.

    `operations` maps the model's name of each operation to the shape of its response:
    None for a plain one, the name of a kind, or an index into `shapes`, where there
    are `{member: shape, "": "plain members"}`, `["list", shape]`, `["map", shape]`.
    With `items`, a map of DynamoDB's `AttributeValue` is a `dynamodb item`.
    """
    shapes = model["shapes"]
    below = {name: list(_below(shape)) for name, shape in shapes.items()}
    above: dict[str, list[str]] = {}
    for name, names in below.items():
        for inner in names:
            above.setdefault(inner, []).append(name)
    leaves = {name: leaf for name in shapes if (leaf := _leaf(shapes, name, items))}
    unsafe = set(leaves)
    queue = list(unsafe)
    while queue:
        for name in above.get(queue.pop(), ()):
            if name not in unsafe:
                unsafe.add(name)
                queue.append(name)

    indexes: dict[str, int] = {}
    found: list[Any] = []

    def reference(name: str) -> str | int | None:
        if name in leaves:
            return leaves[name]
        if name not in unsafe:
            return None
        if name not in indexes:
            indexes[name] = len(found)
            found.append(None)
            found[indexes[name]] = described(shapes[name])
        return indexes[name]

    def described(shape: dict[str, Any]) -> Any:
        if shape["type"] == "list":
            return ["list", reference(shape["member"]["shape"])]
        if shape["type"] == "map":
            return ["map", reference(shape["value"]["shape"])]
        members: dict[str, Any] = {}
        plain = []
        for name, member in shape["members"].items():
            spec = reference(member["shape"])
            # A blob that is the whole body comes as a stream, also where the model
            # does not say so (botocore.model.OperationModel._get_streaming_body,
            # 1.44.5, read 2026-11-21).
            if spec == "blob" and shape.get("payload") == name:
                spec = "stream"
            if spec is None:
                plain.append(name)
            else:
                members[name] = spec
        if plain:
            members[""] = " ".join(sorted(plain))
        return dict(sorted(members.items()))

    operations = {
        name: reference(operation["output"]["shape"]) if "output" in operation else None
        for name, operation in sorted(model["operations"].items())
    }
    return {"operations": operations, "shapes": found}


_NO_SERVICE: dict[str, Any] = {"operations": {}, "shapes": []}


def read_model(folder: str) -> dict[str, Any] | None:
    """Return the newest model in a service's folder of botocore's data.

    None when the folder has none. What the kit adds to a model (`sdk-extras`) is
    merged in.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is not JSON.
    """
    for version in sorted(os.listdir(folder), reverse=True):
        base = os.path.join(folder, version, "service-2")
        model = _read_json(f"{base}.json")
        if model is not None:
            extras = _read_json(f"{base}.sdk-extras.json") or {}
            _merge(model, extras.get("merge", {}))
            return model
    return None


def service_key(service: str, resource: bool) -> str:
    """Return the key of a service in the shipped table."""
    return f"{service} resource" if resource else service


@lru_cache(maxsize=None)
def _installed_service(service: str, resource: bool) -> dict[str, Any]:
    folder = _installed_models()
    if folder is None:
        return _NO_SERVICE
    try:
        model = read_model(os.path.join(folder, service))
    except (OSError, ValueError):
        return _NO_SERVICE
    return _by_method(_NO_SERVICE if model is None else compact(model, items=resource))


@lru_cache(maxsize=None)
def _shipped_service(key: str) -> dict[str, Any]:
    """Read one line of the table; every service stands on a line of its own."""
    start = f"{json.dumps(key)}: ".encode()
    with open(os.path.join(DATA, "boto3.json"), "rb") as file:
        for line in file:
            if line.startswith(start):
                return _by_method(json.loads(line[len(start) :].rstrip(b",\n")))
    return _NO_SERVICE


def _by_method(table: dict[str, Any]) -> dict[str, Any]:
    operations = table["operations"]
    by_method = {name.lower(): shape for name, shape in operations.items()}
    return {**table, "operations": by_method}


@lru_cache(maxsize=None)
def boto3_version() -> str:
    """Return the version of botocore that the shipped table was made from."""
    with open(os.path.join(DATA, "boto3.json"), encoding="utf-8") as file:
        file.readline()
        line = file.readline().rstrip(",\n")
    return str(json.loads("{" + line + "}")["botocore version"])


@lru_cache(maxsize=None)
def _installed_models() -> str | None:
    """Return the data folder of an installed botocore whose models are to be read."""
    spec = importlib.util.find_spec("botocore")
    if spec is None or not spec.origin:
        return None
    folder = os.path.join(os.path.dirname(spec.origin), "data")
    try:
        with open(spec.origin, encoding="utf-8") as file:
            version = re.search(r"(?m)^__version__ = ['\"](.+)['\"]", file.read())
    except (OSError, ValueError):
        return None
    if version and version.group(1) == boto3_version():
        return None
    return folder if os.path.isdir(folder) else None


def _below(shape: dict[str, Any]) -> Iterator[str]:
    if shape["type"] == "structure":
        for member in shape.get("members", {}).values():
            yield member["shape"]
    elif shape["type"] == "list":
        yield shape["member"]["shape"]
    elif shape["type"] == "map":
        yield shape["value"]["shape"]


def _leaf(shapes: dict[str, Any], name: str, items: bool) -> str | None:
    shape = shapes[name]
    if shape.get("eventstream"):
        return "stream"
    if shape["type"] in ("timestamp", "blob"):
        return str(shape["type"])
    if items and shape["type"] == "map":
        if shape["value"]["shape"] == "AttributeValue":
            return "dynamodb item"
    return None


def _read_json(path: str) -> dict[str, Any] | None:
    """Read a file that botocore ships packed or not; None when there is neither."""
    found: dict[str, Any] | None = None
    if os.path.exists(f"{path}.gz"):
        # Brings in five modules that only an installed botocore needs.
        import gzip

        with gzip.open(f"{path}.gz", "rb") as packed:
            found = json.load(packed)
    elif os.path.exists(path):
        with open(path, "rb") as file:
            found = json.load(file)
    return found


def _merge(base: dict[str, Any], extra: dict[str, Any]) -> None:
    for key, value in extra.items():
        if isinstance(base.get(key), dict) and isinstance(value, dict):
            _merge(base[key], value)
        else:
            base[key] = value
