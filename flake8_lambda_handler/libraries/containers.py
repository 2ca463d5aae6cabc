"""Lists, tuples, sets and dicts: their methods, and the builtins that make them."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_all
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries.callbacks import unrun
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import pairs


def extend(run: Run, left: Container, right: Value, node: ast.AST) -> None:
    """Carry out `left += right` or `left |= right` on a container."""
    items = run.items(left)
    if left.kind == "dict":
        run.update(left, run.merge(items, right), right, node)
        return
    if isinstance(right, Container):
        for value in run.items(right).values():
            items = items.add(value)
        run.update(left, items, right, node)
        return
    run.update(left, items.add(run.iterate(right, node)), node=node)


#: Iterators, and the first argument of which they give the elements themselves.
ITERATORS = {
    "itertools.accumulate": None,
    "itertools.chain": 0,
    "itertools.chain.from_iterable": 0,
    "itertools.combinations": None,
    "itertools.count": None,
    "itertools.cycle": 0,
    "itertools.dropwhile": 1,
    "itertools.filterfalse": 1,
    "itertools.groupby": 0,
    "itertools.islice": 0,
    "itertools.pairwise": None,
    "itertools.permutations": None,
    "itertools.product": None,
    "itertools.repeat": None,
    "itertools.starmap": None,
    "itertools.takewhile": 1,
    "itertools.zip_longest": None,
}


@call_of(
    "builtins.list",
    "builtins.tuple",
    "builtins.set",
    "builtins.frozenset",
    "builtins.sorted",
    "builtins.reversed",
    "builtins.iter",
    "collections.deque",
)
def _copy(run: Run, call: Call) -> Value:
    name = call.name
    name = name.rpartition(".")[2]
    kind = {"sorted": "list", "iter": "iterator"}.get(name, name)
    if not call.args:
        return run.container(kind, Items(), call.node)
    source = call.args[0]
    if name == "iter" and len(call.args) == 2:
        given = run.call(source, [], {}, Marker(call.node))
        return run.container(kind, Items({}, given), call.node)
    is_ordered = name == "sorted" and "key" not in call.keywords
    if is_ordered and isinstance(source, Container):
        run.look_at(run.items(source).element(), call.node, "`sorted()`")
    if isinstance(source, Container) and source.kind != "dict":
        items = run.items(source)
        if name in ("list", "tuple") and source.kind in ("list", "tuple"):
            return run.container(kind, items, call.node)
        return run.container(kind, Items({}, join_all(items.values())), call.node)
    return run.container(kind, Items({}, run.iterate(source, call.node)), call.node)


@call_of("builtins.enumerate", "builtins.zip")
def _pairs(run: Run, call: Call) -> Value:
    values = [run.iterate(value, call.node) for value in call.args]
    if call.name == "builtins.enumerate":
        values = [Object("builtins.int", None), *values[:1]]
    return pairs(run, call.name.removeprefix("builtins."), values, call.node)


@call_of("builtins.map", "builtins.filter")
def _map(run: Run, call: Call) -> Value:
    if not call.args:
        return UNKNOWN
    function = call.args[0]
    values = [run.iterate(value, call.node) for value in call.args[1:]]
    if call.name == "builtins.filter":
        unrun(run, function, call.node, "`filter`")
        return run.container(
            "filter", Items({}, values[0] if values else UNKNOWN), call.node
        )
    result = run.call(function, values, {}, Marker(call.node))
    return run.container("map", Items({}, result), call.node)


@call_of("builtins.dict", "collections.OrderedDict")
def _dict(run: Run, call: Call) -> Value:
    items = Items()
    for value in call.args:
        run.misuse(value, call.node, "`dict()`")
        items = run.merge(items, value)
    return run.container("dict", _with(items, call.keywords), call.node)


@call_of("builtins.dict.fromkeys")
def _from_keys(run: Run, call: Call) -> Value:
    key = run.iterate(call.argument(0), call.node)
    value = call.args[1] if len(call.args) > 1 else NONE
    return run.container("dict", Items({}, value, key), call.node)


def _with(items: Items, keywords: dict[str, Value]) -> Items:
    """Return the items of a dict with those that keywords give."""
    if REST in keywords:
        return Items({}, UNKNOWN, UNKNOWN)
    given: dict[object, Value] = dict(keywords.items())
    return items.with_all(given)


def _give(run: Run, receiver: Container, call: Call) -> None:
    """Put the keywords of a call into a dict."""
    added = join_all([*call.keywords.values()])
    run.update(receiver, _with(run.items(receiver), call.keywords), added, call.node)


def kind_of(name: str) -> str:
    """Return the class of what an iterator's name makes."""
    return name.split(".")[1]


@call_of(*ITERATORS)
def _iterated(run: Run, call: Call) -> Value:
    """Return what goes through what it is given, and gives elements of that."""
    kind = kind_of(call.name)
    first = ITERATORS[call.name]
    if first is None:
        for value in call.values():
            run.escape(value)
        return run.container(kind, Items({}, UNKNOWN), call.node)
    given = call.args[first : None if kind == "chain" else first + 1]
    elements = [run.iterate(value, call.node) for value in given]
    if call.name.endswith("from_iterable"):
        elements = [run.iterate(value, call.node) for value in elements]
    element = join_all(elements) or UNKNOWN
    if kind == "groupby":
        group = run.container("_grouper", Items({}, element), Marker(call.node))
        return pairs(run, kind, [UNKNOWN, group], call.node)
    return run.container(kind, Items({}, element), call.node)


