"""Every bound lets through what it is made for, and ends what is larger.

The sizes are written out: a bound that is moved a lot is noticed.
"""

from __future__ import annotations

import json
import os

import pytest

from flake8_lambda_handler.flow import limits
from tests.flow.test_work_grows_with_the_body import work
from tests.support import ROOT
from tests.support import assert_marked
from tests.support import project
from tests.support import run
from tests.support import violations

SAVE = "import asyncio\n\n\nasync def save(item):\n    return item\n\n\n"
MAIN = "async def main(event):\n"
HANDLER = "def lambda_handler(event, context):\n"
LOOP = (
    f"{HANDLER}    loop = asyncio.new_event_loop()\n"
    "    loop.run_until_complete(save(1))\n"
)


def rows(size, text):
    return "".join(text.replace("@", str(number)) for number in range(size))


def helpers(size):
    """Return functions of which each hands its argument to the one before it."""
    calls = ["pass", *[f"f{number}(x)" for number in range(size - 1)]]
    return "".join(
        f"def f{number}(x):\n    {call}\n\n\n" for number, call in enumerate(calls)
    )


def busy(size):
    return "def busy(items):\n" + rows(size, "    items.append(@)\n") + "\n\n"


def depth(size):
    return SAVE + helpers(size) + f"{MAIN}    f{size - 1}(save(event))\n"


def traced_depth(size):
    return SAVE + helpers(size) + f"{LOOP}    f{size - 1}([loop])\n"


def steps(size):
    return SAVE + busy(size) + f"{MAIN}    saving = save(1)\n    busy([saving])\n"


def traced_steps(size):
    return SAVE + busy(size) + f"{LOOP}    busy([loop])\n"


def steps_after(size):
    small = "def small(x):\n" + rows(size, "    print(@)\n") + "\n\n"
    calls = f"{MAIN}    busy([save(0)])\n    small(save(1))\n"
    return SAVE + busy(2000) + small + calls


def waiting(size):
    """Return functions that hand a coroutine up, the caller before the callee."""
    lines = [
        f"def f{number}(x):\n    return {call}\n\n\n"
        for number, call in enumerate(
            ["save(x)", *[f"f{number}(x)" for number in range(size - 1)]]
        )
    ]
    return SAVE + "".join(reversed(lines)) + f"{MAIN}    f{size - 1}(1)\n"


def callees(size):
    """Return a function that calls many that come after it."""
    calls = "".join(f"    f{number}(1)\n" for number in range(size))
    made = (f"def f{number}(x):\n    return save(x)\n\n\n" for number in range(size))
    return f"{SAVE}{MAIN}{calls}\n\n{''.join(made)}"


def rounds(size):
    """Return a circle of calls that hands a coroutine round."""
    return (
        f"{SAVE}def turn(n):\n    return save(n) if n == 0 else turn(n - 1)\n\n\n"
        f"{MAIN}    turn({size})\n"
    )


def alternatives(size):
    return (
        f"{HANDLER}    if event == -1:\n        ids = {{0}}\n"
        + rows(size - 1, "    elif event == @:\n        ids = {@}\n")
        + "    else:\n        return None\n    return ids\n"
    )


def ways(size):
    made = ["datetime.now()", "date.today()", "Decimal(1)", "uuid4()"]
    return (
        "from datetime import date, datetime\nfrom decimal import Decimal\n"
        f"from uuid import uuid4\n\n\n{HANDLER}"
        "    if event == -1:\n        number, at = None, event\n"
        + "".join(
            f"    elif event == {way}:\n"
            f"        number, at = {(way + way // 4) % 4}, {made[way % 4]}\n"
            for way in range(size)
        )
        + "    else:\n        return None\n"
        "    if number is None:\n        return None\n    return at\n"
    )


def entries(size):
    return (
        f"{HANDLER}    table = {{}}\n"
        + rows(size - 1, "    table['k@'] = @\n")
        + "    table['last'] = {1}\n    return table\n"
    )


def value_depth(size):
    return f"{HANDLER}    return {'[' * size}{{1}}{']' * size}\n"


def asdict_depth(size):
    classes = "".join(
        f"@dataclass\nclass C{n}:\n    x: object\n\n\n" for n in range(size)
    )
    value = "".join(f"C{number}(" for number in range(size)) + "{1}" + ")" * size
    return (
        "from dataclasses import asdict, dataclass\n\n\n"
        f"{classes}{HANDLER}    return asdict({value})\n"
    )


def reexports(size):
    return {
        "m0.py": SAVE,
        **{f"m{n}.py": f"from m{n - 1} import save\n" for n in range(1, size)},
        "app.py": f"from m{size - 1} import save\n\n\n{MAIN}    save(1)\n",
    }


