"""Which module may import which, and what the flake8 path may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT
from support import project

PACKAGE = "flake8_lambda_handler"

#: Floor of each room, from the ground up: a module imports from lower floors, or from
#: its own room. Rules never import each other, though they are one room.
FLOORS = {
    "": 0,
    "collector": 0,
    "excluded": 0,
    "model": 0,
    "progress": 0,
    "reading": 0,
    "sandbox": 0,
    "constructs": 0.5,
    "facts": 1,
    "reports": 1,
    "root": 1,
    "runtimes": 1,
    "settings": 1.5,
    "flow": 2,
    "patterns": 2,
    "templates": 2,
    "programs": 2.5,
    "libraries": 3,
    "project": 4,
    "screening": 4.5,
    "session": 5,
    "handlers": 6,
    "analyses": 7,
    "rules": 8,
    "engine": 9,
    "comments": 10,
    "files": 10,
    "options": 10,
    "plugin": 10,
    "migrate": 11,
    "cli": 12,
    "__main__": 13,
}

#: The modules of a room from the ground up: each imports only from those before it.
INSIDE = {
    "analyses": """
        callers commands quiet paths impossible never_run pinned taken versions coroutines overriding misdriven returned routes stored hooks invocation
        encoding.kinds encoding.refusals encoding.number_keys encoding.responses encoding.places
        encoding.walk encoding.findings handed_back proxies
        loops.current loops.holders loops.imported loops.origins loops.waiting loops.invocation
        loops.fetched loops.bound loops.spent loops.closed loops.shut loops.unclosed loops.nested loops.kept
        misused
    """,
    "facts": """
        conditions needs bindings nodes registries
        mro interface terms hints fixtures hint_terms import_terms scopes reads
        expression_reader reader attributes constructions listeners module
    """,
    "flow": """
        limits markers values kinds layers fates heap state path events classes run
        parts instances narrowing names hinted expressions attributes containers arguments making calls assignment
        exits blocks statements activation
        bodies members summaries modules registries injected fixtures listeners hints class_bodies interest inlining contexts analysis
    """,
    "handlers": "foreign handler signature guess decorated find",
    "libraries": """
        async_apis awaitables boto_shapes frames method_names current_loop objects carriers registry tortoise django stores
        annotated update_expressions boto builtins callbacks chalice clients data_models decorators logging numbers orm routers tasks types
        containers data_calls event_loops parts powertools telegram validated outside
    """,
    "migrate": """
        output source names imports uses draft driving header
        rewrite responses targets scan elsewhere handlers runtimes command
    """,
    "programs": "names values objects texts visits literals inline zips uses images known callers written declared",
    "screening": "finder kinds outside spelled given hooks questions unawaited classes meanings receivers suspects",
    "project": """
        commands import_lines requirements sources layers imports mentions prefilter homes survey deployed missing templates faults configured given reexports index nearest
    """,
}

FILES = sorted((ROOT / PACKAGE).rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def room(module: str) -> str:
    return module.removeprefix(PACKAGE).lstrip(".").partition(".")[0]


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, be it for its annotations only."""
    stack: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while stack:
        node = stack.pop()
        stack += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            for alias in node.names:
                inside = ROOT.joinpath(*node.module.split("."), alias.name)
                is_module = inside.is_dir() or inside.with_suffix(".py").is_file()
                yield f"{node.module}.{alias.name}" if is_module else node.module


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_imports_go_down(path):
    here = room(dotted(path))
    assert here in FLOORS, f"{here} has no floor in the table"
    for imported in imports(path):
        if imported.partition(".")[0] != PACKAGE:
            continue
        there = room(imported)
        if here == there == "rules":
            assert dotted(path) == imported, "a rule imports a rule"
        elif here != there:
            assert FLOORS[there] < FLOORS[here], f"{here} imports {there}"


THIRD_PARTY = {
    "libcst": {"migrate"},
    "yaml": {"templates"},
    "tree_sitter": {"templates"},
    "tree_sitter_hcl": {"templates"},
    "tree_sitter_json": {"templates"},
    "tree_sitter_typescript": {"templates"},
    "flake8": {"cli", "comments", "excluded", "files", "migrate", "options", "plugin"},
    "flake8p": {"options"},
}


@pytest.mark.parametrize("room_name", INSIDE)
def test_imports_go_down_inside_a_room(room_name):
    """No arrow up, so no circle either."""
    order = INSIDE[room_name].split()
    prefix = f"{PACKAGE}.{room_name}."
    below = {
        dotted(path).removeprefix(prefix): path
        for path in FILES
        if dotted(path).startswith(prefix) and path.name != "__init__.py"
    }
    assert sorted(order) == sorted(below)
    for position, name in enumerate(order):
        ours = {
            one.removeprefix(prefix)
            for one in imports(below[name])
            if one.startswith(prefix)
        }
        assert ours <= set(order[:position]), f"{name} imports upwards"


