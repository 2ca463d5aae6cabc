"""What the parameters of tests are, by the fixtures of their names."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.facts import fixtures
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.constructions import Construction
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow import injected
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Value

#: Finds what an import in a module loads, by its name and level.
Find = Callable[[Module, str, int], "Module | None"]

#: What a fixture that yields says that it gives.
_YIELDING = frozenset(
    {"AsyncGenerator", "AsyncIterable", "AsyncIterator", "Generator", "Iterable"}
    | {"Iterator"}
)


def given_to_test(
    world: World,
    find: Find,
    evaluated: injected.Evaluated,
    name: str,
    home: Module,
) -> Value:
    """Return the class of what a test of a module gets under the name of a parameter."""
    for level in range(fixtures.LEVELS + 1):
        module = find(home, "conftest", level) if level else home
        if module is None:
            continue
        if fixtures.may_be_others(module.tree, module.text, name):
            return UNKNOWN
        fixture = fixtures.named(module.tree, name)
        if fixture is not None:
            return _of(world, evaluated, fixture, module)
    return UNKNOWN


def _of(
    world: World,
    evaluated: injected.Evaluated,
    fixture: fixtures.Fixture,
    module: Module,
) -> Value:
    said = fixture.returns
    if isinstance(said, ast.Subscript) and hints.last_name(said.value) in _YIELDING:
        said = said.slice.elts[0] if isinstance(said.slice, ast.Tuple) else said.slice
    if said is not None:
        return world.declared(Hint(said, module, None))
    given = fixtures.given_by(fixture)
    if given is None:
        return UNKNOWN
    made = Construction(ast.Call(given, [], []), fixture, None)
    return injected.class_of(world, module, made, given, evaluated)
