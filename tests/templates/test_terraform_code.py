"""The files that Terraform's archives hold: heredocs, strings and files of other names."""

from __future__ import annotations

import re
import textwrap

import pytest
from support import assert_marked
from support import project
from support import violations

from flake8_lambda_handler import templates
from flake8_lambda_handler.templates import embedded

ASYNC = "async def handler(event, context): return {}"

FUNCTION = """
resource "aws_lambda_function" "f" {
  runtime  = "python3.13"
  handler  = "index.handler"
  filename = data.archive_file.zip.output_path
}
"""


def archive(inside, handler="index.handler"):
    body = textwrap.indent(textwrap.dedent(inside).strip("\n"), "  ")
    # What stands at column 0 in a heredoc stays there.
    body = re.sub(r"^ +(?=\|)\|", "", body, flags=re.M)
    return (
        f'data "archive_file" "zip" {{\n  type = "zip"\n  output_path = "x.zip"\n{body}\n'
        "}\n" + FUNCTION.replace("index.handler", handler)
    )


#: Every way to write code; `async` stands once in each, where the finding is.
CODE = {
    "a heredoc": f"""
        source {{
          filename = "index.py"
          content  = <<EOF
        |import json
        |
        |{ASYNC}
        |EOF
        }}
    """,
    "a heredoc without its indentation": f"""
        source {{
          content  = <<-CODE
            import json

              # deeper
            {ASYNC}
          CODE
          filename = "index.py"
        }}
    """,
    "deeper code": """
        source {
          filename = "index.py"
          content  = <<-EOF
            if True:
                async def handler(event, context):
                    return {}
          EOF
        }
    """,
    "values that the template puts in": f"""
        source {{
          filename = "index.py"
          content  = <<-EOF
            T = "${{var.table}}"; U = "${{lookup(local.x, "a", "b")}}"
            V = "$${{HOME}}" "%%{{"
            {ASYNC}
          EOF
        }}
    """,
    "a string": rf"""
        source {{
          filename = "index.py"
          content  = "import json\nx = \"\u00e9\"\n{ASYNC}"
        }}
    """,
    "one of several files": f"""
        source {{
          filename = "config.json"
          content  = "{{}}"
        }}
        source {{
          filename = "helpers.py"
          content  = "x = 1"
        }}
        source {{
          filename = "index.py"
          content  = "{ASYNC}"
        }}
    """,
    "without a block": f"""
        source_content          = "{ASYNC}"
        source_content_filename = "index.py"
    """,
    "lines between other letters": f"""
        source {{
          filename = "index.py"
          content  = <<-EOF
            x = "é😀"; y = '''
              deeper'''
            {ASYNC}
          EOF
        }}
    """,
}


