"""Handlers that apps of the AWS CDK declare, followed to their files."""

from __future__ import annotations

import textwrap

import pytest
from support import assert_marked
from support import project
from support import run

CODE = "async def main(event, context):\n    return {}\n"
MARKED = CODE.replace(":\n", ":  # LMB101\n", 1)
HEAD = """\
import os
from pathlib import Path

from aws_cdk import Stack, aws_lambda as lambda_, aws_lambda_python_alpha as python

NEW = lambda_.Runtime.PYTHON_3_13


class Shop(Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
"""


def app(body, code="fn/app.py", text=MARKED, at="", more=None):
    """Return an app of one stack; `body` is what the stack does."""
    indented = textwrap.indent(textwrap.dedent(body), " " * 8)
    return {
        f"{at}cdk.json": '{"app": "python app.py"}',
        f"{at}shop/stack.py": HEAD + indented,
        code: text,
        **(more or {}),
    }


DOCKERFILE = """\
FROM public.ecr.aws/lambda/python:3.13
COPY . ${LAMBDA_TASK_ROOT}
CMD ["app.main"]
"""


def image(body, path="fn/Dockerfile", text=DOCKERFILE):
    """Return an app with a Dockerfile, which lies in a folder that is no root."""
    return app(body, more={path: text, "fn/other.py": "def main(e, c): return 1\n"})


