"""Findings that are known: in a baseline, or by comments that `--add-noqa` writes."""

from __future__ import annotations

import ast
import json
import os
import stat
from pathlib import Path

import pytest
from support import project
from support import run

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
UNSET = "def lambda_handler(event, context):\n    return {1, 2}\n"
TEMPLATE = """\
Resources:
  First:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.9
  Second:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.9
"""
FILES = {"src/app.py": ASYNC, "src/other.py": UNSET, "template.yaml": TEMPLATE}


def check(folder, *arguments):
    return run(
        "flake8_lambda_handler",
        "check",
        "--lambda-as-of=2026-11-20",
        *arguments,
        cwd=folder,
    )


def places(done):
    return [line.split(" ")[0].rstrip(":") for line in done.stdout.splitlines()]


WRITE = ("--baseline=known.json", "--write-baseline")
KNOWN = "--baseline=known.json"


def test_baseline_is_written_and_leaves_out_what_it_holds():
    with project(FILES) as folder:
        done = check(folder, *WRITE)
        assert (done.stdout, done.returncode) == ("", 0)
        assert done.stderr.endswith("; 4 written to the baseline\n")
        first = (folder / "known.json").read_bytes()
        done = check(folder, KNOWN)
        assert (done.stdout, done.returncode) == ("", 0)
        assert done.stderr == (
            "no finding in 3 files, 2 handlers, 1 template; 4 in the baseline\n"
        )
        check(folder, *WRITE)
        assert (folder / "known.json").read_bytes() == first
    assert json.loads(first)["findings"][0] == {
        "code": "LMB101",
        "path": "src/app.py",
        "scope": "lambda_handler",
        "source": ASYNC.splitlines()[0],
        "count": 1,
    }


#: Files that change, and where something is new.
CHANGES = {
    "nothing": ({}, []),
    "lines above": ({"src/app.py": f"import os\n\n\n{ASYNC}"}, []),
    "a line of another function": (
        {"src/app.py": f"{ASYNC}\n\ndef f():\n    return 1\n"},
        [],
    ),
    "a finding that is gone": ({"src/app.py": "x = 1\n"}, []),
    "a new finding": (
        {"src/other.py": f"{UNSET}\n\n{ASYNC.replace('lambda_', 'my_')}"},
        ["src/other.py:5:1"],
    ),
    "the line itself": (
        {"src/other.py": UNSET.replace("{1, 2}", "{1, 2, 3}")},
        ["src/other.py:2:5"],
    ),
    "the same in another file": ({"src/third.py": ASYNC}, ["src/third.py:1:1"]),
    "one more of the same lines": (
        {
            "template.yaml": TEMPLATE
            + "  Third:\n    Type: AWS::Lambda::Function\n"
            + "    Properties:\n      Runtime: python3.9\n"
        },
        ["template.yaml:13:16"],
    ),
    "blocks in another order": (
        {
            "template.yaml": TEMPLATE.replace("First", "X")
            .replace("Second", "First")
            .replace("X", "Second")
        },
        [],
    ),
    "a file that cannot be parsed": ({"src/bad.py": "def x(:\n"}, ["src/bad.py:1:8"]),
}


@pytest.mark.parametrize(("changes", "new"), CHANGES.values(), ids=CHANGES)
def test_what_is_new_beside_a_baseline(changes, new):
    with project(FILES, marker=".git") as folder:
        check(folder, *WRITE)
        for path, text in changes.items():
            (folder / path).write_text(text)
        done = check(folder, KNOWN)
        assert places(done) == new
        assert done.returncode == int(bool(new))
        # From another folder, the same.
        below = check(
            folder / "src", "--baseline=../known.json", ".", "../template.yaml"
        )
        assert len(places(below)) == len(new)


