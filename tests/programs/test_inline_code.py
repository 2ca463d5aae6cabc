"""Code of functions that CDK apps hold themselves, judged where it is written."""

from __future__ import annotations

import textwrap

import pytest
from support import ROOT
from support import assert_marked
from support import project as files_in
from support import run
from support import settings_for
from support import violations

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.programs import read
from flake8_lambda_handler.project.index import Project

HEAD = """\
import os
import textwrap
from aws_cdk import aws_lambda as lambda_

NEW = lambda_.Runtime.PYTHON_3_13
"""


def app(body, handler="index.handler", runtime="NEW"):
    """Return a program with a function whose code is what `CODE` is bound to."""
    return f"""\
{HEAD}
{textwrap.dedent(body).strip()}
lambda_.Function(
    stack, "A", runtime={runtime}, handler="{handler}",
    code=lambda_.Code.from_inline(CODE),
)
"""


#: Every kind of literal; `async` stands once in each, where the finding is.
LITERALS = {
    "three quotes": '''
        CODE = """
        async def handler(event, context):
            return {}
        """
    '''.replace("        ", ""),
    "three quotes, indented": '''
        CODE = textwrap.dedent("""
            import json

            async def handler(event, context):
                return {}
        """)
    ''',
    "three quotes, stripped": """
        CODE = textwrap.dedent('''\\
            async def handler(event, context): return {}
        ''').strip()
    """,
    "one line": """
        CODE = "async def handler(event, context): return {}"
    """,
    "escapes": r"""
        CODE = "x = '\x41\u00e9\N{BULLET}\101\\n'\nasync def handler(event, context):\n\treturn {}"
    """,
    "raw": r'''
        CODE = r"""x = "\\d"; y = 1
        async def handler(event, context): return {}"""
    '''.replace("        ", ""),
    "pieces side by side": """
        CODE = (
            "import json\\n"  # first
            'async def handler(event, context):\\n'
            "    return {}\\n"
        )
    """,
    "pieces added": """
        CODE = "import json\\n" + "async def handler(event, context):\\n" + "    return {}\\n"
    """,
    "lines joined": """
        CODE = "\\n".join([
            "import json",
            "async def handler(event, context):",
            "    return {}",
        ])
    """,
    "what a function returns": """
        def code():
            return "async def handler(event, context): return {}"
        CODE = code()
    """,
    "values put in": """
        CODE = f"TABLE = '{table.name}'; X = {{}}\\nasync def handler(event, context): return {{}}"
    """,
    "values with quotes and brackets": """
        CODE = f"TABLE = {os.environ['{']!r:>3}\\nasync def handler(event, context): return 1"
    """,
    "letters of all kinds": """
        CODE = "x = 'é😀'; y = 1\\nasync def handler(event, context): return {}"
    """,
}


