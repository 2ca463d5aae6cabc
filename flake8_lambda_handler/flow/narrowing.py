"""What a condition says about the names in it, on the path that it chooses.

A value of several kinds, or one whose type the condition asks for, is only certain on
one side. Where it cannot be told which, it is unknown on both.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.instances import instances_of
from flake8_lambda_handler.flow.instances import is_data
from flake8_lambda_handler.flow.parts import forget_functions
from flake8_lambda_handler.flow.parts import keep_part
from flake8_lambda_handler.flow.parts import part_of
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.state import Tie
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join

#: Calls that tell nothing about the type of their argument.
_NEUTRAL = frozenset(
    {"all", "any", "bool", "float", "int", "len", "max", "min", "str", "sum"}
)

#: Calls that ask what an object is, or has.
_QUESTIONS = frozenset({"getattr", "hasattr", "type"})

#: What names hold, and their ties.
Tested = dict[str, "tuple[Value, Tie | None]"]


def tested(run: Run, test: ast.expr) -> Tested:
    """Return what the names that a condition can say something of hold."""
    state = run.state
    return {
        name: (state.names[name], state.ties.get(name))
        for asked in run.world.names_in(test)
        for name in state.companions(asked)
        if name in state.names
    }


def widen(run: Run, names: Tested) -> None:
    """Take back what conditions said about names, behind their reach."""
    for name, (value, tie) in names.items():
        run.state.names[name] = value
        if tie is not None:
            run.state.ties[name] = tie


def narrow(run: Run, test: ast.expr, outcome: bool, *, parts: bool = False) -> None:
    """Record what a condition with this outcome says about local names.

    With `parts`, also what it says about `name["key"]` and `name.attribute`: that stands
    in the heap, so it is for states that were forked.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        narrow(run, test.operand, not outcome, parts=parts)
    elif isinstance(test, ast.NamedExpr):
        narrow(run, test.target, outcome)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is outcome:
            for value in test.values:
                narrow(run, value, outcome, parts=parts)
        else:
            for value in test.values:
                _blur(run, value)
    elif isinstance(test, ast.Name):
        for name in run.state.companions(test.id):
            # `mean = total / n if n else nan`: asking for `n` again asks for NaN.
            held = run.state.names.get(name, UNKNOWN)
            if name != test.id and any(map(_is_no_number, each(held))):
                forget(run, name)
        _keep(run, test.id, lambda one: may_be(run, one, outcome))
        if not outcome:
            _empty(run, test.id, Items())
            _drop_replies(run, test.id)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        _compared(run, test, outcome, parts)
    elif parts and keep_part(run, test, lambda one: may_be(run, one, outcome)):
        pass
    elif isinstance(test, ast.Call) and last_name(test) == "isinstance":
        _is_instance(run, test, outcome, parts)
    elif isinstance(test, ast.Call) and last_name(test) == "iscoroutinefunction":
        if not outcome:
            _blur(run, test)
    else:
        _blur(run, test)


def _compared(run: Run, test: ast.Compare, outcome: bool, parts: bool) -> None:
    name, op, other = test.left, test.ops[0], test.comparators[0]
    if isinstance(name, ast.Name) and isinstance(op, (ast.In, ast.NotIn)):
        listed = getattr(other, "elts", ())
        if listed and all(isinstance(one, ast.Constant) for one in listed):
            among = [one.value for one in listed]
            wanted = isinstance(op, ast.In) is outcome
            _keep(run, name.id, lambda one: _may_be_among(one, among, wanted))
            return
    if not isinstance(other, ast.Constant) or not isinstance(
        op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)
    ):
        _blur(run, test)
        return
    asked = Const(other.value)
    wanted = isinstance(op, (ast.Is, ast.Eq)) is outcome

    def fits(one: Value) -> bool:
        if other.value is None:
            return (one == asked) is wanted
        return _may_equal(run, one, asked, wanted)

    if isinstance(name, ast.Name):
        _keep(run, name.id, fits)
    elif not (parts and keep_part(run, name, fits)):
        _blur(run, test)


def _may_equal(run: Run, value: Value, asked: Const, outcome: bool) -> bool:
    """Return whether comparing a value with a constant can come out so."""
    if isinstance(value, Const):
        return bool(value.value == asked.value) is outcome
    if is_data(run, value) and not isinstance(value, Object):
        return not outcome  # a list is equal to no constant
    return True


def _may_be_among(value: Value, among: list[object], outcome: bool) -> bool:
    return not isinstance(value, Const) or (value.value in among) is outcome


def _is_instance(run: Run, test: ast.Call, outcome: bool, parts: bool) -> None:
    if len(test.args) != 2:
        _blur(run, test)
        return
    subject = test.args[0]
    if isinstance(subject, ast.Name):
        held = run.state.names.get(subject.id)
        if held is not None:
            found = instances_of(run, held, test.args[1], outcome)
            if found:
                run.state.narrow(subject.id, found)
            else:
                # The path does not exist; nothing on it is to be judged.
                run.lose_track(held)
                run.state.names[subject.id] = UNKNOWN
        return
    place = part_of(run, subject) if parts else None
    if place is None:
        _blur(run, test)
        return
    address, items, key = place
    found = instances_of(run, items.known[key], test.args[1], outcome)
    run.state.heap[address] = items.set(key, join(*found) if found else UNKNOWN)


