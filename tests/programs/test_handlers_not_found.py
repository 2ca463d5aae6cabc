"""Handlers that programs declare and that Lambda cannot load (LMB104)."""

from __future__ import annotations

import textwrap

import pytest
from support import assert_marked
from support import project
from support import run

HEAD = """\
import os
from aws_cdk import Stack, aws_lambda as lambda_, aws_lambda_python_alpha as python

NEW = lambda_.Runtime.PYTHON_3_13


class Shop(Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
"""
CODE = "def handler(event, context):\n    return {}\n"


def app(body, path="fn/app.py", text=CODE, head=HEAD):
    """Return an app of one stack, and the code of its function."""
    indented = textwrap.indent(textwrap.dedent(body), " " * 8)
    return {"cdk.json": "{}", "shop/stack.py": head + indented, path: text}


def pulumi(body, path="fn/app.py"):
    head = "import pulumi\nimport pulumi_aws as aws\n\n"
    files = {"Pulumi.yaml": "name: shop\nruntime: python\n", path: CODE}
    return {**files, "__main__.py": head + textwrap.dedent(body)}


BAD = {
    "no such function": app("""
        lambda_.Function(
            self,
            "A",
            runtime=NEW,
            handler="app.run",  # LMB104
            code=lambda_.Code.from_asset("fn"),
        )
    """),
    "no such module": app("""
        code = lambda_.Code.from_asset(os.path.join(os.path.dirname(__file__), "../fn"))
        lambda_.Function(
            self,
            "A",
            runtime=NEW,
            handler="index.handler",  # LMB104
            code=code,
        )
    """),
    "no dot": app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="handler", code=code)  # LMB104
    """),
    "a method of the app": {
        **app(""),
        "shop/stack.py": HEAD
        + """\
        self.add("A", "fn")

    def add(self, name, folder):
        code = lambda_.Code.from_asset(folder)
        lambda_.Function(self, name, runtime=NEW, handler="app.run", code=code)  # LMB104
""",
    },
    "a function of a module that is packed": app(
        """
        python.PythonFunction(
            self, "A", runtime=NEW, entry="fn", index="app.py",
            handler="run",  # LMB104
        )
        """
    ),
    "a folder of Pulumi": pulumi("""
        aws.lambda_.Function(
            "orders",
            runtime="python3.13",
            handler="app.run",  # LMB104
            code=pulumi.FileArchive("fn"),
        )
    """),
}

GOOD = {
    "a function that is there": app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.handler", code=code)
    """),
    "code that is built": app("""
        code = lambda_.Code.from_asset(
            "fn", bundling={"image": NEW.bundling_image, "command": ["make"]}
        )
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
    """),
    "options that are not known": app("""
        code = lambda_.Code.from_asset("fn", **options)
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
    """),
    "other options that are not known": app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code, **options)
    """),
    "a folder that is not there": app("""
        code = lambda_.Code.from_asset("build")
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
    """),
    "a folder that is filled before": app(
        """
        shutil.copytree("other", "fn")
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
        """
    ),
    "a folder that somebody may choose": {
        **app(""),
        "shop/stack.py": HEAD
        + """\

    def add(self, name, folder="fn"):
        code = lambda_.Code.from_asset(folder)
        lambda_.Function(self, name, runtime=NEW, handler="app.run", code=code)
""",
    },
    "one of two folders": app("""
        code = lambda_.Code.from_asset("fn" if is_new else "old")
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
    """),
    "a handler that is not known": app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler=handler, code=code)
    """),
    "a runtime that is not known": app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=runtime, handler="app.run", code=code)
    """),
    "another language": app("""
        code = lambda_.Code.from_asset("fn")
        node = lambda_.Runtime.NODEJS_22_X
        lambda_.Function(self, "A", runtime=node, handler="app.run", code=code)
    """),
    "a layer with the module": app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(
            self, "A", runtime=NEW, handler="wrapper.run", code=code, layers=[layer]
        )
    """),
    "a layer that is added": app("""
        code = lambda_.Code.from_asset("fn")
        made = lambda_.Function(
            self, "A", runtime=NEW, handler="wrapper.run", code=code
        )
        made.add_layers(layer)
    """),
    "a variable that leads elsewhere": app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(
            self,
            "A",
            runtime=NEW,
            handler="app.run",
            code=code,
            environment={"PYTHONPATH": "/opt"},
        )
    """),
    "a module that is not there, which stops the app": app("""
        python.PythonFunction(self, "A", runtime=NEW, entry="fn", handler="run")
    """),
    "code of a bucket": app("""
        code = lambda_.Code.from_bucket(bucket, "fn.zip")
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
    """),
    "an archive of Pulumi": pulumi("""
        aws.lambda_.Function(
            "orders",
            runtime="python3.13",
            handler="app.run",
            code=pulumi.FileArchive("fn.zip"),
        )
    """),
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_bad(files):
    assert_marked(files)


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_good(files):
    assert_marked(files)


@pytest.mark.parametrize("command", ["flake8", "flake8_lambda_handler"])
def test_once_where_it_is_written(command):
    check = ["check"] if command != "flake8" else []
    with project(BAD["no such function"]) as folder:
        done = run(command, *check, "--select=LMB", ".", cwd=folder)
    assert done.stdout.removeprefix("./") == (
        "shop/stack.py:15:22: LMB104 handler `app.run` cannot be loaded: "
        "Runtime.HandlerNotFound: Handler 'run' missing on 'app'; "
        "did you mean `app.handler`?\n"
    )