BAD = {
    "a folder from where the app runs": app("""
        lambda_.Function(
            self,
            "A",
            runtime=NEW,
            handler="app.main",
            code=lambda_.Code.from_asset("fn"),
        )
    """),
    "an app in a folder of its own": app(
        """
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
        """,
        at="cdk/",
        code="cdk/fn/app.py",
    ),
    "code beside the folder of the app": app(
        """
        code = lambda_.Code.from_asset("../fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
        """,
        at="cdk/",
    ),
    "the path of the file, joined": app("""
        here = os.path.dirname(__file__)
        code = lambda_.Code.from_asset(os.path.join(here, "..", "fn"))
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """),
    "an app in the folder of another": {
        **app("", at=""),
        **app(
            """
            code = lambda_.Code.from_asset("fn")
            lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
            """,
            at="inner/",
            code="inner/fn/app.py",
        ),
        "fn/app.py": CODE,
    },
    "a path object": app("""
        root = Path(__file__).resolve().parents[1]
        code = lambda_.Code.from_asset(str(root / "fn"))
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """),
    "a path object, step by step": app("""
        root = Path(__file__).parent.parent
        code = lambda_.Code.from_asset(path=root.joinpath("fn").as_posix())
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """),
    "the current folder": app("""
        code = lambda_.Code.from_asset(os.getcwd() + "/fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """),
    "version 1": app("""
        code = lambda_.Code.asset("./fn/")
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """),
    "the class of the code": app("""
        code = lambda_.AssetCode("fn")
        lambda_.SingletonFunction(
            self, "A", runtime=NEW, handler="app.main", code=code, uuid="1"
        )
    """),
    "a package in the folder": app(
        """
        code = lambda_.Code.from_asset("src")
        lambda_.Function(self, "A", runtime=NEW, handler="shop.app.main", code=code)
        """,
        code="src/shop/app.py",
    ),
    "a module and a function": app(
        """
        python.PythonFunction(
            self, "A", runtime=NEW, entry="fn", index="shop/app.py", handler="main"
        )
        """,
        code="fn/shop/app.py",
    ),
    "the defaults of a module and a function": app(
        """
        python.PythonFunction(self, "A", runtime=NEW, entry="fn")
        """,
        code="fn/index.py",
        text=MARKED.replace("main", "handler"),
    ),
    "an image with a command": app("""
        lambda_.DockerImageFunction(
            self,
            "A",
            code=lambda_.DockerImageCode.from_image_asset("fn", cmd=["app.main"]),
        )
    """),
    "code that a method returns": {
        **app("", code="fn/a/app.py"),
        "shop/stack.py": HEAD
        + """\
        handler = "app.main"
        lambda_.Function(self, "A", runtime=NEW, handler=handler, code=self.code("a"))

    def code(self, name):
        return lambda_.Code.from_asset(os.path.join("fn", name))
""",
        "fn/b/app.py": CODE,
    },
    "an image whose Dockerfile has the command": image("""
        code = lambda_.DockerImageCode.from_image_asset("fn")
        lambda_.DockerImageFunction(self, "A", code=code)
    """),
    "an image with a file, a stage, and arguments": image(
        """
        code = lambda_.DockerImageCode.from_image_asset(
            directory=".",
            file="docker/orders",
            target="orders",
            build_args={"HANDLER": "main"},
        )
        lambda_.DockerImageFunction(self, "A", code=code)
        """,
        "docker/orders",
        """\
FROM public.ecr.aws/lambda/python:3.13 AS orders
ARG HANDLER=other
COPY fn/ shop/
CMD ["shop.app.main"]
FROM public.ecr.aws/lambda/python:3.13
COPY fn/ .
CMD ["app.other"]
""",
    ),
    "an image with another command than its Dockerfile": image(
        """
        code = lambda_.DockerImageCode.from_image_asset("fn", cmd=["app.main"])
        lambda_.DockerImageFunction(self, "A", code=code)
        """,
        text=DOCKERFILE.replace("main", "other"),
    ),
    "an image of a function": image("""
        lambda_.Function(
            self,
            "A",
            runtime=lambda_.Runtime.FROM_IMAGE,
            handler=lambda_.Handler.FROM_IMAGE,
            code=lambda_.Code.from_asset_image("fn"),
        )
    """),
    "properties handed on": app("""
        common = {"runtime": NEW, "code": lambda_.Code.from_asset("fn")}
        lambda_.Function(self, "A", handler="app.main", **common)
    """),
    "a method that makes functions": {
        **app("", code="fn/a/a.py"),
        "shop/stack.py": HEAD
        + """\
        self.add("A", "a")
        self.add("B", folder="b")

    def add(self, name, folder):
        code = lambda_.Code.from_asset(f"fn/{folder}")
        handler = f"{folder}.main"
        lambda_.Function(self, name, runtime=NEW, handler=handler, code=code)
""",
        "fn/b/b.py": MARKED,
        "fn/a/b.py": CODE,
        "fn/c/a.py": CODE,
    },
    "a method of another stack, and a static one": {
        **app("", code="fn/a/a.py"),
        "shop/stack.py": HEAD
        + """\

    def add(self, name):
        self.make(self, name, folder=f"fn/{name}")

    @staticmethod
    def make(stack, name, folder):
        code = lambda_.Code.from_asset(folder)
        handler = f"{name}.main"
        lambda_.Function(stack, name, runtime=NEW, handler=handler, code=code)
""",
        "shop/orders.py": """\
from aws_cdk import aws_lambda  # Function
from shop.stack import Shop

class Orders(Shop):
    def __init__(self, scope):
        super().__init__(scope, "orders")
        self.add("a")
""",
        "fn/b/b.py": CODE,
    },
    "a construct derived from one of the project": {
        **app("", text=MARKED),
        "shop/service.py": """\
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

class Service(Construct):
    def __init__(self, scope, id, handler, source):
        super().__init__(scope, id)
        code = lambda_.Code.from_asset(source)
        lambda_.Function(self, "Function", handler=handler, code=code)
""",
        "shop/orders.py": """\
import aws_cdk  # Function
from shop.service import Service

class Orders(Service):
    def __init__(self, scope):
        super().__init__(scope, "orders", "app.main", source="fn")
""",
        "fn/b/app.py": CODE,
        "other/app.py": CODE,
    },
    "a loop that makes functions": app(
        """
        for name in ("a", "b"):
            code = lambda_.Code.from_asset("fn/" + name)
            handler = name + ".main"
            lambda_.Function(self, name, runtime=NEW, handler=handler, code=code)
        """,
        code="fn/a/a.py",
        more={"fn/b/b.py": MARKED, "fn/a/b.py": CODE},
    ),
    "a construct of the project": app(
        """
        from constructs_of_shop import Service

        Service(self, "A", handler="app.main", source="fn")
        """,
        more={
            "constructs_of_shop.py": textwrap.dedent("""\
                from aws_cdk import aws_lambda as lambda_
                from constructs import Construct

                class Service(Construct):
                    def __init__(self, scope, id, handler, source, **options):
                        super().__init__(scope, id)
                        self.function = lambda_.Function(
                            self,
                            "Function",
                            runtime=lambda_.Runtime.PYTHON_3_13,
                            handler=handler,
                            code=lambda_.Code.from_asset(source),
                            **options,
                        )
                """)
        },
    ),
    "constants of another module": app(
        """
        import settings

        code = lambda_.Code.from_asset(settings.FOLDER)
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
        """,
        more={"settings.py": 'FOLDER = "fn"\n'},
    ),
    "code that cannot be told, and one file that fits": app("""
        code = lambda_.Code.from_asset(folder_of(scope))
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """),
    "an image of the build before the code": app("""
        code = lambda_.Code.from_asset(
            "fn", bundling={"image": NEW.bundling_image, "command": ["cp"]}
        )
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """),
}

