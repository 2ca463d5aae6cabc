"""A draft gives the bytes whose tree was meant, or none."""

from __future__ import annotations

import ast

import pytest

from flake8_lambda_handler.migrate import header
from flake8_lambda_handler.migrate.draft import Draft
from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import rewrite
from tests.migrate.rewriting import migrated


def first(draft, kind):
    return next(node for node in draft.names.nodes if isinstance(node, kind))


GOOD = {
    "a comment": (
        b"x = 1\n",
        lambda draft: draft.edit(5, 5, "  # one"),
        b"x = 1  # one\n",
    ),
    "another name": (
        b"print(a . b)\n",
        lambda draft: draft.rename(first(draft, ast.Attribute), "c"),
        b"print(a . c)\n",
    ),
    "a call": (
        b"return_ = f()\n",
        lambda draft: draft.call("run", first(draft, ast.Call)),
        b"return_ = run(f())\n",
    ),
    "one import more": (
        b"from a import (b,)\n",
        lambda draft: draft.import_too(first(draft, ast.alias), "c", "c"),
        b"from a import (b, c,)\n",
    ),
}
BAD = {
    "another name in the text only": (b"x = 1\n", lambda draft: draft.edit(0, 1, "y")),
    "no Python any more": (b"x = 1\n", lambda draft: draft.edit(0, 1, "(")),
    "two edits of one place": (
        b"x = 1\n",
        lambda draft: [draft.edit(0, 5, "x = 1"), draft.edit(4, 5, "1")],
    ),
    "nothing that the encoding has": (
        b"# coding: latin-1\nx = 1\n",
        lambda draft: draft.edit(23, 23, "  # \u20ac"),
    ),
}


@pytest.mark.parametrize(("data", "change", "after"), GOOD.values(), ids=GOOD)
def test_good(data, change, after):
    draft = Draft(data)
    change(draft)
    assert draft.finish() == after


@pytest.mark.parametrize(("data", "change"), BAD.values(), ids=BAD)
def test_bad(data, change):
    draft = Draft(data)
    change(draft)
    assert draft.finish() is None


def test_a_header_that_comes_back_wrong_is_not_written():
    data = b"async def lambda_handler(event, context=None):\n    await work()\n"

    def forgets_the_default(text, name):
        return header.split(text.replace("=None", ""), name)

    result = rewrite(data, [Target(1, "lambda_handler")], forgets_the_default)
    assert result.data == data
    assert "without touching other code" in result.refusals[0].reason


def test_a_name_that_is_written_in_another_way_than_it_is_spelled():
    files = {
        "app.py": "async def file_handler(event, context):\n    return await work()\n",
        # A ligature, which is two letters to Python.
        "user.py": "import app  # file_handler\n\n"
        "async def go():\n    await app.\ufb01le_handler(1, 2)\n",
    }
    after, refused = migrated(files, handlers=("app.file_handler",))
    assert after == files
    (one,) = refused
    assert one.reason == "cannot be redirected without touching other code"
