"""The texts of a project's files: those that are kept, and those that are read again."""

from __future__ import annotations

from unittest import mock

import pytest
from support import project

from flake8_lambda_handler.project import sources
from flake8_lambda_handler.project.sources import Sources

FILES = {"a.py": "a = 1\n", "b.py": "b = 2\n", "c.py": "c = 3\n"}


def read_again(characters, asked):
    """Ask for texts, change all files, and return those that are read again."""
    with project(FILES) as folder:
        texts = Sources()
        with mock.patch.object(sources, "KEPT_SOURCES", characters):
            assert [texts.text(str(folder / name)) for name in asked] == [
                FILES[name] for name in asked
            ]
            for name in FILES:
                (folder / name).write_text("changed\n")
            # Whoever asks may change what is kept.
            kept = [
                name
                for name in asked
                if texts.passing(str(folder / name)) != "changed\n"
            ]
            assert [texts.length(str(folder / name)) for name in asked] == [6] * len(
                asked
            )
            return [name for name in dict.fromkeys(asked) if name not in kept]


@pytest.mark.parametrize(
    "characters, asked, again",
    [
        (18, ["a.py", "b.py", "c.py"], []),
        (17, ["a.py", "b.py", "c.py"], ["a.py"]),
        (12, ["a.py", "b.py", "a.py", "c.py"], ["a.py"]),
        (11, ["a.py", "b.py", "c.py"], ["a.py", "b.py"]),
        # The last one is kept, however long.
        (0, ["a.py", "b.py"], ["a.py"]),
    ],
)
def test_the_first_texts_are_let_go(characters, asked, again):
    assert read_again(characters, asked) == again


def test_what_is_checked_stands_for_what_is_on_disk():
    with project(FILES) as folder:
        path = str(folder / "a.py")
        texts = Sources()
        assert texts.length(path) == 6
        texts.keep(path, "a = 10\n")
        assert (texts.text(path), texts.passing(path), texts.length(path)) == (
            "a = 10\n",
            "a = 10\n",
            7,
        )


@pytest.mark.parametrize("data", [None, b"\xff\n", b"# coding: nonsense\n"])
def test_what_cannot_be_read_has_no_text(data):
    with project({}) as folder:
        path = folder / "a.py"
        if data is not None:
            path.write_bytes(data)
        texts = Sources()
        assert (texts.text(str(path)), texts.passing(str(path))) == (None, "")
        assert texts.length(str(path)) == 0