def place_of(text, word="async"):
    before = text[: text.index(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n") - 1


@pytest.mark.parametrize("inside", CODE.values(), ids=CODE)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_place(inside, ends):
    text = archive(inside)
    found = violations({"main.tf": text.replace("\n", ends)})
    assert [one[1:4] for one in found] == [(*place_of(text), "LMB101")]


@pytest.mark.parametrize("inside", CODE.values(), ids=CODE)
def test_every_character_stands_where_it_is_written(inside):
    text = archive(inside)
    with project({"main.tf": text}) as folder:
        (code,) = templates.read(str(folder / "main.tf")).embedded
    lines = text.split("\n")
    for number, line in enumerate(code.text.split("\n"), 1):
        for column, character in enumerate(line):
            place = embedded.place(code, number, column)
            assert place is not None
            if not character.isspace() and code.is_whole:
                assert lines[place.line - 1][place.column] in (character, "\\")


def test_locals_and_the_path_of_a_handler():
    heredoc = f"locals {{\n  code = <<EOF\n{ASYNC}\nEOF\n}}\n"
    inside = 'source {\n  filename = "src/main.py"\n  content = local.code\n}'
    text = heredoc + archive(inside, "src/main.handler")
    found = violations({"main.tf": text})
    assert [one[1:4] for one in found] == [(3, 0, "LMB101")]


@pytest.mark.parametrize("escaped", ["$${y}", "%%{y}"])
def test_the_line_of_the_value_when_the_place_is_not_known(escaped):
    inside = f"""
        source {{
          filename = "index.py"
          content  = "x = '{escaped}'\\n{ASYNC}"
        }}
    """
    text = archive(inside)
    found = violations({"main.tf": text})
    assert [one[1:4] for one in found] == [(*place_of(text, "x = "), "LMB101")]


def test_json():
    text = """\
{"data": {"archive_file": {"zip": {"output_path": "x.zip", "source": [
  {"filename": "a.txt", "content": "x"},
  {"filename": "index.py", "content": "import json\\nasync def handler(e, c): return 1"}
]}}}, "resource": {"aws_lambda_function": {"f": {
  "runtime": "python3.13", "handler": "index.handler", "filename": "x.zip"}}}}
"""
    found = violations({"main.tf.json": text})
    assert [one[1:4] for one in found] == [(*place_of(text), "LMB101")]


SILENT = {
    "code that is fine": CODE["a heredoc"].replace("async def", "def"),
    "a template with directives": CODE["a heredoc"].replace(
        "import json", "%{ if var.x }\n|import json\n|%{ endif }"
    ),
    "a name that is not known": CODE["a heredoc"].replace('"index.py"', "var.name"),
    "code that is not known": f"""
        source {{
          filename = "index.py"
          content  = "${{var.head}}{ASYNC}"
        }}
    """,
    "code of another language": CODE["a heredoc"].replace("async def", "exports."),
    "code by a function": CODE["a heredoc"]
    .replace("<<EOF", "templatefile(var.x, {a = <<EOF")
    .replace("|EOF", "|EOF\n})"),
    "blocks for each of some files": """
        dynamic "source" {
          for_each = fileset(path.module, "src/*.py")
          content {
            filename = "index.py"
            content  = file(source.value)
          }
        }
    """,
}


@pytest.mark.parametrize("inside", SILENT.values(), ids=SILENT)
def test_silent(inside):
    assert violations({"main.tf": archive(inside)}) == []


def test_an_archive_that_no_function_uses():
    text = archive(CODE["a heredoc"]).replace("data.archive_file.zip.", "data.")
    assert violations({"main.tf": text}) == []


BODY = """
import os
X = os.environ
def handler(event, context):
  body = {}
  body["x"] = 1
  return body
"""


@pytest.mark.parametrize(
    ("handler", "body", "text"),
    [
        ("index.handler", BODY, ""),
        (
            "lambda.handler",
            BODY,
            "Runtime.ImportModuleError: No module named 'lambda'; "
            "did you mean `index.handler`?",
        ),
        (
            "index.main",
            BODY,
            "Runtime.HandlerNotFound: Handler 'main' missing on 'index'; "
            "did you mean `index.handler`?",
        ),
        ("index.main", BODY + "globals()['main'] = print\n", ""),
        ("lambda.handler", "x = 1\n", ""),
    ],
)
def test_handlers_that_are_not_there(handler, body, text):
    inside = f'source {{\n  filename = "index.py"\n  content = <<EOF\n{body}EOF\n}}'
    template = archive("", handler).replace("\n\n}", "\n" + inside + "\n}", 1)
    expected = [f"handler `{handler}` cannot be loaded: {text}"] if text else []
    assert [one.text for one in violations({"main.tf": template})] == expected


def test_another_file_may_have_the_handler():
    inside = """
        source {
          filename = "index.py"
          content  = "x = 1"
        }
        source {
          filename = var.name
          content  = "x = 1"
        }
    """
    assert violations({"main.tf": archive(inside, "app.handler")}) == []


#: Where the content of `index.py` comes from, and whether that leads to the file.
CONTENTS = {
    'file("${path.module}/src/orders.py")': True,
    'file("./src/orders.py")': True,
    '"${file("${path.module}/src/orders.py")}"': True,
    'templatefile("${path.module}/src/orders.py", {table = var.table})': True,
    'replace(file("src/orders.py"), "{{TABLE}}", aws_dynamodb_table.x.arn)': True,
    'templatefile("${path.module}/src/orders.py.tftpl", {table = var.table})': False,
    "file(var.path)": False,
    'upper(file("src/orders.py"))': False,
    'file("src/gone.py")': False,
    'file("src/config.json")': False,
}


@pytest.mark.parametrize(("content", "leads"), CONTENTS.items())
def test_a_file_under_another_name(content, leads):
    mark = "  # LMB101" if leads else ""
    inside = f'source {{\n  filename = "index.py"\n  content  = {content}\n}}\n'
    assert_marked(
        {
            "main.tf": archive(inside, "index.go"),
            "src/orders.py": f"async def go(event, context):{mark}\n    pass\n",
            "src/orders.py.tftpl": "async def go(event, context):\n    pass\n",
            "src/config.json": "{}",
        }
    )
