"""A process that may die, and libcst in it."""

from __future__ import annotations

import pytest

from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import rewrite
from flake8_lambda_handler.sandbox import Died
from flake8_lambda_handler.sandbox import Sandbox


def test_answers():
    with Sandbox("builtins:pow") as power:
        assert [power(2, 3), power(3, 2)] == [8, 9]


def test_outlives_its_process():
    with Sandbox("os:_exit") as leave:
        for _ in range(2):
            with pytest.raises(Died):
                leave(3)


def test_a_header_that_kills_libcst_is_refused_and_the_next_one_is_rewritten():
    chain = " and ".join(["x"] * 20_000)
    deadly = f"async def lambda_handler(event, context={chain}):\n    await work()\n"
    harmless = b"async def lambda_handler(event, context):\n    await work()\n"
    with Sandbox("flake8_lambda_handler.migrate.header:split") as split:
        first = rewrite(deadly.encode(), [Target(1, "lambda_handler")], split)
        second = rewrite(harmless, [Target(1, "lambda_handler")], split)
    assert first.data == deadly.encode()
    assert first.refusals[0].reason == "has a header that libcst does not survive"
    assert second.done


def test_what_the_function_prints_is_no_answer():
    with Sandbox("builtins:print") as show:
        assert [show("text"), show("more")] == [None, None]


def test_a_call_without_an_end():
    with Sandbox("time:sleep", patience_seconds=0.5) as sleep, pytest.raises(Died):
        sleep(1000)
