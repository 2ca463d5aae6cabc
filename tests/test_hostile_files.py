"""Files that nobody can or should read: one finding or silence, and the run goes on."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flake8.options.parse_args import parse_args
from support import project
from support import run

from flake8_lambda_handler import reading
from flake8_lambda_handler.plugin import Plugin
from tests import warm

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
LMB101 = "zoo.py:1:1: LMB101 "

COMMANDS = {
    "flake8": ["flake8", "-j1", "--select=LMB,E9"],
    "check": ["flake8_lambda_handler", "check", "--quiet"],
    "handlers": ["flake8_lambda_handler", "handlers"],
    "migrate": ["flake8_lambda_handler", "migrate", "--check", "-j1"]
    + ["--fix=LMB101,LMB202,LMB5xx"],
}
#: What each says of `zoo.py`: the run has come to its end.
ENDS = {
    "flake8": LMB101,
    "check": LMB101,
    "handlers": "zoo.py:1:1: lambda_handler ",
    "migrate": "Would rewrite zoo.py (lambda_handler)",
}


def output(command: str, *arguments: str, cwd: Path) -> str:
    """Return what a command prints; it has 60 seconds and 1.5 GB."""
    done = warm.run_module(
        *COMMANDS[command],
        *arguments,
        cwd=cwd,
        env=os.environ,
        is_joined=True,
        memory_bytes=1_500_000_000,
        timeout_seconds=60,
    )
    found = done.stdout.decode()
    assert "Traceback" not in found, found
    assert done.returncode in (0, 1, 3), found
    return "".join(line.removeprefix("./") for line in found.splitlines(True))


def about(found: str, name: str) -> list[str]:
    return [line for line in found.splitlines() if line.startswith(f"{name}:")]


# what is no file


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    before = os.getcwd()
    os.chdir(path.parent)  # the name of a socket may not be long
    socket.socket(socket.AF_UNIX).bind(path.name)
    os.chdir(before)


def _zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def _large(path: Path) -> None:
    path.touch()
    os.truncate(path, 8_000_000_000)


UNFIT = {"pipe": _pipe, "socket": _socket, "device": _zero, "large": _large}
UNFIT["terminal"] = _terminal

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs pipes and devices")

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.main, CodeUri: .}
"""
SERVERLESS = """\
service: x
provider: {name: aws, runtime: "${file(rt.yml):runtime}"}
functions: {a: {handler: app.main}}
"""
#: Names under which it is met in a folder, and the files around it.
MET = {
    "template.yaml": {},
    "serverless.yml": {},
    "main.tf": {},
    "stack.json": {},
    "stack.ts": {},
    "Dockerfile": {},
    "rt.yml": {"serverless.yml": SERVERLESS},
    "helper.py": {"app.py": "from helper import go\ngo()\n"},
    "app.py": {"template.yaml": SAM},
    "python/app.py": {"template.yaml": SAM},
    "app/__init__.py": {"serverless.yml": SERVERLESS.replace("${file", "${opt")},
    "pyproject.toml": {},
}


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", COMMANDS)
def test_met_in_a_folder(command, make):
    files = {"zoo.py": ASYNC}
    for number, around in enumerate(MET.values()):
        files |= {f"{number}/.hg/x": "", f"{number}/zoo.py": ASYNC}
        files |= {f"{number}/{path}": text for path, text in around.items()}
    with project(files) as folder:
        met = [f"{number}/{name}" for number, name in enumerate(MET)]
        for path in met:
            (folder / path).parent.mkdir(exist_ok=True)
            make(folder / path)
        # flake8 opens what it is to check without asking.
        paths = sorted({*files} - {*met}) if command == "flake8" else ["."]
        paths = [path for path in paths if path.endswith(("zoo.py", "/app.py", "."))]
        found = output(command, *paths, cwd=folder)
        assert ENDS[command] in found
        # flake8 tells of a template at a Python file.
        codes = (" LMB001 ", " LMB104 ")
        told = [x for x in found.splitlines() if any(code in x for code in codes)]
        lines = [line for line in found.splitlines() if line not in told]
        assert "\n".join(lines).count("zoo.py:1:1") in (0, len(MET) + 1)
        for path in met:
            at_zoo = [line for line in told if line.endswith(f" ({path}:1)")]
            assert len(about(found, path)) + len(at_zoo) <= 1


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", ["check", "handlers", "migrate"])
def test_named_as_python(command, make):
    names = ["a.py", "a.pyw", "script"]
    with project({"zoo.py": ASYNC}) as folder:
        for name in names:
            make(folder / name)
        found = output(command, *names, "zoo.py", cwd=folder)
        assert ENDS[command] in found
        lines = [line for name in names for line in about(found, name)]
        if make is _large:
            names.remove("script")  # its first line does not name Python
        # Links to one device are one file for `migrate`, which would write it.
        is_one = command == "migrate" and make in (_zero, _terminal)
        assert len(lines) == (1 if is_one else len(names))
        reason = "larger than 16 MB" if make is _large else "not a regular file"
        # There may be no terminal to open.
        assert make is _terminal or all(line.endswith(reason) for line in lines)


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", ["check", "migrate"])
def test_named_as_template(command, make):
    names = ["template.yaml", "template.json", "main.tf"]
    with project({"zoo.py": ASYNC}) as folder:
        for name in names:
            make(folder / name)
        found = output(command, *names, "zoo.py", cwd=folder)
        assert ENDS[command] in found
        assert [len(about(found, name)) for name in names] == [1, 1, 1]


