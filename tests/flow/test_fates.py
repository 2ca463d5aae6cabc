"""What becomes of a coroutine where paths part, meet, raise and are given up."""

from __future__ import annotations

import itertools
import textwrap

import pytest

from flake8_lambda_handler.flow.fates import BRANCH
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.fates import EXCUSED
from flake8_lambda_handler.flow.fates import LOOSE
from flake8_lambda_handler.flow.fates import PENDING
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from tests.support import assert_marked

HEAD = """\
import asyncio
import contextlib
import json
from contextlib import suppress

import pytest


async def save(item):
    return item


def read(text):
    return json.loads(text)
"""

GOOD = {
    "an exception keeps it from being awaited": """
        async def main(event):
            saving = save(event)
            try:
                read(event)
            except ValueError:
                return None
            return await saving
    """,
    "made before an exception, in the same block": """
        async def main(event):
            try:
                saving = save(event)
                read(event)
                await saving
            except ValueError:
                pass
    """,
    "awaited in the block and in the handler": """
        async def main(event):
            saving = save(event)
            try:
                read(event)
                await saving
            except ValueError:
                await saving
    """,
    "awaited in the handler, and in what comes without an exception": """
        async def main(event):
            saving = save(event)
            try:
                read(event)
            except ValueError:
                await saving
            else:
                await saving
    """,
    "awaited behind the statement": """
        async def main(event):
            saving = save(event)
            try:
                text = read(event)
            except ValueError:
                text = None
            await saving
            return text
    """,
    "awaited in a finally": """
        async def main(event):
            saving = save(event)
            try:
                return read(event)
            except ValueError:
                return None
            finally:
                await saving
    """,
    "an expected exception": """
        def test_save():
            with pytest.raises(ValueError):
                saving = save(1)
                read("x")
    """,
    "every arm awaits it": """
        async def main(event):
            saving = save(event)
            if event == 1:
                await saving
            elif event == 2:
                return await saving
            else:
                asyncio.create_task(saving)
    """,
    "two conditions that may be opposites": """
        async def main(event):
            saving = save(event)
            if event:
                await saving
            if not event:
                await saving
    """,
    "made on one branch, awaited when it was made": """
        async def main(event):
            saving = None
            if event:
                saving = save(event)
            if saving:
                await saving
    """,
    "made on one branch, and awaited on the way out that asks the same": """
        async def main(event):
            if event:
                saving = save(event)
            if event:
                await saving
                return True
            return False
    """,
    "left over on one branch, and awaited on the way out that asks the same": """
        async def main(events, together=True):
            jobs = []
            for event in events:
                saving = save(event)
                if together:
                    jobs.append(saving)
                else:
                    await saving
            if together:
                return await asyncio.gather(*jobs)
            return None
    """,
    "an exception that is suppressed": """
        async def main(event):
            with contextlib.suppress(ValueError):
                saving = save(event)
                if read(event):
                    await saving
    """,
    "an exception that is suppressed, by the bare name": """
        async def main(event):
            with suppress(ValueError):
                saving = save(event)
                if read(event):
                    await saving
    """,
    "in a list that is returned, or a method of another": """
        def main(event):
            kept = [save(event)]
            other = []
            return other.append if event else kept
    """,
    "narrowed to no text, and called for its coroutine": """
        async def main(event):
            call = save if event else ""
            if not isinstance(call, str):
                await call(event)
    """,
}

