"""Code inside templates: every rule, and the line and column at which it stands."""

from __future__ import annotations

import textwrap

import pytest
from support import project
from support import violations

from flake8_lambda_handler import templates
from flake8_lambda_handler.templates import embedded

HEAD = """\
Resources:
  A:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Code:
"""
JSON = """\
{"Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties": {
  "Runtime": "python3.13", "Handler": "index.handler", "Code": {"ZipFile": %s}}}}}
"""

#: Every kind of scalar; `async` stands once in each, where the finding is.
SCALARS = {
    "literal": """
        ZipFile: |
          import json

          async def handler(event, context):
              return {}
    """,
    "literal, stripped": """
        ZipFile: |-
            async def handler(event, context): return {}
    """,
    "literal with blank lines before": """
        ZipFile: |


          x = 1
          if x:
              async def handler(event, context):
                  return {}
    """,
    "literal with an indentation of its own": """
        ZipFile: |2
            # deeper than the rest

          async def handler(event, context): return {}
    """,
    "literal with a comment and an anchor": """
        ZipFile: &code |  # the code
          async def handler(event, context): return {}
    """,
    "literal with a tag": """
        ZipFile: !!str |
          async def handler(event, context): return {}
    """,
    "folded": """
        ZipFile: >
          import json

          async def handler(event, context): return {
          }
    """,
    "plain": """
        ZipFile: async def handler(event, context):return {}
    """,
    "plain on two lines": """
        ZipFile: async def handler(event,
          context):return {}
    """,
    "single quotes": """
        ZipFile: 'async def handler(event, context): return {}'
    """,
    "single quotes in single quotes": """
        ZipFile: 'x = ''a''; y = ''''

          async def handler(event, context): return {''x'': x}'
    """,
    "double quotes": r"""
        ZipFile: "import json\n\nasync def handler(event, context):\n  return {}"
    """,
    "escapes": r"""
        ZipFile: "x = \"a\\n\"\nz = '\x41\u00e9\U0001F600'\n\
          async def handler(event, context):\n\treturn {}"
    """,
    "letters of all kinds": """
        ZipFile: |
          x = "é😀"
          async def handler(event, context): return {"é": 1}
    """,
    "Sub": """
        ZipFile: !Sub |
          TABLE = "${Table}"
          REGION = "${AWS::Region}"; SHELL = "${!HOME}"
          async def handler(event, context): return {}
    """,
    "Sub on one line": """
        ZipFile: !Sub "T = '${T}'\\nasync def handler(event, context): return {}"
    """,
    "Sub in its long form": """
        ZipFile:
          Fn::Sub:
            - |
              TABLE = "${T}"
              async def handler(event, context): return {}
            - {T: !Ref Table}
    """,
    "Join": """
        ZipFile: !Join
          - "\\n"
          - - import json
            - !Sub "T = '${T}'"
            - "async def handler(event, context):"
            - "    return {}"
    """,
    "Join with an unknown value": """
        ZipFile:
          Fn::Join:
            - ""
            - - "TABLE = '"
              - !Ref Table
              - "'\\n"
              - "async def handler(event, context): return {}"
    """,
}

TEXTS = {
    name: HEAD + textwrap.indent(textwrap.dedent(text).strip("\n"), " " * 8) + "\n"
    for name, text in SCALARS.items()
}
IN_JSON = {
    "a string": '"async def handler(event, context): return {}"',
    "escapes": r'"import json\n\nx = \"a\"; y = \"\u00e9\ud83d\ude00\/\"; z = 1\n'
    r'async def handler(event, context):\n\treturn {}\n"',
    "Join": r'{"Fn::Join": ["\n", ["import json", {"Ref": "X"}, '
    r'"async def handler(event, context):", "  return \"\\n\""]]}',
}


def place_of(text, word="async"):
    before = text[: text.index(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n") - 1


def found(name, text):
    return [one[1:4] for one in violations({name: text})]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_place_in_yaml(text):
    assert found("template.yaml", text) == [(*place_of(text), "LMB101")]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_place_with_other_line_ends(text):
    files = {"template.yaml": text.replace("\n", "\r\n")}
    assert [one[1:4] for one in violations(files)] == [(*place_of(text), "LMB101")]


@pytest.mark.parametrize("code", IN_JSON.values(), ids=IN_JSON)
def test_place_in_json(code):
    text = JSON % code
    assert found("template.json", text) == [(*place_of(text), "LMB101")]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_word_stands_where_it_is_written(text):
    with project({"template.yaml": text}) as folder:
        (code,) = templates.read(str(folder / "template.yaml")).embedded
    lines = text.split("\n")
    for number, line in enumerate(code.text.split("\n"), 1):
        for column, character in enumerate(line):
            place = embedded.place(code, number, column)
            assert place is not None
            if not character.isspace() and code.is_whole and "escapes" not in text:
                written = lines[place.line - 1][place.column]
                assert written in (character, "\\")


def test_sam():
    text = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13}}
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      InlineCode: |
        import json

        def handler(event, context):
            return {"ids": {1, 2}}
