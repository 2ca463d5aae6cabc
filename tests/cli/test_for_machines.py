"""The forms of findings that other programs read."""

from __future__ import annotations

import json
import os
import re
import urllib.parse
from pathlib import Path

import jsonschema
import pytest
from support import ROOT
from support import project
from support import run

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli import formats

#: The schema of the standard; `tests/data/README.md` says where it is from.
SARIF = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.json").read_text())

#: GitLab's "Code Quality report format": what an issue must have.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": [
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
        ],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/).+"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}

#: `DiagnosticResult` of reviewdog's `reviewdog.proto`, as far as it is used.
POSITION = {
    "type": "object",
    "required": ["line"],
    "additionalProperties": False,
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
    },
}
RDJSON = {
    "type": "object",
    "required": ["diagnostics"],
    "additionalProperties": False,
    "properties": {
        "source": {"type": "object", "required": ["name"]},
        "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "location"],
                "additionalProperties": False,
                "properties": {
                    "message": {"type": "string"},
                    "location": {
                        "type": "object",
                        "required": ["path"],
                        "additionalProperties": False,
                        "properties": {
                            "path": {"type": "string"},
                            "range": {
                                "type": "object",
                                "properties": {"start": POSITION, "end": POSITION},
                            },
                        },
                    },
                    "severity": {
                        "enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]
                    },
                    "code": {"type": "object", "required": ["value"]},
                },
            },
        },
    },
}

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
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
WIDE = (
    "import asyncio\n\n\nasync def save(text):\n    print(text)\n\n\n"
    "def lambda_handler(event, context):\n    print('größe'), save('')\n"
)
FILES = {
    "app.py": ASYNC,
    "big, 100%: é#1/app.py": ASYNC,
    "broken.py": "def x(:\n",
    "template.yaml": TEMPLATE,
    "wide.py": WIDE,
}
MACHINES = ["github", "gitlab", "json", "jsonl", "rdjson", "sarif"]


def check(folder: Path, *arguments: str) -> str:
    done = run(
        "flake8_lambda_handler",
        "check",
        "--lambda-as-of=2026-11-20",
        *arguments,
        cwd=folder,
    )
    assert "Traceback" not in done.stderr
    return done.stdout


def concise(folder: Path, *arguments: str) -> list[str]:
    return check(folder, *arguments).splitlines()


def test_every_form_is_found_and_named():
    expected = {"concise", "full", *MACHINES}
    assert set(formats.names()) == expected
    for name in expected:
        assert formats.load(name).IS_FOR_PEOPLE == (name in ("concise", "full"))


@pytest.mark.parametrize("name", MACHINES)
def test_no_colours(name):
    with project(FILES) as folder:
        assert "\x1b" not in check(folder, f"--format={name}", "--color=always")


EMPTY = {"github": "", "jsonl": "", "json": "[]\n", "gitlab": "[]\n"}


@pytest.mark.parametrize("name", MACHINES)
def test_nothing_found_is_a_whole_document(name):
    with project({"app.py": "x = 1\n"}) as folder:
        text = check(folder, f"--format={name}")
    if name in EMPTY:
        assert text == EMPTY[name]
    elif name == "sarif":
        assert json.loads(text)["runs"][0]["results"] == []
    else:
        assert json.loads(text)["diagnostics"] == []


def test_json_says_what_the_lines_say():
    with project(FILES) as folder:
        lines = concise(folder)
        records = json.loads(check(folder, "--format=json"))
        streamed = check(folder, "--format=jsonl")
    assert [json.loads(line) for line in streamed.splitlines()] == records
    assert [
        "{path}:{line}:{column}: {code} {message}".format(**record)
        for record in records
    ] == lines
    first = records[0]
    assert first["name"] == "async-handler"
    assert first["level"] == "error"
    assert first["repair"] == engine.repair("LMB101", "app.py")
    assert first["scope"] == "lambda_handler"
    assert first["source"] == ASYNC.splitlines()[0]
    (runtime, _) = [one for one in records if one["code"] == "LMB501"]
    assert (runtime["level"], runtime["scope"]) == (
        "warning",
        "Resources.First.Properties",
    )
    (other,) = [one for one in records if one["code"] == "E999"]
    assert (other["name"], other["repair"], other["level"]) == ("", "", "error")


def test_sarif_is_valid_and_complete():
    with project(FILES) as folder:
        lines = concise(folder)
        log = json.loads(check(folder, "--format=sarif"))
    jsonschema.validate(log, SARIF, jsonschema.Draft7Validator)
    (sarif,) = log["runs"]
    rules = sarif["tool"]["driver"]["rules"]
    found = []
    for result in sarif["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~%/-]+", uri)
        assert not uri.startswith(("/", "file:"))
        start = place["region"]
        found.append(
            f"{urllib.parse.unquote(uri)}:{start['startLine']}:{start['startColumn']}: "
            f"{result['ruleId']} {result['message']['text']}"
        )
    assert found == lines
    codes = {rule["id"]: rule for rule in rules}
    assert set(codes) >= {rule.CODE for rule in engine.rules()}
    assert "## Use instead" in codes["LMB101"]["help"]["markdown"]


def test_sarif_of_a_file_that_is_not_there():
    with project({}) as folder:
        log = json.loads(check(folder, "--format=sarif", "missing.py"))
    jsonschema.validate(log, SARIF, jsonschema.Draft7Validator)
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert "region" not in place


