"""The work of following a body grows with the body: steps are counted, not seconds."""

from __future__ import annotations

import pytest

from flake8_lambda_handler.analyses.encoding import walk
from flake8_lambda_handler.analyses.loops import waiting
from flake8_lambda_handler.flow.activation import Activation
from tests.support import violations

HEAD = "import asyncio\nimport json\n\n\nasync def work(x):\n    return x\n\n\n"
HANDLER = "def lambda_handler(event, context):\n"


def nested_finally(size):
    lines = ["    " * (i + 1) + "try:" for i in range(size)]
    lines.append("    " * (size + 1) + "return 0")
    for i in reversed(range(size)):
        pad = "    " * (i + 1)
        lines += [pad + "finally:", f'{pad}    if event["a"] == {i}:']
        lines.append(f"{pad}        return {i}")
    return HANDLER + "\n".join(lines) + "\n"


def finally_in_finally(size):
    lines = []
    for i in range(size):
        pad = "    " * (i + 1)
        lines += [pad + "try:", f'{pad}    if event["a"] == {i}:']
        lines += [f"{pad}        return {i}", pad + "finally:"]
    lines.append("    " * (size + 1) + "pass")
    return HANDLER + "\n".join(lines) + "\n"


def returns_in_a_try(size):
    lines = ["    try:"]
    for i in range(size):
        lines += [f'        if event["a"] == {i}:', f"            return {{'n': {i}}}"]
    lines.append("    finally:")
    lines += [f"        print({i})" for i in range(size)]
    return HANDLER + "\n".join(lines) + "\n"


def returns_in_a_with(size):
    source = (
        "class Manager:\n    def __enter__(self):\n        return self\n\n"
        "    def __exit__(self, *error):\n"
    )
    source += "".join(f"        print({i})\n" for i in range(size)) + "\n\n"
    lines = ["    with Manager():"]
    for i in range(size):
        lines += [f'        if event["a"] == {i}:', f"            return {{'n': {i}}}"]
    return source + HANDLER + "\n".join(lines) + "\n"


SOURCES = [nested_finally, finally_in_finally, returns_in_a_try, returns_in_a_with]


@pytest.mark.parametrize("source", SOURCES)
def test_statements_that_are_run(source, monkeypatch):
    runs = []
    run = Activation.run

    def counted(self, statements):
        runs.append(len(statements))
        run(self, statements)

    monkeypatch.setattr(Activation, "run", counted)
    counts = []
    for size in (6, 12):
        runs.clear()
        violations(HEAD + source(size))
        counts.append(sum(runs))
    assert counts[1] <= 2.5 * counts[0]


def shared(levels):
    lines = ["    v0 = {'a': 1}"]
    for i in range(levels):
        inside = ", ".join(f"'k{j}': v{i}" for j in range(6))
        lines.append(f"    v{i + 1} = {{{inside}}}")
    return HANDLER + "\n".join(lines) + f"\n    return v{levels}\n"


def test_what_several_hold_is_looked_into_once(monkeypatch):
    looks = []
    look = walk._Walk.one

    def counted(self, *args):
        looks.append(args)
        look(self, *args)

    monkeypatch.setattr(walk._Walk, "one", counted)
    assert violations(HEAD + shared(10)) == []
    assert len(looks) <= 10 * 6 + 20


def test_problem_that_several_hold_is_told_with_its_first_places():
    found = violations(HEAD + shared(4).replace("{'a': 1}", "{'a': {1, 2}}"))
    assert 1 <= len(found) <= 60
    assert found[0].text.startswith("`k0.k0.k0.k0.a` in the response is a `set`")


def locks(size):
    rows = "".join(
        f"    async with LOCK:\n        await asyncio.sleep({i})\n" for i in range(size)
    )
    return (
        f"LOCK = asyncio.Lock()\n\n\nasync def main():\n{rows}\n\n"
        + HANDLER
        + "    asyncio.run(main())\n    return {}\n"
    )


def test_locks_are_asked_once_for_each_place(monkeypatch):
    asked = []
    pauses = waiting._pauses_meanwhile

    def counted(event):
        asked.append(event)
        return pauses(event)

    monkeypatch.setattr(waiting, "_pauses_meanwhile", counted)
    assert violations(HEAD + locks(30)) == []
    assert len(asked) <= 30