def running_modules(size):
    """Return modules that run one another; few by `from`, which has a bound of its own."""
    member = "import m{0}\nfor each in [1]:\n    save = m{0}.save\n"
    name = "from m{0} import save as inner\nfor each in [1]:\n    save = inner\n"
    return {
        "m0.py": SAVE,
        **{
            f"m{n}.py": (member if n % 6 else name).format(n - 1)
            for n in range(1, size)
        },
        "app.py": f"from m{size - 1} import save\n\n\n{MAIN}    save(1)\n",
    }


def imported_modules(size):
    return {
        **{f"m{n}.py": f"VALUE = {n}\n" for n in range(size)},
        "app.py": "import json\n"
        + rows(size, "import m@\n")
        + f"\n\n{HANDLER}    return json.dumps({{1}})\n",
    }


def bases(size):
    return (
        "class C0:\n    async def save(self):\n        return self\n\n\n"
        + "".join(f"class C{n}(C{n - 1}):\n    pass\n\n\n" for n in range(1, size))
        + f"{MAIN}    C{size - 1}().save()\n"
    )


def padded(text, size):
    return f"{text}\n# {'.' * 1000 * size}\n"


def behind(size):
    """Return a file behind which there are so many thousand characters, and more."""
    return {
        "far.py": padded(SAVE, 1500),
        "near.py": padded("import far\n\n\ndef make(x):\n    return far.save(x)", size),
        "app.py": f"from near import make\n\n\n{MAIN}    make(1)\n",
    }


def nearest(size):
    """Return a file with a module of so many thousand characters, and two behind it."""
    return {
        **{f"far{n}.py": padded(SAVE, 1200) for n in (1, 2)},
        "near.py": padded(SAVE, size),
        "app.py": f"from near import save\nimport far1, far2\n\n\n{MAIN}    save(1)\n",
    }


def folder(size):
    """Return a file with a module two steps away, and a big one beside its folder's other.

    Together they are too many to be near; so it is told where each file goes alone.
    """
    return {
        **{f"far{n}.py": padded(SAVE, 1200) for n in (1, 2)},
        "near.py": padded(f"import far1, far2\n{SAVE}", 100),
        "mid.py": "import near\n\n\ndef make(x):\n    return near.save(x)\n",
        "big.py": padded(SAVE, 350),
        "jobs/__init__.py": "",
        "jobs/other.py": padded("from big import save\n", size),
        "jobs/app.py": f"from mid import make\n\n\n{MAIN}    make(1)\n",
    }


#: What is said of a source, by `--lambda-verbose`.
NOTES = [
    (behind(550), "imports lead to too much code; the nearest is followed"),
    (behind(100), ""),
    (
        {"app.py": steps(2000)},
        "the calls of `main` go too deep, or take too many steps, to follow them all",
    ),
    ({"app.py": steps(10)}, ""),
    (
        {"app.py": traced_steps(8000)},
        "the calls of `lambda_handler` go too deep, or take too many steps, to follow "
        "them all",
    ),
]


@pytest.mark.parametrize("files, note", NOTES)
@pytest.mark.parametrize(
    "command",
    [["flake8", "--lambda-verbose"], ["flake8_lambda_handler", "check", "-q", "-v"]],
    ids=["flake8", "check"],
)
def test_what_is_not_followed_is_said_once(files, note, command):
    said = f"flake8-lambda-handler: app.py: {note}\n" if note else ""
    with project(files) as folder:
        assert run(*command, "--select=LMB", cwd=folder).stderr == said
        if note:
            assert run(*command[:-1], "--select=LMB", cwd=folder).stderr == ""


def methods(size):
    """Return a class derived from one that has many methods, one of which it replaces."""
    base = (
        "class Base:\n    async def other(self):\n        return 1\n\n"
        "    def work(self):\n        return 2\n\n"
        "    def run(self):\n        return self.work()\n\n"
    )
    base += rows(size - 3, "    def method_@(self):\n        return @\n\n")
    derived = "class Job(Base):\n    async def work(self):\n        return 3\n\n\n"
    app = f"from base import Base\n\n\n{derived}def main():\n    Job().run()\n"
    return {"base.py": base, "app.py": app}


#: A source of a size, a size that is told, and one of which nothing is said.
def gifts(size):
    return (
        "class Bus:\n    def __init__(self):\n        self.handlers = []\n\n"
        "    def subscribe(self, handler):\n        self.handlers.append(handler)\n\n"
        "    def publish(self, event):\n        for one in self.handlers:\n"
        "            one(event)\n\n\n"
        "def start(bus: Bus):\n" + "    bus.subscribe(work)\n" * size + "\n\n"
        "async def work(event): ...\n"
    )