def test_the_schema_of_sarif_refuses_what_it_must():
    with project(FILES) as folder:
        text = check(folder, "--format=sarif")
    for old, new in (
        ('"startLine": 1,', '"startLine": 0,'),
        ('"ruleId"', '"rule_id"'),
        ('"level": "error"', '"level": "fatal"'),
        ('"2.1.0"', '"2.2"'),
    ):
        assert old in text
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(
                json.loads(text.replace(old, new)), SARIF, jsonschema.Draft7Validator
            )


def test_gitlab_is_valid():
    with project(FILES) as folder:
        lines = concise(folder)
        issues = json.loads(check(folder, "--format=gitlab", "."))
    jsonschema.validate(issues, GITLAB)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert [
        f"{one['location']['path']}:{one['location']['lines']['begin']}"
        for one in issues
    ] == [re.sub(r":\d+: [A-Z].*", "", line) for line in lines]


def test_rdjson_counts_bytes():
    with project(FILES) as folder:
        result = json.loads(check(folder, "--format=rdjson"))
        missing = json.loads(check(folder, "--format=rdjson", "missing.py"))
    jsonschema.validate(result, RDJSON)
    jsonschema.validate(missing, RDJSON)
    (found,) = [
        one["location"]
        for one in result["diagnostics"]
        if one["location"]["path"] == "wide.py"
    ]
    line = WIDE.splitlines()[8].encode()
    start = found["range"]["start"]
    assert start["line"] == 9
    assert line[start["column"] - 1 :] == b"save('')"


#: What GitHub's runner makes of a workflow command.
COMMAND = re.compile(r"::(error|warning) ([^:]*)::(.*)")
ESCAPES = {"%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%"}


def unescaped(text):
    for escape, plain in ESCAPES.items():
        text = text.replace(escape, plain)
    return text


def test_github_commands_are_escaped():
    with project(FILES) as folder:
        lines = concise(folder)
        commands = check(folder, "--format=github").splitlines()
    found = []
    for command in commands:
        parsed = COMMAND.fullmatch(command)
        assert parsed, command
        properties = dict(one.split("=", 1) for one in parsed[2].split(","))
        place = [unescaped(properties[key]) for key in ("file", "line", "col")]
        message = unescaped(parsed[3])
        assert message.startswith(":".join(place) + ": ")
        found.append(message)
    assert found == lines
    assert any("big%2C 100%25%3A é#1/app.py" in command for command in commands)


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif"])
def test_services_get_paths_from_the_top_of_the_checkout(name):
    with project({"a/src/app.py": ASYNC}, marker=".git") as folder:
        above = check(folder, f"--format={name}")
        inside = check(folder / "a", f"--format={name}", "src")
    paths = r'(?:file=|"path": "|"uri": ")([^,"]*)'
    assert re.findall(paths, above) == re.findall(paths, inside) == ["a/src/app.py"]


# fingerprints


def fingerprints(files: dict[str, str], *arguments: str, where: str = ".") -> list[str]:
    with project(files, marker=".git") as folder:
        text = check(folder / where, "--format=json", *arguments)
    return [one["fingerprint"] for one in json.loads(text)]


BASE = {"src/app.py": ASYNC, "src/other.py": WIDE}
SAME = {
    "lines above": {"src/app.py": f"import os\n\nX = 1\n\n\n{ASYNC}"},
    "more inside": {
        "src/app.py": ASYNC.replace("    return", "    print(1)\n    return")
    },
    "white space": {"src/app.py": ASYNC.replace("def lambda", "def   lambda")},
}
OTHER = {
    "another name": {"src/app.py": ASYNC.replace("lambda_handler", "my_handler")},
    "another rule": {"src/app.py": ASYNC.replace("return", "yield")},
    "another line": {"src/app.py": ASYNC.replace("event,", "event, *")},
}


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_fingerprint_stays(changes):
    assert fingerprints({**BASE, **changes}) == fingerprints(BASE)


@pytest.mark.parametrize("changes", OTHER.values(), ids=OTHER)
def test_fingerprint_changes(changes):
    before, after = fingerprints(BASE), fingerprints({**BASE, **changes})
    assert before[0] != after[0]
    assert before[-1] == after[-1]


def test_fingerprint_does_not_depend_on_how_a_file_is_named():
    found = fingerprints(BASE)
    assert len(set(found)) == 2
    assert fingerprints(BASE, where="src") == found
    assert fingerprints(BASE, "./src/app.py", "src/../src/other.py") == found
    assert fingerprints(BASE, "../src", where="src") == found


def test_fingerprints_of_equal_lines_differ():
    source = (
        "import asyncio\n\n\nasync def save():\n    print()\n\n\n"
        "def lambda_handler(event, context):\n    save()\n    save()\n    save()\n"
    )
    found = fingerprints({"app.py": source})
    assert len(found) == len(set(found)) == 3
    fewer = fingerprints({"app.py": source.replace("    save()\n", "", 1)})
    assert set(fewer) < set(found)


@pytest.mark.skipif(os.name == "nt", reason="names that are no text")
@pytest.mark.parametrize("name", MACHINES)
def test_name_that_is_no_text(name):
    with project({}) as folder:
        try:
            Path(os.fsdecode(os.fsencode(folder) + b"/\xff.py")).write_text(ASYNC)
        except OSError:
            pytest.skip("the file system takes text only")
        assert "LMB101" in check(folder, f"--format={name}")
