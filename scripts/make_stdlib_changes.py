"""Write `flake8_lambda_handler/facts/stdlib.json` from interpreters of Python.

    python scripts/make_stdlib_changes.py python3.10 python3.11 python3.12 python3.13

The table says with which version each module of the standard library, and each name
that a module of it binds, came or went. It is made from what the interpreters say of
themselves; what went and came outside their versions is in `DOCUMENTED`. The same
interpreters give the same bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "flake8_lambda_handler" / "facts" / "stdlib.json"

#: Versions that no interpreter at hand has. Source: "What's New In Python 3.7" to 3.10
#: and 3.14, read 2026-11-21.
DOCUMENTED = {
    "added": {
        "3.7": "asyncio.create_task asyncio.run contextlib.asynccontextmanager "
        "contextlib.nullcontext contextvars dataclasses importlib.resources",
        "3.8": "functools.cached_property functools.singledispatchmethod "
        "importlib.metadata math.dist math.prod shlex.join typing.Final typing.Literal "
        "typing.Protocol typing.TypedDict typing.final typing.runtime_checkable",
        "3.9": "asyncio.to_thread functools.cache graphlib math.lcm typing.Annotated "
        "zoneinfo",
        "3.10": "contextlib.aclosing dataclasses.KW_ONLY itertools.pairwise "
        "types.EllipsisType types.NoneType types.UnionType typing.Concatenate "
        "typing.ParamSpec typing.TypeAlias typing.TypeGuard typing.is_typeddict",
        "3.14": "annotationlib compression concurrent.interpreters pathlib.types "
        "string.templatelib",
    },
    "removed": {
        "3.9": "dummy_threading",
        "3.10": "collections.Callable collections.Hashable collections.Iterable "
        "collections.Iterator collections.Mapping collections.MutableMapping "
        "collections.MutableSequence collections.MutableSet collections.Sequence "
        "collections.Set collections.Sized formatter parser symbol",
    },
}

#: Modules whose names depend on the machine, or that do something when imported.
SKIPPED = frozenset(
    """
    antigravity ctypes curses dis errno fcntl idlelib lib2to3 mmap nt opcode os posix readline resource select
    signal socket sqlite3 ssl stat syslog termios test this token tokenize tkinter turtle turtledemo
    """.split()
)

#: Names that patch releases of older versions got as well.
BACKPORTED = frozenset({"email.utils.supports_strict_parsing"})

#: Run by each interpreter: prints its modules, and the names of those it is asked for.
ASK = """
import importlib, json, pkgutil, sys, types, warnings
warnings.simplefilter("ignore")
wanted = json.load(sys.stdin)
skipped = set(wanted["skipped"])
modules = {x for x in sys.stdlib_module_names if not x.startswith("_")}
found, public = set(modules), set(modules)
waiting = sorted(modules - skipped)
for dotted in waiting:
    try:
        module = importlib.import_module(dotted)
    except ImportError:
        continue
    for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
        inner = dotted + "." + info.name
        if not info.name.startswith("_") and "test" not in info.name:
            found.add(inner)
            public.add(inner)
            waiting.append(inner)
    for name in {*dir(module), *wanted["names"].get(dotted, ())}:
        if name.startswith("_") or not hasattr(module, name):
            continue
        if not isinstance(getattr(module, name), types.ModuleType):
            found.add(dotted + "." + name)
            if name in getattr(module, "__all__", (name,)):
                public.add(dotted + "." + name)
json.dump([sorted(found), sorted(public)], sys.stdout)
"""


def asked(python: str, names: dict[str, list[str]]) -> tuple[set[str], set[str]]:
    """Return the modules and names that an interpreter has, and the public ones."""
    wanted = json.dumps({"skipped": sorted(SKIPPED), "names": names})
    done = subprocess.run(
        [python, "-W", "ignore", "-c", ASK],
        input=wanted,
        capture_output=True,
        text=True,
        check=True,
    )
    found, public = json.loads(done.stdout.splitlines()[-1])
    return set(found), set(public)


def version(python: str) -> tuple[int, ...]:
    """Return the version of an interpreter: `(3, 12)`."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return tuple(map(int, done.stdout.split(".")))


def table(pythons: list[str]) -> str:
    """Return the text of the table."""
    by_version = {version(python): python for python in pythons}
    versions = sorted(by_version)
    public = set().union(*(asked(by_version[one], {})[1] for one in versions))
    names: dict[str, list[str]] = {}
    for dotted in sorted(public - BACKPORTED):
        module, _, name = dotted.rpartition(".")
        names.setdefault(module, []).append(name)
    # Once more: modules give some names to those who ask for them only.
    has = {one: asked(by_version[one], names)[0] for one in versions}
    changes: dict[str, dict[str, str]] = {"added": {}, "removed": {}}
    for kind, rows in DOCUMENTED.items():
        for text, listed in rows.items():
            changes[kind].update(dict.fromkeys(listed.split(), text))
    for dotted in sorted(public - BACKPORTED):
        seen = [dotted in has[one] for one in versions]
        kind = "added" if seen[-1] else "removed"
        at = seen.index(kind == "added")
        is_once = all(seen[at:]) if kind == "added" else not any(seen[at:])
        parts = dotted.split(".")
        above = {".".join(parts[:number]) for number in range(1, len(parts))}
        if at and is_once and above.isdisjoint(changes[kind]):
            text = ".".join(map(str, versions[at]))
            changes[kind].setdefault(dotted, text)
    head = {
        "from": ".".join(map(str, versions[0])),
        "to": ".".join(map(str, versions[-1])),
    }
    data = {**head, **{kind: dict(sorted(x.items())) for kind, x in changes.items()}}
    return re.sub(r"\n {3,}", "\n  ", json.dumps(data, indent=1)) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(sys.argv[1:]), encoding="utf-8")
