"""What the top level of a module binds."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.facts.conditions import never_fails

#: How a condition always comes out; None where that is open.
Settle = Callable[[ast.expr], "bool | None"]


def bindings(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield each name that a module's top level binds, in order, with its statement.

    Blocks (`if`, `try`, `with`, loops) count, a `__main__` block does not.
    """
    stack: list[ast.stmt] = list(reversed(tree.body))
    while stack:
        node = stack.pop()
        yield from ((name, node) for name in _bound(node))
        if isinstance(node, DEFINITIONS):
            continue
        if isinstance(node, ast.If) and _is_main(node.test):
            stack.extend(reversed(node.orelse))
            continue
        for field in ("finalbody", "orelse", "handlers", "body", "cases"):
            for child in reversed(getattr(node, field, ())):
                if isinstance(child, ast.stmt):
                    stack.append(child)
                else:
                    stack.extend(reversed(getattr(child, "body", ())))


DEFINITIONS = (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef)


def _bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement itself binds, not what its blocks do."""
    if isinstance(node, DEFINITIONS):
        yield node.name
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    for expression in _expressions(node):
        for child in ast.walk(expression):
            if isinstance(child, ast.Name):
                if isinstance(child.ctx, ast.Store):
                    yield child.id
            elif isinstance(child, ast.Subscript) and isinstance(child.ctx, ast.Store):
                if name := global_item(child):
                    yield name


def _expressions(node: ast.stmt) -> Iterator[ast.expr]:
    """Yield the expressions of a statement in which names of the module are bound."""
    if isinstance(node, ast.Assign):
        yield from _walruses(node.value)
        yield from node.targets
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield node.target
    elif isinstance(node, (ast.If, ast.While)):
        yield from _walruses(node.test)
    elif isinstance(node, ast.Expr):
        yield from _walruses(node.value)


def _walruses(expression: ast.expr) -> Iterator[ast.expr]:
    """Yield the targets of `:=` in an expression; what functions do is theirs."""
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.NamedExpr):
            yield node.target
        if not isinstance(node, (ast.Constant, ast.Lambda, ast.Name)):
            stack.extend(ast.iter_child_nodes(node))


def global_item(node: ast.Subscript) -> str | None:
    """Return the name that `globals()["name"]` is about."""
    if (
        isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "globals"
    ):
        return node.slice.value
    return None


def is_own_module(node: ast.expr) -> bool:
    """Return whether an expression is `sys.modules[__name__]`."""
    return (
        isinstance(node, ast.Subscript)
        and getattr(node.slice, "id", "") == "__name__"
        and getattr(node.value, "attr", "") == "modules"
    )


def _is_main(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
    )


def last_binding(tree: ast.Module, name: str) -> ast.stmt | None:
    """Return the statement that binds a name last at a module's top level."""
    found = None
    for bound, node in bindings(tree):
        if bound == name:
            found = node
    return found


def last_bindings(tree: ast.Module, settle: Settle) -> dict[str, list[ast.stmt]]:
    """Return, for each name, the statements of which one binds it for good.

    There are several where a condition, or an exception, chooses between them; they are
    in file order.
    """
    return {
        name: sorted(
            filter(None, nodes), key=lambda node: (node.lineno, node.col_offset)
        )
        for name, nodes in _block(tree.body, settle).items()
    }


#: What binds each name at the end of a block; None stands for what did at its start.
_Ends = dict[str, "tuple[ast.stmt | None, ...]"]

#: Statements of which one may bind a name; more say nothing new.
_MOST_ENDS = 20


def _block(body: Iterable[ast.stmt], settle: Settle) -> _Ends:
    found: _Ends = {}
    for node in body:
        found.update((name, (node,)) for name in _bound(node))
        if isinstance(node, ast.If):
            inner = _either(*_arms(node, settle))
        elif isinstance(node, ast.Try):
            inner = _tried(node, settle)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            inner = _block(node.body, settle)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            inner = _either({}, _block(node.body, settle))
            inner = _then(inner, _block(node.orelse, settle))
        elif isinstance(node, ast.Match):
            inner = _either({}, *[_block(case.body, settle) for case in node.cases])
        else:
            continue
        found = _then(found, inner)
    return found


def _arms(node: ast.If, settle: Settle) -> Iterator[_Ends]:
    """Yield what the arms of a condition do that can run."""
    rest: list[ast.stmt] = [node]
    # A loop, because programs write chains of thousands of `elif`.
    while len(rest) == 1 and isinstance(rest[0], ast.If):
        node = rest[0]
        is_chosen = False if _is_main(node.test) else settle(node.test)
        if is_chosen is not False:
            yield _block(node.body, settle)
        if is_chosen:
            return
        rest = node.orelse
    yield _block(rest, settle)


def _tried(node: ast.Try, settle: Settle) -> _Ends:
    body = _block(node.body, settle)
    ends = [_then(body, _block(node.orelse, settle))]
    for handler in () if never_fails(node) else node.handlers:
        if not isinstance(handler.body[-1], ast.Raise):
            ends.append(_then(_either({}, body), _block(handler.body, settle)))
    return _then(_either(*ends), _block(node.finalbody, settle))


def _either(*ends: _Ends) -> _Ends:
    """Return what binds each name where one of several blocks has run."""
    names = dict.fromkeys(name for end in ends for name in end)
    return {
        name: _few(node for end in ends for node in end.get(name, (None,)))
        for name in names
    }


def _then(first: _Ends, second: _Ends) -> _Ends:
    """Return what binds each name after two blocks; the first is used up."""
    for name, nodes in second.items():
        if None in nodes:
            nodes = _few((*first.get(name, (None,)), *filter(None, nodes)))
        first[name] = nodes
    return first


def _few(nodes: Iterable[ast.stmt | None]) -> tuple[ast.stmt | None, ...]:
    return tuple(dict.fromkeys(nodes))[-_MOST_ENDS:]


def star_imports(tree: ast.Module) -> list[ast.ImportFrom]:
    """Return the `from x import *` statements of a module's top level."""
    return [
        node
        for name, node in bindings(tree)
        if name == "*" and isinstance(node, ast.ImportFrom)
    ]