def test_what_is_no_finding_of_ours_is_not_known():
    with project({"bad.py": "def x(:\n", "a.py": ASYNC}) as folder:
        done = check(folder, *WRITE)
        assert places(done) == ["bad.py:1:8"]
        assert done.returncode == 1
        assert places(check(folder, KNOWN)) == ["bad.py:1:8"]


#: A text in the place of the baseline, arguments, and the error.
REFUSED = {
    "not there": (
        None,
        [KNOWN],
        "`known.json` is not there; --write-baseline writes it",
    ),
    "no JSON": ("x", [KNOWN], "`known.json` is no baseline"),
    "another JSON": ("[]", [KNOWN], "`known.json` is no baseline"),
    "a newer one": (
        '{"version": 2, "findings": []}',
        [KNOWN],
        "`known.json` is no baseline",
    ),
    "a finding without a place": (
        '{"version": 1, "findings": [{"code": "LMB101"}]}',
        [KNOWN],
        "`known.json` is no baseline",
    ),
    "a folder": (None, ["--baseline=."], "`.`: "),
    "no folder to write into": (
        None,
        ["--baseline=more/known.json", "--write-baseline"],
        "there is no folder `more`",
    ),
    "another file is not overwritten": (ASYNC, [*WRITE], "`known.json` is no baseline"),
}


@pytest.mark.parametrize(
    ("text", "arguments", "message"), REFUSED.values(), ids=REFUSED
)
def test_baseline_that_cannot_be_used(text, arguments, message):
    with project({"a.py": ASYNC}) as folder:
        if text is not None:
            (folder / "known.json").write_text(text)
        done = check(folder, *arguments)
        left = (folder / "known.json").read_text() if text is not None else None
    assert (done.returncode, done.stdout, left) == (2, "", text)
    assert done.stderr.startswith(
        f"flake8-lambda-handler: error: --baseline: {message}"
    )
    assert done.stderr.count("\n") == 1


GONE = {
    "a repaired file": (
        {"src/app.py": ASYNC.replace("async ", "")},
        ["."],
        "1 finding of `known.json` is gone (LMB101 in src/app.py)",
    ),
    "one of two that are alike": (
        {"template.yaml": TEMPLATE.replace("3.9", "3.13", 1)},
        ["."],
        "1 finding of `known.json` is gone (LMB501 in template.yaml)",
    ),
    "a file that is not there any more": (
        {"src/app.py": None},
        ["src"],
        "1 finding of `known.json` is gone (LMB101 in src/app.py)",
    ),
    "more than a line can name": (
        {name: None for name in FILES} | {"src/third.py": None},
        ["."],
        "5 findings of `known.json` are gone (LMB101 in src/app.py, "
        "LMB101 in src/third.py, LMB401 in src/other.py, 1 more)",
    ),
    "nothing": ({}, ["."], ""),
    "a file that is not checked": (
        {"src/app.py": ASYNC.replace("async ", "")},
        ["src/other.py"],
        "",
    ),
    "a code that is not selected": (
        {"src/app.py": ASYNC.replace("async ", "")},
        [".", "--select=LMB4,LMB5"],
        "",
    ),
    "a file whose code is ignored": (
        {"src/app.py": ASYNC.replace("async ", "")},
        [".", "--per-file-ignores=src/app.py:LMB101"],
        "",
    ),
    "lines that moved": ({"src/app.py": "\n\n" + ASYNC}, ["."], ""),
}


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="needs a folder to fail in")
def test_baseline_that_cannot_be_written():
    arguments = ["--baseline=/proc/known.json", "--write-baseline"]
    with project({"app.py": ASYNC}) as folder:
        done = check(folder, *arguments)
    assert "--baseline: `/proc/known.json` cannot be written: " in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(("changes", "arguments", "note"), GONE.values(), ids=GONE)