"""
    assert found("template.yaml", text) == [(*place_of(text, "{1"), "LMB401")]


SILENT = {
    "code of another language": SCALARS["literal"].replace("async def", "exports."),
    "code that is no Python for now": "ZipFile: !Sub |\n  async def ${Name}(: pass\n",
    "a reference": "ZipFile: !Ref Code\n",
    "code that is fine": "ZipFile: |\n  def handler(event, context): return {}\n",
    "an unknown value for a handler": "ZipFile: !Sub |\n  ${Code}\n",
}


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_silent(code):
    code = textwrap.indent(textwrap.dedent(code).strip("\n"), " " * 8)
    assert found("template.yaml", HEAD + code + "\n") == []


CODE = (
    r"import json, os\nX = os.environ\ndef handler(event, context):"
    r"\n  body = {}\n  body['x'] = 1\n  return body"
)


@pytest.mark.parametrize(
    ("handler", "code", "text"),
    [
        (
            "app.handler",
            CODE,
            "Runtime.ImportModuleError: No module named 'app'; "
            "did you mean `index.handler`?",
        ),
        (
            "index.main",
            CODE,
            "Runtime.HandlerNotFound: Handler 'main' missing on 'index'; "
            "did you mean `index.handler`?",
        ),
        ("index.handler", CODE, ""),
        ("!Ref Handler", CODE, ""),
        ("app.handler", "def handler(event, context): return {}", ""),
        ("app.handler", r"import json\ndef handler(e, c): return json.dumps({})", ""),
        ("app.handler", "def handler(event, context): print(event)", ""),
        (
            "app.handler",
            "def handler(event, context): return event['id']",
            "Runtime.ImportModuleError: No module named 'app'; "
            "did you mean `index.handler`?",
        ),
        (
            "index.main",
            r"import boto3\ndef handler(e, c): boto3.client('s3').list_buckets()",
            "Runtime.HandlerNotFound: Handler 'main' missing on 'index'; "
            "did you mean `index.handler`?",
        ),
        (
            "handler",
            "def handler(event, context): return event.get('id')",
            "Runtime.MalformedHandlerName: Bad handler 'handler'; "
            "did you mean `index.handler`?",
        ),
        ("app.handler", "# deployed later", ""),
        ("index.main", CODE + r"\nglobals()['ma' + 'in'] = print", ""),
        ("index.main", CODE + r"\nfrom cfnresponse import *", ""),
    ],
)
def test_handlers_that_are_not_there(handler, code, text):
    template = HEAD.replace("index.handler", handler) + f'        ZipFile: "{code}"\n'
    expected = [f"handler `{handler}` cannot be loaded: {text}"] if text else []
    assert [one.text for one in violations({"template.yaml": template})] == expected


def test_modules_of_the_project_are_not_there():
    text = HEAD + textwrap.indent(
        "ZipFile: |\n"
        "  from helpers import make\n"
        "  def handler(event, context):\n"
        "      make()\n"
        "      return {}\n",
        " " * 8,
    )
    files = {"template.yaml": text, "helpers.py": "async def make(): return 1\n"}
    assert violations(files) == []


def test_the_runtime_of_the_function_counts():
    text = HEAD.replace("3.13", "3.9") + textwrap.indent(
        "ZipFile: |\n  def handler(event: dict | None, context):\n      return {}\n",
        " " * 8,
    )
    codes = [one.code for one in violations({"template.yaml": text})]
    assert codes == ["LMB501", "LMB506"]


@pytest.mark.parametrize(
    ("head", "join", "end"),
    [
        ("|\n          ", "\n          ", ""),
        ('"', "\\n", '"'),
        ('"', "\n\n          ", '"'),
        ("'", "\n\n          ", "'"),
        (">\n          ", "\n\n          ", ""),
    ],
)
def test_lines_in_messages_are_those_of_the_template(head, join, end):
    code = [
        "import boto3, json; line = 'line 3'; d = boto3.resource('dynamodb')",
        "def handler(event, context): item = d.Table('x').get_item(Key={})[",
        "'Item']; return json.dumps(item)",  # what is folded has no indentation
    ]
    if end == "'":
        code = [line.replace("'", "''") for line in code]
    text = f"{HEAD}        ZipFile: {head}{join.join(code)}{end}\n"
    (found,) = violations({"template.yaml": text})
    assert found.code == "LMB404"
    line = text[: text.index("get_item")].count("\n") + 1
    assert f"in line {line})" in found.text


def test_lines_in_messages_about_json():
    code = r"import boto3, json\nD = boto3.resource('dynamodb')\n"
    code += (
        r"def handler(event, context):\n  r = D.Table('x').get_item(Key={})['Item']\n"
    )
    text = JSON % f'"{code}  return json.dumps(r)"'
    (found,) = violations({"template.json": text})
    assert "in line 2)" in found.text


TWICE = """\
Resources:
  First:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {first}
      Handler: index.{name}
      Code:
        ZipFile: |
          def one(event: dict | None, context):
              return {{"ids": {{1, 2}}}}
          async def two(event, context): return {{}}
  Second:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {second}
      Handler: index.two
      Code: {{ZipFile: "def one(event: dict | None, context):\\n    return {{\\"ids\\": {{1, 2}}}}\\nasync def two(event, context): return {{}}\\n"}}
"""


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        ("two", "python3.13", "python3.13", [(11, "LMB101"), (17, "LMB101")]),
        ("one", "python3.13", "python3.13", [(10, "LMB401"), (17, "LMB101")]),
        (
            "two",
            "python3.13",
            "python3.9",
            [(11, "LMB101"), (15, "LMB501"), (17, "LMB101"), (17, "LMB506")],
        ),
    ],
    ids=["the same", "another handler", "another runtime"],
)
def test_the_same_code_twice(name, first, second, expected):
    """It is judged once, unless it runs in another way, and told wherever it stands."""
    text = TWICE.format(name=name, first=first, second=second)
    found = violations({"template.yaml": text, "copy/template.yaml": text})
    for path in ("copy/template.yaml", "template.yaml"):
        told = sorted((one.line, one.code) for one in found if one.path == path)
        assert told == expected