@POSIX
def test_list_of_files_may_be_a_pipe():
    with project({"zoo.py": ASYNC, "list": "zoo.py\n"}) as folder:
        command = " ".join([sys.executable, "-m", *COMMANDS["migrate"]])
        done = subprocess.run(
            ["bash", "-c", f"{command} --files-from <(cat list)"],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert ENDS["migrate"] in done.stderr


@POSIX
def test_list_of_files_has_an_end():
    with project({"zoo.py": ASYNC}) as folder:
        done = run(*COMMANDS["migrate"], "--files-from", "/dev/zero", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("--files-from: `/dev/zero`: is larger than 16 MB\n")


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
def test_marker_of_a_project(tmp_path, make):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/zoo.py").write_text(ASYNC)
    make(tmp_path / "pyproject.toml")
    assert ENDS["check"] in output("check", "zoo.py", cwd=tmp_path / "a")


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_configuration(make, name):
    with project({"a/zoo.py": ASYNC}) as folder:
        make(folder / name)
        done = run(*COMMANDS["check"], "zoo.py", cwd=folder / "a")
    reason = "larger than 16 MB" if make is _large else "not a regular file"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f": error: ../{name}: is {reason}\n")


@POSIX
def test_large_pyproject():
    with project({"zoo.py": ASYNC}) as folder:
        _large(folder / "pyproject.toml")
        done = run(*COMMANDS["check"], cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(": error: pyproject.toml: is larger than 16 MB\n")


def test_a_file_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "a"
    for text in (b"", b"x", b"x\ny\n" * 1000):
        path.write_bytes(text)
        assert reading.read(str(path), 4000) == text
        assert reading.head(str(path), 3) == text[:3]
    path.write_bytes(b"x" * 4001)
    with pytest.raises(reading.TooLarge):
        reading.read(str(path), 4000)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs /proc")
def test_a_file_that_does_not_know_its_size():
    assert reading.read("/proc/self/status").startswith(b"Name:")


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "\ud800", "missing", "a/" * 3000])
def test_what_is_no_path_is_not_there(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError):
        reading.read(path)


# what is no text


BODY = ASYNC.encode()
#: Python files that Python cannot decode or parse either.
UNDECODABLE = {
    "NUL": b"x = '\0'\n",
    "NUL in a comment": BODY + b"# \0\n",
    "rot13": b"# coding: rot13\n" + BODY,
    "zip": b"# coding: zip\n" + BODY,
    "base64": b"#!/usr/bin/python\n# coding: base64\n" + BODY,
    "hex": b"# -*- coding: hex -*-\n" + BODY,
    "undefined": b"# coding: undefined\n" + BODY,
    "punycode": b"# coding: punycode\n" + BODY,
    "unknown": b"# coding: nonsense\n" + BODY,
    "UTF-16 without a mark": b"# coding: utf-16\n" + BODY,
    "invalid bytes": BODY + b"\n\n# \xe9\n",
    "invalid bytes at the start": b"# \xe9\n" + BODY,
    "a mark against the comment": b"\xef\xbb\xbf# coding: latin-1\n" + BODY,
    "UTF-16": "x = 1\n".encode("utf-16"),
    "half a character": b"# coding: unicode_escape\nx = '\\ud800'\n" + BODY,
    "nested": b"x = " + b"[" * 100_000,
    "many minuses": b"x = " + b"-" * 200_000 + b"1\n",
}
DECODABLE = {
    "UTF-8": BODY + "# é\n".encode(),
    "a mark": b"\xef\xbb\xbf" + BODY,
    "a mark and a comment": b"\xef\xbb\xbf# coding: utf-8\n" + BODY,
    "Latin-1": b"# coding: latin-1\n" + BODY + b"# \xe9\n",
    "cp1252": b"# vim: set fileencoding=cp1252 :\n" + BODY + b"# \x80\n",
    "ASCII": b"# coding: ascii\n" + BODY,
    "UTF-7": b"# coding: utf-7\n" + BODY,
    "IDNA": b"# coding: idna\n" + BODY,
    "shift-jis": b"# coding: shift_jis\n" + BODY + b"# \x83\x5c\n",
    "a comment too late": b"\n\n# coding: rot13\n" + BODY,
    "CRLF": BODY.replace(b"\n", b"\r\n"),
    "CR": BODY.replace(b"\n", b"\r"),
    "a form feed": b"\x0c" + BODY,
    "no end of line": BODY.rstrip(),
}