@call_of("heapq.heappush", "heapq.heappop", "heapq.heappushpop", "heapq.heapreplace")
def _heap(run: Run, call: Call) -> Value:
    heap, added = call.argument(0), call.argument(1)
    if not isinstance(heap, Container):
        for value in call.values():
            run.escape(value)
        return UNKNOWN
    items = run.items(heap)
    found = items.element()
    if call.name == "heapq.heappop":
        run.update(heap, _without_one(items))
    elif call.name == "heapq.heapreplace":
        last = max(len(items.known) - 1, 0)
        left = _without_one(items)._replace(known={last: added})
        run.update(heap, left, added, call.node)
    else:
        run.update(heap, items.add(added), added, call.node)
    if call.name == "heapq.heappushpop":
        found = run.items(heap).element()
        run.update(heap, _without_one(run.items(heap)))
    return NONE if call.name == "heapq.heappush" else found


@call_of("builtins.any", "builtins.all")
def _scan(run: Run, call: Call) -> Value:
    for value in call.args:
        run.look_at(value, call.node, f"`{call.name.removeprefix('builtins.')}()`")
    return UNKNOWN


@call_of("builtins.next", "builtins.anext", "builtins.aiter", "contextlib.aclosing")
def _next(run: Run, call: Call) -> Value:
    if call.name == "builtins.next" and call.args:
        return run.iterate(call.args[0], call.node)
    for value in call.args:
        run.drive(value)
    return UNKNOWN


def method(run: Run, receiver: Container, call: Call) -> Value:
    items = run.items(receiver)
    first = call.argument(0)
    if call.name in ("append", "add", "appendleft") and call.args:
        run.stow(receiver, getattr(call.node, "func", call.node), first, call.node)
        run.update(receiver, items.add(first), first, call.node)
        return NONE
    if call.name == "insert" and len(call.args) > 1:
        run.update(receiver, items.add(call.args[1]), call.args[1], call.node)
        return NONE
    if call.name in ("extend", "update") and len(call.args) == 1:
        extend(run, receiver, first, call.node)
        if call.keywords and receiver.kind == "dict":
            _give(run, receiver, call)
        return NONE
    if call.name == "update":
        _give(run, receiver, call)
        return NONE
    if call.name in ("get", "setdefault", "pop") and receiver.kind == "dict":
        default = call.args[1] if len(call.args) > 1 else NONE
        key = first.value if isinstance(first, Const) else None
        if (
            call.name == "setdefault"
            and isinstance(first, Const)
            and key not in items.known
        ):
            run.update(receiver, items.set(key, default), default, call.node)
            return default
        if call.name == "setdefault" and not isinstance(first, Const):
            run.update(receiver, items.add(default, first), default, call.node)
        found = join(items.element(), default) if items.values() else default
        if isinstance(first, Const) and key in items.known:
            found = items.get(key)
        if call.name == "pop":
            run.remove(receiver, first)
        return run.or_kept(found, receiver.address)
    if call.name in ("pop", "popitem", "popleft"):
        run.update(receiver, _without_one(items))
        found = items.element()
        if call.name != "popitem":
            return found
        return run.container("tuple", Items({0: UNKNOWN, 1: found}), call.node)
    if call.name == "copy":
        return run.container(receiver.kind, items, call.node)
    if call.name in ("keys", "values", "items") and receiver.kind == "dict":
        keys: list[Value] = [Const(key) for key in items.known]
        if items.keys is not None:
            keys.append(items.keys)
        key_value = join(*keys) if keys else UNKNOWN
        if call.name == "keys":
            held = Items(dict(enumerate(keys[: len(items.known)])), items.keys)
            return run.container("dict_keys", held, call.node)
        if call.name == "values":
            held = Items(dict(enumerate(items.known.values())), items.rest)
            return run.container("dict_values", held, call.node)
        return pairs(run, "dict_items", [key_value, items.element()], call.node)
    if call.name == "clear":
        run.update(receiver, Items())
        return NONE
    if call.name in ("sort", "reverse"):
        if "key" in call.keywords:
            unrun(run, call.keywords["key"], call.node, "`sort`")
        run.update(receiver, Items({}, join_all(items.values())))
        return NONE
    if call.name in ("count", "index"):
        return Object(objects.INT, None)
    for value in (receiver, *call.args, *call.keywords.values()):
        run.drive(value)
    if call.name in ("remove", "discard"):
        run.update(receiver, _without_one(items))
        return NONE
    if receiver.kind in ("frozenset", "set") and call.name in SET_METHODS:
        return run.container(receiver.kind, Items({}, UNKNOWN), call.node)
    return UNKNOWN


def _without_one(items: Items) -> Items:
    """Return items of which one, nobody knows which, is gone; of many, others are left."""
    is_counted = items.rest is None
    left = [*items.values(), *([UNKNOWN] if is_counted else [])]
    return Items({}, join_all(left), items.keys)


#: Methods of a set that give a new one.
SET_METHODS = frozenset({"difference", "intersection", "symmetric_difference", "union"})
