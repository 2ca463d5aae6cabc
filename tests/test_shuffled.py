"""Findings are a function of a project's files, the settings and the day.

No influence: the order of files, of definitions and of a template's resources, what was
forgotten in between, and the number of workers.
"""

from __future__ import annotations

import ast
import contextlib
import random
import textwrap
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies
from support import TODAY
from support import project
from support import run
from support import settings_for

from flake8_lambda_handler import engine
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.project import sources
from flake8_lambda_handler.session import Session

CLIENTS = [
    "import asyncio\nimport json\nfrom datetime import datetime",
    "LOOP = asyncio.new_event_loop()",
    "async def fetch(key):\n    return {'key': key}",
    "async def save(item):\n    print(item)",
    "def later(item):\n    return save(item)",
    "def chosen(item):\n    return later(item) if item else save(item)",
    "def run(work):\n    return LOOP.run_until_complete(work)",
    "class Store:\n    async def put(self, item):\n        await save(item)\n\n"
    "    def drop(self, item):\n        self.put(item)",
    "class Cache(Store):\n    def keep(self, item):\n        return self.put(item)",
]

MODULES = {
    "clients.py": CLIENTS,
    "jobs.py": [
        "from clients import Cache, chosen, later, run, save",
        "def first(event):\n    later(event)\n    return second(event, 1)",
        "def second(event, times):\n    if times:\n        return first(event)\n"
        "    chosen(event)\n    return third(event)",
        "def third(event):\n    Cache().keep(event)\n    return run(save(event))",
        "async def fourth(event):\n    try:\n        save(event)\n"
        "    except ValueError:\n        later(event)\n    return event",
    ],
    "app.py": [
        "import asyncio\nimport jobs\nfrom clients import datetime, fetch, json",
        "async def main(event):\n    asyncio.create_task(fetch(event))\n"
        "    return {'at': datetime.now()}",
        "def lambda_handler(event, context):\n    jobs.third(event)\n"
        "    return asyncio.run(main(event))",
        "def other_handler(event, context):\n"
        "    return {'body': json.dumps({'names': {event['name']}})}",
        "async def async_handler(event, context):\n    return await main(event)",
    ],
    "more.py": [
        "from jobs import *\nfrom clients import LOOP, Store",
        "def lambda_handler(event, context):\n    LOOP.close()\n"
        "    Store().drop(event)\n    return {1, 2} if event else later(event)",
    ],
}

RESOURCES = [
    "  App:\n    Type: AWS::Serverless::Function\n"
    "    Properties: {Runtime: python3.8, Handler: app.lambda_handler, CodeUri: .}",
    "  Other:\n    Type: AWS::Serverless::Function\n"
    "    Properties: {Runtime: !Ref Version, Handler: app.other_handler, CodeUri: .}",
    "  Async:\n    Type: AWS::Serverless::Function\n"
    "    Properties: {Runtime: python3.13, Handler: app.async_handler, CodeUri: .}",
    "  More:\n    Type: AWS::Serverless::Function\n"
    "    Properties: {Runtime: python3.9, Handler: more.lambda_handler, CodeUri: .}",
]
TEMPLATE = (
    "Transform: AWS::Serverless-2016-10-31\n"
    "Parameters: {Version: {Type: String, Default: python3.7}}\nResources:\n"
)


def written(shuffle):
    """Return the files, with definitions and resources in an order."""
    files = {}
    for path, (head, *definitions) in MODULES.items():
        # A base class, and what is called while a module is imported, come first.
        fixed = [one for one in definitions if one.startswith(("LOOP", "class"))]
        free = [one for one in definitions if one not in fixed]
        files[path] = "\n\n\n".join([head, *fixed, *shuffle(free)]) + "\n"
    files["template.yaml"] = TEMPLATE + "\n".join(shuffle(RESOURCES)) + "\n"
    return files


def meant(path, line, code, text, source):
    """Return a finding by the text of its line: the number depends on the order."""
    lines = source.split("\n")
    for number, one in enumerate(lines, 1):
        # Numbers of other lines in the words follow their lines, too.
        text = text.replace(f":{number})", f":{one.strip()})")
    return path, code, lines[line - 1].strip(), text if "(" not in text else ""


def findings(files, order, forgets):
    """Check files in an order, and forget all behind some of them."""
    with project(files) as folder:
        session = Session(settings_for(folder))
        found = set()
        for path in order:
            full, source = str(folder / path), files[path]
            if session.concerns(full, source):
                module = session.module(full, ast.parse(source), source)
                for one in engine.check_module(session, module, declared=True):
                    found.add(meant(path, one.line, one.code, one.text, source))
            if path in forgets:
                session._forget()
                session._forget_terms()  # as after many files
    return found


PYTHON = sorted(MODULES)
EXPECTED = findings(written(list), PYTHON, ())


def test_there_is_something_to_find():
    codes = {code for _, code, _, _ in EXPECTED}
    assert codes >= {"LMB101", "LMB201", "LMB203", "LMB302", "LMB401", "LMB404"}
    assert codes >= {"LMB501", "LMB502"}
    assert len(EXPECTED) >= 12


@given(
    strategies.randoms(use_true_random=False),
    strategies.permutations(PYTHON),
    strategies.sets(strategies.sampled_from(PYTHON)),
    strategies.sampled_from([0, sources.KEPT_SOURCES]),
)
@hypothesis_settings(max_examples=60)
def test_in_any_order_and_forgetting_at_any_point(
    source_of_order, order, forgets, characters
):
    def shuffle(items):
        return source_of_order.sample(items, len(items))

    with mock.patch.object(sources, "KEPT_SOURCES", characters):
        assert findings(written(shuffle), order, forgets) == EXPECTED


@contextlib.contextmanager
def little_behind(nearest):
    """Have almost nothing followed behind a file: so many characters."""
    with mock.patch.multiple(
        limits, BEHIND=nearest, NEAREST=nearest, PART=nearest // 2
    ):
        yield


#: `clients.py` is longer.
NEAREST = len(written(list)["clients.py"]) - 1
with little_behind(NEAREST):
    NEAR = findings(written(list), PYTHON, ())


def test_there_is_less_to_find_where_little_is_followed():
    assert NEAR < EXPECTED


@given(
    strategies.randoms(use_true_random=False),
    strategies.permutations(PYTHON),
    strategies.sets(strategies.sampled_from(PYTHON)),
)
@hypothesis_settings(max_examples=30)
def test_where_little_is_followed(source_of_order, order, forgets):
    def shuffle(items):
        return source_of_order.sample(items, len(items))

    with little_behind(NEAREST):
        assert findings(written(shuffle), order, forgets) == NEAR


@pytest.mark.parametrize("seed", range(3))
def test_any_number_of_workers(seed):
    shuffle = random.Random(seed)
    files = written(lambda items: shuffle.sample(items, len(items)))
    files["setup.cfg"] = textwrap.dedent(
        f"""
        [flake8]
        select = LMB
        lambda-as-of = {TODAY}
        """
    )
    with project(files) as folder:
        outputs = {
            run("flake8", f"-j{jobs}", *paths, cwd=folder).stdout
            for jobs, paths in ((1, PYTHON), (2, PYTHON), (4, PYTHON[::-1]))
        }
        sorted_outputs = {tuple(sorted(one.splitlines())) for one in outputs}
    assert len(sorted_outputs) == 1
    (lines,) = sorted_outputs
    assert len(lines) >= 12