def may_be(run: Run, value: Value, outcome: bool) -> bool:
    """Return whether the truth of a value can come out so."""
    if isinstance(value, Const):
        return bool(value.value) is outcome
    if isinstance(value, Object) and run.libraries.is_true(value):
        return outcome
    if isinstance(value, Generator):
        return outcome
    return True


def _keep(run: Run, name: str, test: Callable[[Value], bool]) -> None:
    held = run.state.names.get(name)
    if held is None:
        return
    kept = [one for one in each(held) if test(one)]
    if kept:
        if len(kept) < len(list(each(held))):
            run.state.narrow(name, kept)
    else:
        # The path does not exist, or the name holds something else than is known.
        forget(run, name)
        if isinstance(held, Const):
            run.state.names[name] = UNKNOWN


def _blur(run: Run, test: ast.expr) -> None:
    """Forget what a condition may have asked for."""
    for node in ast.walk(test):
        if isinstance(node, ast.Name):
            for name in run.state.companions(node.id):
                if name != node.id:
                    forget(run, name)
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            name = getattr(node.value, "id", "")
            choices = list(each(run.state.names.get(name, UNKNOWN)))
            if len(choices) > 1 and all(isinstance(x, Container) for x in choices):
                forget(run, name)  # `if row["kind"] == "date"`: which row is it?
        if isinstance(node, ast.Call):
            for argument in node.args:
                if not isinstance(argument, ast.Name):
                    place = (
                        None if last_name(node) in _NEUTRAL else part_of(run, argument)
                    )
                    if place is not None:
                        address, old, key = place
                        unsure = join(old.known[key], UNKNOWN)
                        run.state.heap[address] = old.set(key, unsure)
                    continue
                held = run.state.names.get(argument.id)
                if last_name(node) in _QUESTIONS and type(held) is Instance:
                    continue  # what it is, is known
                if last_name(node) == "iscoroutinefunction" and held is not None:
                    # It may be a plain function, whatever is known of it.
                    run.state.names[argument.id] = UNKNOWN
                elif last_name(node) in _NEUTRAL:
                    # `if len(errors)`: there may be none.
                    _empty(run, argument.id, Items({}, UNKNOWN, UNKNOWN))
                else:
                    forget(run, argument.id)
        elif isinstance(node, ast.Compare):
            same = isinstance(node.ops[0], (ast.Is, ast.IsNot, ast.Eq, ast.NotEq))
            sides = [node.left, *node.comparators]
            marks = same and not any(isinstance(side, ast.Constant) for side in sides)
            for side in sides:
                if isinstance(side, ast.Name):
                    held = run.state.names.get(side.id, UNKNOWN)
                    # `if value is MISSING`: one side of it never happens.
                    if marks or len(list(each(held))) > 1:
                        forget(run, side.id)
                elif isinstance(side, ast.Attribute) and same:
                    forget_functions(run, side)


def _drop_replies(run: Run, name: str) -> None:
    """Take away a response that is false: it is empty, and so without a number."""
    choices = list(each(run.state.names.get(name, UNKNOWN)))
    if any(map(run.libraries.is_reply, choices)):
        run.state.names[name] = join(
            *[UNKNOWN if run.libraries.is_reply(one) else one for one in choices]
        )


def _empty(run: Run, name: str, items: Items) -> None:
    """Replace what a list or dict under a name holds, if all of it is known."""
    for one in each(run.state.names.get(name, UNKNOWN)):
        if isinstance(one, Container) and one.kind in ("dict", "list"):
            if run.state.many.get(one.address):
                continue
            old = run.items(one)
            if old.rest is None or UNKNOWN not in each(old.rest):
                for value in old.values():
                    run.lose_track(value)
                run.state.heap[one.address] = items


def forget(run: Run, name: str) -> None:
    """Take away what is known of plain data under a name."""
    held = run.state.names.get(name)
    if held is None:
        return
    choices = list(each(held))
    if any(is_data(run, one) or _is_no_number(one) for one in choices):
        run.drive(held)
        run.state.names[name] = join(
            *[
                UNKNOWN if is_data(run, one) or _is_no_number(one) else one
                for one in choices
            ]
        )
    elif any(isinstance(one, Instance) for one in choices):
        # Perhaps a mark for "not given"; its methods are still followed.
        run.state.names[name] = join(held, UNKNOWN)


def _is_no_number(value: Value) -> bool:
    """Return whether a value is NaN or an infinity, for which there are questions."""
    return (
        isinstance(value, Const)
        and isinstance(value.value, float)
        and not math.isfinite(value.value)
    )