def test_what_is_gone_from_a_baseline(changes, arguments, note):
    with project({**FILES, "src/third.py": ASYNC}) as folder:
        check(folder, *WRITE)
        for path, text in changes.items():
            if text is None:
                (folder / path).unlink()
            else:
                (folder / path).write_text(text)
        done = check(folder, KNOWN, *arguments)
        assert done.returncode == 0
        assert done.stderr.count("\n") == 1
        end = done.stderr.rpartition("; ")[2]
        assert (
            end == f"{note}: --write-baseline writes it anew\n"
            if note
            else (" gone " not in done.stderr)
        )
        check(folder, *WRITE)
        assert " gone " not in check(folder, KNOWN, *arguments).stderr


def test_nothing_is_gone_when_quiet():
    with project(FILES) as folder:
        check(folder, *WRITE)
        (folder / "src/app.py").unlink()
        assert check(folder, KNOWN, "--quiet").stderr == ""


def test_baseline_without_a_name():
    with project({"a.py": ASYNC}) as folder:
        done = check(folder, "--write-baseline")
    assert done.returncode == 2
    assert done.stderr.endswith(
        "--write-baseline: name the file with --baseline FILE\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_baseline_can_be_read_by_others():
    with project({"a.py": ASYNC}) as folder:
        check(folder, *WRITE)
        mode = stat.S_IMODE((folder / "known.json").stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    assert mode == 0o666 & ~mask


@pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
def test_a_baseline_keeps_its_mode_and_its_link():
    with project({"a.py": ASYNC}) as folder:
        (folder / "ci").mkdir()
        check(folder, "--baseline=ci/known.json", "--write-baseline")
        (folder / "known.json").symlink_to("ci/known.json")
        (folder / "ci/known.json").chmod(0o640)
        (folder / "b.py").write_text(ASYNC)
        done = check(folder, *WRITE)
        assert done.stderr.endswith("; 2 written to the baseline\n")
        assert (folder / "known.json").is_symlink()
        assert stat.S_IMODE((folder / "ci/known.json").stat().st_mode) == 0o640
        assert sorted(os.listdir(folder / "ci")) == ["known.json"]


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_baseline_that_is_read_only_stays():
    with project({"a.py": ASYNC}) as folder:
        check(folder, *WRITE)
        before = (folder / "known.json").read_bytes()
        (folder / "known.json").chmod(0o444)
        (folder / "b.py").write_text(ASYNC)
        done = check(folder, *WRITE)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            "flake8-lambda-handler: error: --baseline: `known.json` is read-only\n"
        )
        assert (folder / "known.json").read_bytes() == before


# --add-noqa

HEAD = "import asyncio\n\n\nasync def save(text):\n    print(text)\n\n\n"
FROM = "FROM public.ecr.aws/lambda/python:3.9\n"
#: A file, and what it becomes.
SILENCED = {
    "a plain line": (
        "a.py",
        ASYNC,
        ASYNC.replace(":\n", ":  # noqa: LMB101\n", 1),
    ),
    "codes that are there": (
        "a.py",
        ASYNC.replace(":\n", ":  # noqa: E501\n", 1),
        ASYNC.replace(":\n", ":  # noqa: E501,LMB101\n", 1),
    ),
    "words behind the codes": (
        "a.py",
        ASYNC.replace(":\n", ":  # noqa: E501, W503 as agreed\n", 1),
        ASYNC.replace(":\n", ":  # noqa: E501, W503,LMB101 as agreed\n", 1),
    ),
    "another comment": (
        "a.py",
        ASYNC.replace(":\n", ":  # type: ignore\n", 1),
        ASYNC.replace(":\n", ":  # type: ignore  # noqa: LMB101\n", 1),
    ),
    "line ends of Windows": (
        "a.py",
        ASYNC.replace("\n", "\r\n"),
        ASYNC.replace(":\n", ":  # noqa: LMB101\n", 1).replace("\n", "\r\n"),
    ),
    "no line end": (
        "a.py",
        "def lambda_handler(event, context): return {1}",
        "def lambda_handler(event, context): return {1}  # noqa: LMB401",
    ),
    "two codes": (
        "a.py",
        "def lambda_handler(event, context): return {1, (2,)}, float('nan')\n",
        "def lambda_handler(event, context): return {1, (2,)}, float('nan')"
        "  # noqa: LMB401,LMB403\n",
    ),
    "a string over lines": (
        "a.py",
        f'{HEAD}def lambda_handler(event, context):\n    save("""one\ntwo""")\n',
        f'{HEAD}def lambda_handler(event, context):\n    save("""one\ntwo""")'
        "  # noqa: LMB201\n",
    ),
    "a call over lines": (
        "a.py",
        f"{HEAD}def lambda_handler(event, context):\n    save(\n        1\n    )\n",
        f"{HEAD}def lambda_handler(event, context):\n"
        "    save(  # noqa: LMB201\n        1\n    )\n",
    ),
    "a backslash": (
        "a.py",
        f"{HEAD}def lambda_handler(event, context):\n    x = 1 + \\\n        2; save(1)\n",
        f"{HEAD}def lambda_handler(event, context):\n    x = 1 + \\\n        2; save(1)"
        "  # noqa: LMB201\n",
    ),
    "another encoding": (
        "a.py",
        "# coding: latin-1\n" + ASYNC.replace("{}", "'\xe9'"),
        "# coding: latin-1\n"
        + ASYNC.replace("{}", "'\xe9'").replace(":\n", ":  # noqa: LMB101\n", 1),
    ),
    "YAML": (
        "template.yaml",
        TEMPLATE,
        TEMPLATE.replace("python3.9", "python3.9  # noqa: LMB501"),
    ),
    "Terraform": (
        "main.tf",
        'resource "aws_lambda_function" "a" {\n  runtime = "python3.9"\n}\n',
        'resource "aws_lambda_function" "a" {\n'
        '  runtime = "python3.9"  # noqa: LMB501\n}\n',
    ),
    "a Dockerfile, where a comment has a line of its own": (
        "Dockerfile",
        f"# syntax=docker/dockerfile:1\n{FROM}CMD app\n",
        f"# syntax=docker/dockerfile:1\n# noqa: LMB501\n{FROM}CMD app\n",
    ),
    "a comment above that has codes": (
        "a.dockerfile",
        f"# noqa: LMB502 for now\n# more of it\n{FROM}",
        f"# noqa: LMB502,LMB501 for now\n# more of it\n{FROM}",
    ),
    "an instruction over lines": (
        "Dockerfile",
        f"FROM x AS a\r\n  FROM \\\r\n# here\r\n  {FROM[5:-1]}",
        f"FROM x AS a\r\n  # noqa: LMB501\r\n  FROM \\\r\n# here\r\n  {FROM[5:-1]}",
    ),
    "two stages, without an end": (
        "Dockerfile",
        f"{FROM[:-1]} AS a\n{FROM}COPY --from=a / /",
        f"# noqa: LMB501\n{FROM[:-1]} AS a\n# noqa: LMB501\n{FROM}COPY --from=a / /",
    ),
}


@pytest.mark.parametrize(("name", "before", "after"), SILENCED.values(), ids=SILENCED)
def test_comments_are_added_and_silence(name, before, after):
    with project({}) as folder:
        (folder / name).write_bytes(before.encode("latin-1"))
        assert check(folder).returncode == 1
        done = check(folder, "--add-noqa")
        assert (folder / name).read_bytes().decode("latin-1") == after
        assert (done.stdout, done.returncode) == ("", 0)
        assert "; `# noqa` added to " in done.stderr
        done = check(folder)
        assert (done.stdout, done.returncode) == ("", 0)
        # Nothing more is to be done.
        done = check(folder, "--add-noqa")
        assert "added" not in done.stderr
        assert (folder / name).read_bytes().decode("latin-1") == after


#: Dockerfiles with a comment, and whether it is one for the instruction below.
ABOVE = {
    f"# noqa\n{FROM}": True,
    f"# noqa: LMB501\n{FROM}": True,
    f"# as agreed  # noqa: LMB501,LMB502\n# with all\n{FROM}": True,
    f"# noqa: LMB501\nFROM \\\n  {FROM[5:]}": True,
    f"FROM \\\n  # noqa: LMB501\n  {FROM[5:]}": False,
    f"# noqa: LMB502\n{FROM}": False,
    f"# noqa: LMB501\n\n{FROM}": False,
    f"# noqa: LMB501\nARG X=1\n{FROM}": False,
    f"{FROM}# noqa: LMB501\n": False,
    f"# no comment\n{FROM}": False,
}


@pytest.mark.parametrize(("text", "is_silent"), ABOVE.items())
def test_comments_above_instructions(text, is_silent):
    with project({"Dockerfile": text}) as folder:
        done = check(folder, "--quiet")
        assert (done.returncode == 0) == is_silent
        assert done.stdout.count("LMB501") == (not is_silent)
        if is_silent:
            assert "LMB501" in check(folder, "--disable-noqa").stdout
        arguments = ("migrate", "--fix=LMB501", "--lambda-as-of=2026-11-20")
        run("flake8_lambda_handler", *arguments, cwd=folder)
        assert ("python:3.9" in (folder / "Dockerfile").read_text()) == is_silent


JSON = json.dumps(
    {
        "Resources": {
            "A": {
                "Type": "AWS::Lambda::Function",
                "Properties": {"Runtime": "python3.9"},
            }
        }
    },
    indent=2,
)
#: Files in which no comment can stand; they stay, and are reported.
LEFT = {
    "JSON": ("template.json", JSON),
    "JSON by another name": ("a.template", JSON),
    "Terraform's JSON": (
        "main.tf.json",
        json.dumps(
            {"resource": {"aws_lambda_function": {"a": {"runtime": "python3.9"}}}}
        ),
    ),
    "no Python": ("a.py", "def x(:\n"),
    "in a flow scalar over lines": (
        "template.yaml",
        TEMPLATE.replace(
            "Runtime: python3.9", 'Runtime:\n        "python\\\n        3.9"'
        ),
    ),
}


@pytest.mark.parametrize(("name", "text"), LEFT.values(), ids=LEFT)
def test_where_no_comment_can_stand(name, text):
    with project({name: text}) as folder:
        before = check(folder)
        done = check(folder, "--add-noqa")
        assert (folder / name).read_text() == text
    assert done.stdout == before.stdout != ""
    assert done.returncode == 1
    assert "added" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_read_only_file_stays():
    with project({"a.py": ASYNC}) as folder:
        (folder / "a.py").chmod(0o444)
        done = check(folder, "--add-noqa")
        assert (folder / "a.py").read_text() == ASYNC
    assert places(done) == ["a.py:1:1"]


def test_a_whole_project_is_silenced():
    files = {**FILES, "deep/a b.py": UNSET, "deep/main.json": JSON}
    with project(files) as folder:
        done = check(folder, "--add-noqa")
        assert places(done) == ["deep/main.json:6:21"]
        assert "`# noqa` added to 5 lines in 4 files" in done.stderr
        for path in Path(folder).rglob("*.py"):
            ast.parse(path.read_text())
        assert places(check(folder)) == ["deep/main.json:6:21"]


def test_beside_a_baseline_only_what_is_new_is_silenced():
    with project(FILES) as folder:
        check(folder, *WRITE)
        (folder / "src/new.py").write_text(ASYNC)
        done = check(folder, KNOWN, "--add-noqa")
        assert done.returncode == 0
        assert done.stderr.endswith(
            "; 4 in the baseline; `# noqa` added to 1 line in 1 file\n"
        )
        assert (folder / "src/app.py").read_text() == ASYNC
        assert "noqa" in (folder / "src/new.py").read_text()