def place_of(text, word="async"):
    before = text[: text.index(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n") - 1


@pytest.mark.parametrize("body", LITERALS.values(), ids=LITERALS)
def test_place(body):
    text = app(body)
    assert [one[1:4] for one in violations(text)] == [(*place_of(text), "LMB101")]


@pytest.mark.parametrize("body", LITERALS.values(), ids=LITERALS)
def test_every_character_stands_where_it_is_written(body):
    text = app(body)
    project = Project(settings_for(ROOT))
    (code,) = read(Module("/stack.py", None, text), project).embedded
    for piece in code.pieces:
        assert piece.start < 0 or text.startswith(piece.value, piece.offset)
        assert "\\" in piece.value or piece.text == piece.value or piece.start < 0
    compile(code.text, "index.py", "exec")


BAD = {
    "the class of the code": """
        from aws_cdk import aws_lambda

        aws_lambda.Function(
            stack,
            "A",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
            handler="index.main",
            code=aws_lambda.InlineCode('''
        async def main(event, context):  # LMB101
            return {}
        '''),
        )
    """,
    "version 1": """
        from monocdk import aws_lambda

        aws_lambda.Function(
            stack,
            "A",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
            handler="index.main",
            code=aws_lambda.Code.inline(code='''
        async def main(event, context):  # LMB101
            return {}
        '''),
        )
    """,
    "a function that makes functions": """
        from aws_cdk import aws_lambda

        def make(stack, name, code):
            return aws_lambda.Function(
                stack,
                name,
                runtime=aws_lambda.Runtime.PYTHON_3_13,
                handler="index.main",
                code=aws_lambda.Code.from_inline(code),
            )

        make(app, "A", '''
        def main(event, context):
            return {"a": {1, 2}}  # LMB401
        ''')
        make(app, "B", "def main(event, context): return 1")
    """,
    "another function than the handler": """
        from aws_cdk import aws_lambda

        CODE = '''
        import asyncio

        async def work():
            return 1

        def main(event, context):
            work()  # LMB201
            return asyncio.run(work())
        '''
        aws_lambda.Function(
            stack,
            "A",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
            handler="index.main",
            code=aws_lambda.Code.from_inline(CODE),
        )
    """,
    "what CloudFormation takes for code": """
        from aws_cdk import aws_lambda, aws_sam

        aws_lambda.CfnFunction(
            stack,
            "A",
            runtime="python3.13",
            handler="index.main",
            code=aws_lambda.CfnFunction.CodeProperty(zip_file='''
        async def main(event, context):  # LMB101
            return {}
        '''),
        )
        aws_lambda.CfnFunction(
            stack,
            "B",
            runtime=aws_lambda.Runtime.PYTHON_3_13.name,
            handler="index.main",
            code={"zipFile": '''
        async def main(event, context):  # LMB101
            return {}
        '''},
        )
        aws_sam.CfnFunction(
            stack,
            "C",
            runtime="python3.13",
            handler="index.main",
            inline_code='''
        async def main(event, context):  # LMB101
            return {}
        ''',
        )
    """,
    "a handler that is not there": """
        from aws_cdk import aws_lambda

        CODE = '''
        import json
        import os

        TABLE = os.environ["TABLE"]

        def main(event, context):
            print(json.dumps(event))
            return TABLE
        '''
        aws_lambda.Function(
            stack,
            "A",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
            handler="index.handler",  # LMB104
            code=aws_lambda.Code.from_inline(CODE),
        )
    """,
}
BAD = {
    name: textwrap.dedent(text).replace("\n        ", "\n")
    for name, text in BAD.items()
}

GOOD = {
    "another language": app(
        'CODE = "async def handler(event, context): return {}"',
        runtime="lambda_.Runtime.NODEJS_20_X",
    ),
    "a runtime that is not known": app(
        'CODE = "async def handler(event, context): return {}"', runtime="runtime()"
    ),
    "code that works": app('CODE = "def handler(event, context): return {}"'),
    "code that is no Python": app('CODE = "async def handler(event, {{ context }}"'),
    "code that is put together somehow": app(
        'CODE = "async def handler(event, context): return {0}".format(value)'
    ),
    "code for something else": """
        from aws_cdk import aws_lambda, aws_cloudfront

        aws_cloudfront.FunctionCode.from_inline("async def handler(event): return {}")
        InlineCode("async def handler(event, context): return {}")  # Runtime
    """,
    "what CloudFormation takes for code, and code that works": """
        from aws_cdk import aws_lambda, aws_s3

        aws_lambda.CfnFunction(
            stack,
            "A",
            runtime="python3.13",
            handler="index.main",
            code={"zip_file": "def main(event, context): return 1"},
        )
        aws_lambda.CfnFunction(
            stack,
            "B",
            runtime="python3.13",
            handler="index.main",
            code=aws_lambda.CfnFunction.CodeProperty(s3_bucket="b", s3_key="k"),
        )
        aws_s3.Anything(zip_file="async def main(event, context): return 1")
    """,
    "code of another file, which tells nothing of it": {
        "code.py": 'CODE = "async def handler(event, context): return {}"\n',
        "app.py": app("from code import CODE"),
    },
    "tests": {
        "tests/test_app.py": app(
            'CODE = "async def handler(event, context): return {}"'
        ),
    },
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(source)


@pytest.mark.parametrize("command", ["flake8", "flake8_lambda_handler"])
def test_in_flake8_and_with_comments(command):
    line = 'CODE = "async def handler(event, context): return {}"'
    check = ["check"] if command != "flake8" else []
    files = {"a.py": app(line), "b.py": app(line + "  # noqa: LMB101")}
    with files_in(files) as folder:
        done = run(command, *check, "--select=LMB", "a.py", "b.py", cwd=folder)
    (found,) = done.stdout.splitlines()
    assert found.startswith("a.py:7:9: LMB101 handler `handler` is `async def`")


#: Programs whose code is the text of a file, and that file.
FILES = {
    "a file that is read": """
        lambda_.Code.from_inline(open("fn/orders.py").read())
    """,
    "a file that is opened before": """
        with open("fn/orders.py", encoding="utf8") as file:
            code = file.read()
        lambda_.InlineCode(code)
    """,
    "a path": """
        here = Path(__file__).parent
        lambda_.Code.from_inline((here / "fn" / "orders.py").read_text())
    """,
}


@pytest.mark.parametrize("body", FILES.values(), ids=FILES)
def test_the_text_of_a_file(body):
    *before, call = textwrap.dedent(body).strip().split("\n")
    made = "\n".join(before)
    text = f"""\
from pathlib import Path
{HEAD}
{made}
lambda_.Function(stack, "A", runtime=NEW, handler="index.main", code={call})
"""
    code = "async def main(event, context):  # LMB101\n    return {}\n"
    other = "async def main(event, context):\n    return {}\n"
    files = {"cdk.json": "{}", "app.py": text}
    assert_marked({**files, "fn/orders.py": code, "fn/index.py": other})