BAD = {
    "a bare call before a try": """
        async def main(event):
            save(event)  # LMB201
            try:
                return read(event)
            except ValueError:
                return None
    """,
    "a try whose handler goes on": """
        async def main(event):
            saving = save(event)  # LMB201
            try:
                text = read(event)
            except ValueError:
                text = None
            return text
    """,
    "in the block, and nothing else": """
        async def main(event):
            try:
                save(event)  # LMB201
            except ValueError:
                pass
    """,
    "before two statements that may raise": """
        async def main(event):
            save(event)  # LMB201
            for text in event:
                try:
                    read(text)
                except ValueError:
                    continue
            try:
                read(event)
            except ValueError:
                raise
    """,
    "in the handler": """
        async def main(event):
            try:
                read(event)
            except ValueError as error:
                save(str(error))  # LMB201
    """,
    "in a finally": """
        async def main(event):
            try:
                return read(event)
            except ValueError:
                return None
            finally:
                save(event)  # LMB201
    """,
    "before an expected exception that is handled there": """
        def test_save():
            save(1)  # LMB201
            with contextlib.nullcontext():
                read("1")
    """,
    "the first of three arms does not await it": """
        async def main(event):
            saving = save(event)  # LMB201
            if event == 1:
                print(event)
            elif event == 2:
                await saving
            else:
                await saving
    """,
    "the last of three arms does not await it": """
        async def main(event):
            saving = save(event)  # LMB201
            if event == 1:
                await saving
            elif event == 2:
                await saving
            else:
                print(event)
    """,
    "made on one branch and dropped": """
        async def main(event):
            if event:
                saving = save(event)  # LMB201
            return event
    """,
    "made before the branch, and awaited on one way out": """
        async def main(event):
            saving = save(event)  # LMB201
            if event:
                await saving
                return True
            return False
    """,
    "left over on one branch, and not awaited on either way out": """
        async def main(events, together=True):
            jobs = []
            for event in events:
                saving = save(event)  # LMB201
                if together:
                    jobs.append(saving)
                else:
                    await saving
            if together:
                return len(jobs)
            return None
    """,
    "nothing is suppressed": """
        async def main(event):
            with contextlib.nullcontext():
                saving = save(event)  # LMB201
                if read(event):
                    await saving
    """,
    "made behind the suppressed exception": """
        async def main(event):
            with suppress(ValueError):
                read(event)
            saving = save(event)  # LMB201
            if event:
                await saving
    """,
    "beside a list that holds itself": """
        def circle():
            found = []
            found.append(found)
            return found

        async def main(event):
            circle()
            save(event)  # LMB201
    """,
    "called where it is narrowed to no text": """
        async def main(event):
            call = save if event else ""
            if not isinstance(call, str):
                call(event)  # LMB201
    """,
}


GOOD["a helper puts it into a list that is gathered"] = """
    def fill(items, event):
        items.append(save(event))

    async def main(event):
        items = []
        fill(items, event)
        await asyncio.gather(*items)
"""
BAD["a helper puts it into a list"] = """
    def fill(items, event):
        items.append(save(event))

    async def main(event):
        items = []
        fill(items, event)  # LMB201
        return len(items)
"""


def test_as_many_good_as_bad():
    assert len(GOOD) == len(BAD)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_silent(source):
    assert_marked(HEAD + "\n" + textwrap.dedent(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_reported(source):
    assert_marked(HEAD + "\n" + textwrap.dedent(source))


#: What the fates of one coroutine give where their paths meet, strictly and leniently.
JOINS = [
    ((PENDING, PENDING), PENDING, PENDING),
    ((PENDING, DONE), BRANCH, DONE),
    ((PENDING, DONE, DONE), BRANCH, DONE),
    ((PENDING, PENDING, DONE), BRANCH, DONE),
    ((BRANCH, DONE), DONE, DONE),
    ((PENDING, BRANCH), BRANCH, BRANCH),
    ((PENDING, EXCUSED), PENDING, PENDING),
    ((EXCUSED, EXCUSED), EXCUSED, EXCUSED),
    ((DONE, EXCUSED), DONE, DONE),
    ((PENDING, None), LOOSE, LOOSE),
    ((LOOSE, None), LOOSE, LOOSE),
    ((LOOSE, DONE), DONE, DONE),
    ((DONE, None), DONE, DONE),
    ((EXCUSED, None), EXCUSED, EXCUSED),
]


def _state(before, fate):
    state = before.fork()
    if fate == EXCUSED:
        state.fates["x"] = PENDING
        state.fates.excuse()
    elif fate is not None:
        state.fates["x"] = fate
    return state


@pytest.mark.parametrize(("fates", "strict", "lenient"), JOINS)
def test_joins_in_any_order(fates, strict, lenient):
    for order in itertools.permutations(fates):
        for expected, is_strict in ((strict, True), (lenient, False)):
            before = State()
            states = [_state(before, fate) for fate in order]
            assert join_states(states, strict=is_strict).fates.get("x") == expected


def test_what_is_made_later_is_neither_settled_nor_excused():
    state = State()
    for change in (state.fates.settle, state.fates.excuse):
        change()
        state.fates["x"] = PENDING
        assert state.fates.get("x") == PENDING


@pytest.mark.parametrize("other, joined", [(None, LOOSE), (PENDING, DONE)])
def test_what_nothing_holds_on_any_path_stays_as_it_is(other, joined):
    one, two = State(), _state(State(), other)
    one.fates["x"] = PENDING
    one.fates.let_go("x")
    for order in ([one, two], [two, one]):
        met = join_states(order)
        for change in (met.fates.settle, met.fates.excuse):
            change()
            assert met.fates.get("x") == joined
    met.fates["x"] = DONE
    assert met.fates.get("x") == DONE


def test_a_path_without_the_exception_decides_for_what_both_share():
    before = State()
    before.fates["x"] = PENDING
    one, two = before.fork(), before.fork()
    one.fates.excuse()
    assert join_states([one, two]).fates.get("x") == PENDING
    two.fates.settle()
    assert join_states([one, two]).fates.get("x") == DONE
