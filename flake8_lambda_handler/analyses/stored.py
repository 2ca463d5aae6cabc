"""Coroutines that become attributes of objects, and what the project does with those.

Nothing runs such a coroutine if every place that reads an attribute of that name uses it
as a plain value, or if none reads it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.coroutines import DRIVEN
from flake8_lambda_handler.analyses.coroutines import Undriven
from flake8_lambda_handler.analyses.coroutines import comes_to
from flake8_lambda_handler.analyses.coroutines import coroutine
from flake8_lambda_handler.analyses.coroutines import cure
from flake8_lambda_handler.facts import reads
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.events import Stored
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.fates import STORED
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.path import way_to
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.libraries.data_models import DATA_CLASSES
from flake8_lambda_handler.libraries.data_models import EMPTY_BASES
from flake8_lambda_handler.libraries.data_models import decorated_with
from flake8_lambda_handler.session import Session

#: What a text mentions that reads attributes without their names.
BY_ANY_NAME = ("__dict__", "__getattr", "attrgetter(", "vars(")


def undriven(session: Session, summary: Summary, module: Module) -> Iterator[Undriven]:
    """Yield the coroutines that a body leaves in attributes, where nothing runs them."""
    run = summary.activation
    for event in summary.events:
        if not isinstance(event, Stored) or run is None:
            continue
        address = event.value.address
        made = summary.made(event.value)
        node = written(address.node)
        if made is None or not module.owns(node) or len(way_to(address, run.frame)) > 1:
            continue
        if not _is_left(summary, address):
            continue
        is_hidden = event.name.startswith("_") or _stays_inside(summary, event.owner)
        facts = run.world.class_facts(event.owner.cls)
        fate, is_used = session.once(_fate, (facts, event.name, made.kind, module))
        if not fate and not isinstance(facts.find(event.name), Descriptor):
            fate = _fate_at_once(module, node, event)
            is_used = bool(fate)
        if fate and (is_used or is_hidden or find.of(session, module)):
            name = coroutine(made, address, module)
            mended = cure(made, run.frame)
            yield Undriven(
                node, name, fate, mended, made, address, run.frame, node, run.frame
            )


def _is_left(summary: Summary, address: Address) -> bool:
    """Return whether each way out of a body leaves a coroutine where it was stored."""
    states = [state for _, state, _ in summary.returns]
    return all(state.fates.get(address) in (None, STORED) for state in states)


def _stays_inside(summary: Summary, owner: Instance) -> bool:
    """Return whether only the body that makes an object, and what it calls, know it."""
    states = [state for _, state, _ in summary.returns]
    return (
        owner.address is not None
        and not owner.address.shared
        and not any(state.fates.get(owner.address) == DONE for state in states)
        and owner.address not in summary.reached_by_returns()
    )


def _fate(
    session: Session, about: tuple[ClassFacts, str, str, Module]
) -> tuple[str, bool]:
    """Return what becomes of coroutines in an attribute, and whether it is used at all.

    Nothing is said of those that may be run.
    """
    facts, name, kind, module = about
    uses = _uses(session, facts, name)
    if uses is None or any(one.how is None for _, one in uses):
        return "", False
    fate = f"is kept in `.{name}` and never {DRIVEN.get(kind, 'awaited')}"
    # What stands in the file itself is most useful to know.
    for where, one in sorted(uses, key=lambda use: use[0] is not module):
        if one.how:
            what = f"{one.how} ({paths.from_file(where, one.node, module)})"
            return f"{fate}; {comes_to(one.how, what, kind)}", True
    return fate, False


def _fate_at_once(module: Module, made: ast.AST, event: Stored) -> str:
    """Return what comes of a coroutine that is used before anything else happens."""
    one = reads.at_once(module.tree, made, event.name)
    if one is None or not one.how:
        return ""
    what = f"{one.how} ({paths.from_file(module, one.node, module)})"
    fate = comes_to(one.how, what, event.value.kind)
    return f"is kept in `.{event.name}` without `await`; {fate}"


def _uses(
    session: Session, facts: ClassFacts, name: str
) -> list[tuple[Module, reads.Read]] | None:
    """Return where an attribute of a class's objects may be read, with the files.

    `None` if it may be read elsewhere as well.
    """
    if any(not decorated_with(one.cls) <= DATA_CLASSES for one in facts.line()):
        return None
    places = _places(session, facts, name)
    if places is None:
        return None
    modules, family = places
    return [
        (module, one)
        for module in modules
        for one in reads.of(module.tree, name, family)
    ]


def _places(
    session: Session, facts: ClassFacts, name: str
) -> tuple[list[Module], set[str]] | None:
    """Return the files with an attribute's name, and the classes whose objects have it.

    `None` if it may be read elsewhere as well: by a base from outside the project, a
    decorator, or under a name that is not written.
    """
    cls, line = facts.cls, facts.line()
    if facts.is_open or facts.has_metaclass or not facts.ancestors <= EMPTY_BASES:
        return None
    if any(isinstance(one.namespace.get(name), Descriptor) for one in line):
        return None
    folder = os.path.dirname(cls.module.path)
    files = session.project.mentioning(folder, name)
    if files is None:
        return None
    family = {one.cls.node.name for one in line}
    family |= {name for _, name in session.project.descendants(folder, *family)}
    found: list[Module] = []
    for path in dict.fromkeys([cls.module.path, *files]):
        module = session.project.parse(path)
        if module is None or any(word in module.text for word in BY_ANY_NAME):
            return None
        found.append(module)
    return found, family


def is_only_filled(session: Session, about: tuple[ClassFacts, str, Module]) -> bool:
    """Return whether a project never reads a container that is an attribute.

    It is private, stands in a file with a handler, or in one whose class the project
    makes objects of: other projects have no more than plain names.
    """
    facts, name, module = about
    if any(one.cls.node.decorator_list for one in facts.line()):
        return False
    cls = facts.cls
    made = rf"(?<!class )\b{cls.node.name}\("
    places = _places(session, facts, name)
    return (
        places is not None
        and all(reads.only_fills(one.tree, name) for one in places[0])
        and (
            name.startswith("_")
            or bool(find.of(session, module))
            or session.project.has_text(cls.module, made)
        )
    )


def is_never_read(name: str, module: Module) -> bool:
    """Return whether a module does no more with a container than fill and clear it."""
    reads = fills = 0
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id == name:
            reads += isinstance(node.ctx, ast.Load)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == name:
                fills += node.func.attr in _FILLING
        elif isinstance(node, ast.Constant) and node.value == name:
            return False  # exported, or found by its name
    return reads == fills and not any(
        name in scope.local
        for scope in module.scopes.values()
        if scope.parent is not None
    )


_FILLING = frozenset({"add", "append", "appendleft", "clear"})