GOOD = {
    "another folder with such a file": app(
        """
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
        """,
        code="other/app.py",
        text=CODE,
        more={"fn/app.py": "def main(event, context):\n    return {}\n"},
    ),
    "another function of the file": app(
        """
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
        """,
        text=CODE + "\n\ndef run(event, context):\n    return {}\n",
    ),
    "another language": app(
        """
        code = lambda_.Code.from_asset("fn")
        node = lambda_.Runtime.NODEJS_22_X
        lambda_.Function(self, "A", runtime=node, handler="app.main", code=code)
        """,
        text=CODE,
    ),
    "code of a bucket": app(
        """
        code = lambda_.Code.from_bucket(bucket, "fn.zip")
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
        """,
        text=CODE,
    ),
    "code in the app": app(
        """
        code = lambda_.Code.from_inline("def main(event, context): return {}")
        lambda_.Function(self, "A", runtime=NEW, handler="index.main", code=code)
        """,
        code="fn/index.py",
        text=CODE,
    ),
    "an image of a registry": app(
        """
        code = lambda_.DockerImageCode.from_ecr(repository, cmd=["app.main"])
        lambda_.DockerImageFunction(self, "A", code=code)
        """,
        text=CODE,
    ),
    "an image with another command": image(
        """
        code = lambda_.DockerImageCode.from_image_asset("fn", cmd=["other.main"])
        lambda_.DockerImageFunction(self, "A", code=code)
        """,
        path="fn/Dockerfile.orders",
        text=DOCKERFILE.replace("app", "other"),
    )
    | {"fn/app.py": CODE},
    "an edge of another package": app(
        """
        other.Function(self, "A", runtime=NEW, handler="app.main", code="fn")
        """,
        text=CODE,
    ),
    "no app": {
        key: text
        for key, text in app(
            """
            code = lambda_.Code.from_asset("fn")
            lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
            """,
            text=CODE,
        ).items()
        if key != "cdk.json"
    },
    "an app of tests": {
        **app("", text=CODE),
        "tests/stack.py": HEAD
        + textwrap.indent(
            'code = lambda_.Code.from_asset("fn")\n'
            'lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)\n',
            " " * 8,
        ),
    },
    "an app that was made by a tool": {
        **app("", text=CODE),
        "cdk.out/stack.py": HEAD
        + textwrap.indent(
            'code = lambda_.Code.from_asset("fn")\n'
            'lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)\n',
            " " * 8,
        ),
    },
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_bad(files):
    assert_marked(files)


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_good(files):
    assert_marked(files)


def test_the_command_shows_where_they_are_declared():
    files = app("""
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.main", code=code)
    """)
    with project(files) as folder:
        done = run("flake8_lambda_handler", "handlers", cwd=folder)
    assert done.stdout == (
        "fn/app.py:1:1: main (template: shop/stack.py:14, python3.13)\n"
    )


def test_a_file_that_cannot_be_parsed_declares_nothing():
    files = {**app("lambda_.Function(\n", text=CODE), "fn/b.py": CODE}
    with project(files) as folder:
        done = run("flake8_lambda_handler", "handlers", "fn", cwd=folder)
    assert (done.stdout, done.stderr) == ("", "")


def test_other_functions_of_the_code_are_no_handlers():
    """A template that resolves takes the place of the guess by name."""
    files = app(
        """
        code = lambda_.Code.from_asset("fn")
        lambda_.Function(self, "A", runtime=NEW, handler="app.run", code=code)
        """,
        text="async def handler(event, context):\n    return {}\n\n\n"
        "def run(event, context):\n    return {}\n",
    )
    assert_marked(files)


def test_a_runtime_is_reported_in_the_app_alone():
    files = app("""
        code = lambda_.Code.from_asset("fn")
        old = lambda_.Runtime.PYTHON_3_8
        lambda_.Function(self, "A", runtime=old, handler="app.main", code=code)
    """)
    with project(files) as folder:
        done = run(
            "flake8", "--select=LMB", "--lambda-as-of=2026-11-20", ".", cwd=folder
        )
    assert [line.split(" ")[:2] for line in done.stdout.splitlines()] == [
        ["./fn/app.py:1:1:", "LMB101"],
        ["./shop/stack.py:14:31:", "LMB501"],
    ]