@pytest.mark.parametrize("command", ["check", "handlers", "migrate"])
def test_undecodable_is_one_finding(command):
    with project({"zoo.py": ASYNC}) as folder:
        names = [f"a{number}.py" for number in range(len(UNDECODABLE))]
        for name, data in zip(names, UNDECODABLE.values()):
            (folder / name).write_bytes(data)
        found = output(command, ".", cwd=folder)
        assert ENDS[command] in found
        for name, case in zip(names, UNDECODABLE):
            (line,) = about(found, name)
            assert "SyntaxError" in line, (case, line)
            assert ": E999 " in line or command == "migrate"


@pytest.mark.parametrize("data", UNDECODABLE.values(), ids=UNDECODABLE)
@pytest.mark.parametrize("command", ["check", "handlers"])
def test_undecodable_on_standard_input(command, data):
    found = on_standard_input(command, data)
    assert found.startswith("a.py:") and found.count("\n") == 1
    assert ": E999 SyntaxError: " in found


@pytest.mark.parametrize("data", DECODABLE.values(), ids=DECODABLE)
@pytest.mark.parametrize("command", ["check", "handlers"])
def test_decodable_on_standard_input(command, data):
    found = on_standard_input(command, data)
    assert found.startswith("a.py:") and "lambda_handler" in found
    assert "E999" not in found


@POSIX
@pytest.mark.parametrize("command", ["check", "handlers"])
def test_standard_input_without_an_end(command):
    with open("/dev/zero", "rb") as zero:
        found = on_standard_input(command, zero)
    assert found == "a.py:0:1: E902 is larger than 16 MB\n"


def on_standard_input(command, data):
    arguments = [*COMMANDS[command], "--stdin-display-name=a.py", "-"]
    given = data if isinstance(data, bytes) else data.fileno()
    done = warm.run_module(
        *arguments,
        cwd=".",
        env=os.environ,
        stdin=given,
        is_joined=True,
        timeout_seconds=60,
    )
    return done.stdout.decode()


def test_undecodable_stands_in_its_line():
    with project({}) as folder:
        (folder / "a.py").write_bytes(UNDECODABLE["invalid bytes"])
        assert about(output("check", cwd=folder), "a.py") == [
            "a.py:5:1: E999 SyntaxError: 'utf-8' codec can't decode byte 0xe9 in "
            "position 60: invalid continuation byte"
        ]


@pytest.mark.parametrize("command", ["check", "handlers", "migrate"])
def test_decodable_is_read(command):
    with project({}) as folder:
        names = [f"a{number}.py" for number in range(len(DECODABLE))]
        for name, data in zip(names, DECODABLE.values()):
            (folder / name).write_bytes(data)
        found = output(command, ".", cwd=folder)
        assert "SyntaxError" not in found
        for name, case in zip(names, DECODABLE):
            assert name in found, case


@pytest.mark.parametrize("command", COMMANDS)
def test_undecodable_imports_are_passed_over(command):
    texts = {**UNDECODABLE, **DECODABLE}
    with project({}) as folder:
        imports = "".join(f"import m{number}\n" for number in range(len(texts)))
        (folder / "zoo.py").write_text(f"{ASYNC}\n\n{imports}")
        for number, data in enumerate(texts.values()):
            (folder / f"m{number}.py").write_bytes(data)
        assert ENDS[command] in output(command, "zoo.py", cwd=folder)


@pytest.mark.parametrize("command", COMMANDS)
def test_undecodable_code_of_a_template(command):
    with project({"zoo.py": ASYNC}) as folder:
        for number, data in enumerate(UNDECODABLE.values()):
            inner = folder / str(number)
            inner.mkdir()
            (inner / "template.yaml").write_text(SAM)
            (inner / "app.py").write_bytes(data + b"\ndef main(event, context): ...\n")
            (inner / "zoo.py").write_text(ASYNC)
        paths = ["zoo.py", *(f"{n}/zoo.py" for n in range(len(UNDECODABLE)))]
        assert ENDS[command] in output(command, *paths, cwd=folder)