BOUNDS = {
    "DEPTH": (depth, 5, 9),
    "TRACED_DEPTH": (traced_depth, 10, 16),
    "STEPS": (steps, 10, 2000),
    "TRACED_STEPS": (traced_steps, 10, 8000),
    "STEPS_AFTER": (steps_after, 2, 350),
    "ALTERNATIVES": (alternatives, 12, 14),
    "WAYS": (ways, 10, 14),
    "ENTRIES": (entries, 60, 80),
    "VALUE_DEPTH": (value_depth, 10, 14),
    "ASDICT_DEPTH": (asdict_depth, 5, 7),
    "REEXPORTS": (reexports, 9, 12),
    "RUNNING_MODULES": (running_modules, 30, 48),
    "IMPORTED_MODULES": (imported_modules, 190, 210),
    "BASES": (bases, 30, 36),
    "GIFTS": (gifts, 100, 101),
    "METHODS": (methods, 95, 105),
    "BEHIND": (behind, 450, 550),
    "NEAREST": (nearest, 390, 410),
    "PART": (folder, 210, 190),
}


#: What is not told by one finding; see below.
OTHERS = {"PROBLEMS", "RESPONSE_PLACES", "ROUNDS", "WAITING"}


def test_every_bound_is_here():
    assert {name for name in vars(limits) if name.isupper()} == OTHERS | set(BOUNDS)


@pytest.mark.parametrize("name", BOUNDS)
def test_within_and_beyond(name):
    source, within, beyond = BOUNDS[name]
    assert len({one.code for one in violations(source(within))}) == 1
    assert violations(source(beyond)) == []


def test_problems_of_one_value():
    problems = [f"{{'k{number}': {{1}}}}" for number in range(60)]
    few, many = (
        violations(f"{HANDLER}    return [{', '.join(problems[:size])}]\n")
        for size in (45, 60)
    )
    assert len(few) == 45
    assert 45 < len(many) < 60


def turning(rest):
    return (
        f"import functools\n{SAVE}def turn(n):\n    if n:\n"
        f"        return functools.partial(save, {rest})\n    return save\n\n\n"
        f"{MAIN}    turn(event)\n"
    )


def test_a_circle_whose_value_grows_with_each_round():
    assert work(turning("turn(n - 1)")) < 3 * work(turning("n"))
    assert violations(turning("turn(n - 1)")) == []


def test_a_coroutine_that_a_circle_hands_round():
    assert [one.code for one in violations(rounds(3))] == ["LMB201"]


@pytest.mark.parametrize("size", [3, 300])
def test_a_long_chain_of_calls(size):
    assert [one.code for one in violations(waiting(size))] == ["LMB201"]


def test_a_body_does_not_start_anew_for_each_of_its_callees():
    assert work(callees(80)) < 3 * work(callees(40))


RESPONSE = """
import boto3


def lambda_handler(event, context):
    return boto3.client("s3").get_object(Bucket="b", Key="k")
"""


def model(size):
    """Return a model of botocore's: so many texts that may be bytes, then a stream."""
    members = {f"K{number:04}": {"shape": "Bytes"} for number in range(size)}
    return {
        "operations": {"GetObject": {"output": {"shape": "Output"}}},
        "shapes": {
            "Output": {
                "type": "structure",
                "payload": "Z",
                "members": {**members, "Z": {"shape": "Stream"}},
            },
            "Bytes": {"type": "blob"},
            "Stream": {"type": "blob"},
        },
    }


@pytest.mark.parametrize("size, code", [(1900, "LMB401"), (2100, "")])
def test_places_of_a_response(size, code, tmp_path):
    package = tmp_path / "packages" / "botocore"
    data = package / "data" / "s3" / "2006-03-01"
    data.mkdir(parents=True)
    (package / "__init__.py").write_text("__version__ = '99.0'\n")
    (data / "service-2.json").write_text(json.dumps(model(size)))
    (tmp_path / "app.py").write_text(RESPONSE)
    packages = os.pathsep.join([str(package.parent), str(ROOT)])
    done = run("flake8", "--select=LMB", "app.py", cwd=tmp_path, PYTHONPATH=packages)
    assert done.stderr == ""
    assert done.stdout.split()[1:2] == ([code] if code else [])


def test_coroutines_in_attributes_of_a_file_with_too_much_behind_it():
    source = """
        import far1, far2

        async def load():
            return 1

        class _Job:
            def __init__(self):
                self._loaded = load()  # LMB201

        def count():
            return bool(_Job()._loaded)
    """
    assert_marked({**nearest(100), "app.py": source})