def test_each_class_has_a_name_of_its_own():
    homes: dict[str, set[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, set()).add(dotted(path))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


#: Files over 400 lines, each with its reason.
LONG = {
    f"{PACKAGE}.flow.run": "three interfaces that name one another",
}


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_files_are_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400 or dotted(path) in LONG


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_third_party_imports_stay_in_their_rooms(path):
    for imported in imports(path):
        name = imported.partition(".")[0]
        if name != PACKAGE and name not in sys.stdlib_module_names:
            assert name in THIRD_PARTY, f"{name} is no dependency"
            assert room(dotted(path)) in THIRD_PARTY[name]


@pytest.mark.parametrize(
    "command", [["--version"], ["--help"], ["check", "--help"], ["explain"]]
)
def test_libcst_is_for_rewriting_only(command):
    script = (
        "import sys\n"
        "from flake8_lambda_handler.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "finally:\n    assert not {'libcst', 'yaml', 'tree_sitter'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True
    )
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_plugin_loads_nothing_heavy():
    script = (
        "import sys, flake8.main.cli, flake8.plugins.pyflakes\n"
        "before = set(sys.modules)\n"
        "import flake8_lambda_handler.plugin\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    roots = {name.partition(".")[0] for name in loaded}
    assert roots - {PACKAGE} <= set(sys.stdlib_module_names)
    assert "dataclasses" not in loaded
    ours = {room(name) for name in loaded if name.startswith(f"{PACKAGE}.")}
    assert not ours & {"cli", "files", "migrate", "options"}


#: Code with coroutines that are all awaited, and code where one is dropped.
AWAITED = (
    "async def load(key):\n    return key\n\n\nasync def run():\n    await load(1)\n"
)
DROPPED = AWAITED.replace("await ", "")
#: Names like a handler's, of what no Lambda can call.
NAMED = (
    "import logging\nimport typing as t\nfrom logging import StreamHandler\n"
    "if t.TYPE_CHECKING:\n    import app\n"
    "T_handler = t.TypeVar('T_handler')\n"
    "log_handler = logging.handlers.QueueHandler(None)\nhandler = StreamHandler()\n"
    "def has_handler(logger):\n    return bool(logger.handlers)\n"
    "def err_handler(cls, number, text):\n    print(text)\n"
    "err_handler = app.Function(err_handler)\n"
)
#: A container whose base puts something in.
PUT = (
    "class Held(dict):\n    def setdefault(self, key, value=None):\n"
    "        return super().setdefault(key, value)\n"
    "    def get(self, key):\n        return super().get(key)\n"
)
HEAVY = {"analyses.coroutines", "flow.run", "rules.lost_task"}


@pytest.mark.parametrize(
    "text, codes, heavy",
    [
        (AWAITED, set(), set()),
        (AWAITED + NAMED, set(), set()),
        (AWAITED + PUT, set(), set()),
        (DROPPED, {"LMB201"}, HEAVY),
        (DROPPED + NAMED, {"LMB201"}, HEAVY),
    ],
)
def test_code_that_leaves_nothing_behind_loads_no_rule(text, codes, heavy):
    script = (
        "import ast, sys, flake8.main.cli\n"
        "from flake8.options.parse_args import parse_args\n"
        "parse_args(['--isolated'])\n"
        "from flake8_lambda_handler.plugin import Plugin\n"
        "text = sys.argv[1]\n"
        "found = Plugin(ast.parse(text), 'app.py', [text]).run()\n"
        "print(*[text[:6] for _, _, text, _ in found])\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, text], capture_output=True, text=True, check=True
    )
    told, loaded = done.stdout.splitlines()
    assert set(told.split()) == codes
    assert not {"yaml", "tree_sitter", "libcst"} & set(loaded.split())
    ours = {name.removeprefix(f"{PACKAGE}.") for name in loaded.split()}
    assert ours & HEAVY == heavy


#: What every file needs, even an empty one.
ALWAYS = {
    "collector",
    "patterns",
    "plugin",
    "programs",
    "project",
    "project.configured",
    "project.deployed",
    "project.faults",
    "project.homes",
    "project.imports",
    "project.index",
    "project.sources",
    "project.survey",
    "project.templates",
    "reading",
    "root",
    "session",
    "settings",
    "templates",
}
#: What a text needs besides.
LOADED = {
    "": set(),
    "x = 1\n": set(),
    "import os\n\n\ndef f(path):\n    return os.stat(path)\n": {
        "libraries",
        "libraries.async_apis",
        "project.given",
        "project.import_lines",
        "project.mentions",
        "project.prefilter",
    },
}


@pytest.mark.parametrize("text", LOADED, ids=["empty", "plain", "imports"])
@pytest.mark.parametrize("name", ["", "setup.cfg", "README.md"])
def test_a_file_with_nothing_in_it_loads_little(text, name):
    script = (
        "import ast, sys, flake8.main.cli\n"
        "from flake8.options.parse_args import parse_args\n"
        "parse_args(['--isolated'])\n"
        "from flake8_lambda_handler.plugin import Plugin\n"
        "text = sys.argv[1]\n"
        "assert not list(Plugin(ast.parse(text), 'app.py', [text]).run())\n"
        f"print(*[name for name in sys.modules if name.startswith('{PACKAGE}.')])\n"
    )
    with project({name: ""} if name else {}) as folder:
        done = subprocess.run(
            [sys.executable, "-c", script, text],
            capture_output=True,
            text=True,
            cwd=folder,
        )
    assert done.stderr == ""
    loaded = {name.removeprefix(f"{PACKAGE}.") for name in done.stdout.split()}
    assert loaded == ALWAYS | LOADED[text]