# what is no path


PATHS = {
    "NUL": "a\\0b",
    "only a NUL": "\\0",
    "too long a name": "x" * 100_000,
    "too long a path": "a/" * 3000,
    "half a character": "\\ud800",
    "up and up": "../" * 3000,
    "the root": "/",
    "a device": "/dev/zero",
    "a link to itself": "loop",
}
TEMPLATES = {
    "SAM": ("template.yaml", SAM.replace("CodeUri: .", 'CodeUri: "PATH"')),
    "JSON": (
        "template.json",
        '{"Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties": '
        '{"Handler": "app.main", "Runtime": "python3.13"}, "Metadata": '
        '{"aws:asset:path": "PATH", "aws:asset:property": "Code"}}}}',
    ),
    "an include": (
        "serverless.yml",
        SERVERLESS.replace("${file(rt.yml)", "${file(PATH.yml)"),
    ),
    "a module": (
        "serverless.yml",
        SERVERLESS.replace("app.main}", 'app.main, module: "PATH"}'),
    ),
    "Terraform": (
        "main.tf",
        'module "a" {\n  source = "terraform-aws-modules/lambda/aws"\n'
        '  runtime = "python3.13"\n  handler = "app.main"\n  source_path = "PATH"\n}\n',
    ),
}


@POSIX
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("name", "text"), TEMPLATES.values(), ids=TEMPLATES)
def test_paths_in_templates(command, name, text):
    files = {"zoo.py": ASYNC}
    for number, path in enumerate(PATHS.values()):
        if name.endswith((".json", ".tf")):
            path = path.replace("\\0", "\\u0000")
        files |= {f"{number}/{name}": text.replace("PATH", path)}
        files |= {f"{number}/zoo.py": ASYNC}
    with project(files) as folder:
        for number in range(len(PATHS)):
            (folder / f"{number}/loop").symlink_to("loop")
        found = output(command, cwd=folder)
        assert ENDS[command] in found
        # flake8 tells of a template at a Python file.
        lines = [line for line in found.splitlines() if " LMB001 " not in line]
        assert "\n".join(lines).count("zoo.py") == len(PATHS) + 1


# what is nested too deep


#: Expressions that are fine at a depth of 10, and a way into an error at others.
NESTED = {
    "tildes": lambda depth: "~" * depth + "1",
    "attributes": lambda depth: "x" + ".y" * depth,
    "brackets": lambda depth: "[" * depth + "]" * depth,
    "additions": lambda depth: "+".join(["x"] * depth),
    "lambdas": lambda depth: "lambda: " * depth + "1",
    "calls": lambda depth: "f" + "()" * depth,
    "NUL": lambda depth: "\\0" * depth,
    "half a character": lambda depth: "\\ud800" * depth,
}
#: Places where a string, or an expression, is read again.
AGAIN = {
    "annotation": 'async def my_handler(event: "{}", context):\n    return {{}}\n',
    "decorator": "def d(x=0):\n    return lambda f: f\n\n\n@d({})\n"
    "async def lambda_handler(event, context):\n    return await g()\n",
    "default": "async def lambda_handler(event, context, x={}):\n"
    "    return await g()\n",
}


def test_hostile_annotation_in_the_plugin():
    """What `test_nested` cannot ask of flake8, because pyflakes dies of it first."""
    options = parse_args(["--isolated"])[1]
    Plugin.parse_options(options)
    for name, nested in NESTED.items():
        text = AGAIN["annotation"].format(nested(50_000))
        lines = text.splitlines(keepends=True)
        found = list(Plugin(ast.parse(text), "app.py", lines).run())
        assert len(found) <= 1, name


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("source", AGAIN.values(), ids=AGAIN)
def test_nested(command, source):
    """Brackets deeper than the parser takes are a finding, the rest is read."""
    files = {"zoo.py": ASYNC}
    depths = [10, 95]
    if command != "flake8":  # where pyflakes dies of the rest
        depths += [400, 900, 3000, 50_000] if '{}"' in source else [400]
    for name, nested in NESTED.items():
        if command == "flake8" and name == "half a character":
            continue  # pyflakes again
        if "\\" not in nested(1) or source is AGAIN["annotation"]:
            for depth in depths:
                path = f"{name}{depth}.py".replace(" ", "_")
                files[path] = source.format(nested(depth))
    with project(files) as folder:
        assert ENDS[command] in output(command, cwd=folder)
