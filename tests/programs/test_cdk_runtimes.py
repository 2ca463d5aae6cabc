"""Runtimes in apps of the AWS CDK, judged where they are written."""

from __future__ import annotations

import pytest
from support import assert_marked
from support import project
from support import run
from support import violations

BAD = {
    "the usual alias": """
        from aws_cdk import aws_lambda as _lambda

        _lambda.Function(app, "A", runtime=_lambda.Runtime.PYTHON_3_8)  # LMB501
    """,
    "the package, and its module as an attribute": """
        import aws_cdk as cdk

        RUNTIME = cdk.aws_lambda.Runtime.PYTHON_3_8  # LMB501
    """,
    "a module with its full name": """
        import aws_cdk.aws_lambda

        RUNTIME = aws_cdk.aws_lambda.Runtime.PYTHON_3_8  # LMB501
    """,
    "a module by another name": """
        import aws_cdk.aws_lambda as lambdafun

        RUNTIME = lambdafun.Runtime.PYTHON_3_8  # LMB501
    """,
    "the bare class": """
        from aws_cdk.aws_lambda import Function, Runtime

        Function(app, "A", runtime=Runtime.PYTHON_3_8)  # LMB501
    """,
    "the class by another name": """
        from aws_cdk.aws_lambda import Runtime as R

        RUNTIME = R.PYTHON_3_8  # LMB501
    """,
    "the class in a variable": """
        from aws_cdk import aws_lambda

        Python = aws_lambda.Runtime
        RUNTIME = Python.PYTHON_3_8  # LMB501
    """,
    "everything of the module": """
        from aws_cdk.aws_lambda import *

        RUNTIME = Runtime.PYTHON_3_8  # LMB501
    """,
    "version 1 in one package": """
        from monocdk import aws_lambda

        RUNTIME = aws_lambda.Runtime.PYTHON_3_8  # LMB501
    """,
    "an import in the function": """
        def build(app):
            from aws_cdk import aws_lambda as lambda_

            return lambda_.Runtime.PYTHON_3_8  # LMB501
    """,
    "older than the runtimes with a point": """
        from aws_cdk.aws_lambda import Runtime

        RUNTIME = Runtime.PYTHON_2_7  # LMB503
    """,
    "a default, an attribute and an argument": """
        from aws_cdk import aws_lambda

        class Service:
            def __init__(self, runtime=aws_lambda.Runtime.PYTHON_3_8):  # LMB501
                self.runtime = aws_lambda.Runtime.PYTHON_3_8  # LMB501
                self.add("a", aws_lambda.Runtime.PYTHON_3_8)  # LMB501
    """,
    "what is handed on counts where it is written, once": """
        from aws_cdk import aws_lambda

        RUNTIME = aws_lambda.Runtime.PYTHON_3_8  # LMB501

        aws_lambda.Function(app, "A", runtime=RUNTIME)
        aws_lambda.Function(app, "B", runtime=RUNTIME)
    """,
    "a dictionary of properties": """
        from aws_cdk import aws_lambda

        COMMON = {
            "handler": "app.handler",
            "runtime": aws_lambda.Runtime.PYTHON_3_8,  # LMB501
        }
        aws_lambda.Function(app, "A", **COMMON)
    """,
    "the image to build in": """
        from aws_cdk import BundlingOptions, aws_lambda

        BundlingOptions(
            image=aws_lambda.Runtime.PYTHON_3_8.bundling_image,  # LMB501
        )
        BundlingOptions(
            image=aws_lambda.Runtime
            .PYTHON_3_8  # LMB501
            .bundling_docker_image,
        )
    """,
    "each runtime of a layer": """
        from aws_cdk import aws_lambda

        aws_lambda.LayerVersion(
            stack,
            "Layer",
            compatible_runtimes=[
                aws_lambda.Runtime.PYTHON_3_8,  # LMB501
                aws_lambda.Runtime.PYTHON_3_13,
            ],
        )
    """,
    "a runtime that is made": """
        from aws_cdk import aws_lambda

        aws_lambda.Runtime("python3.8", aws_lambda.RuntimeFamily.PYTHON)  # LMB501
        aws_lambda.Runtime(name="python3.8")  # LMB501
    """,
    "texts of the lowest level": """
        from aws_cdk import aws_lambda, aws_sam

        aws_lambda.CfnFunction(stack, "A", runtime="python3.8")  # LMB501
        aws_sam.CfnFunction(stack, "B", runtime="python3.8")  # LMB501
        aws_lambda.CfnLayerVersion(
            stack, "C", compatible_runtimes=["python3.8", "python3.13"]  # LMB501
        )
    """,
    "a text in a constant": """
        from aws_cdk import aws_lambda

        RUNTIME = "python3.8"  # LMB501

        class Service:
            def __init__(self, stack):
                aws_lambda.CfnFunction(stack, "A", runtime=RUNTIME)
                aws_lambda.CfnFunction(stack, "B", runtime=RUNTIME)
    """,
    "a text behind `**`": """
        from aws_cdk import aws_lambda

        options = dict(runtime="python3.8")  # LMB501
        aws_lambda.CfnFunction(stack, "A", **options)
    """,
    "a text that a function is given": """
        from aws_cdk import aws_lambda

        def make(stack, name, runtime="python3.13"):
            return aws_lambda.CfnFunction(stack, name, runtime=runtime)

        make(app, "A", "python3.8")  # LMB501
        make(app, "B", runtime="python3.9")  # LMB501
        make(app, "C")
    """,
    "a text that a construct of the project is given": """
        from aws_cdk import aws_lambda

        class Service(Construct):
            def __init__(self, scope, id, *, version):
                super().__init__(scope, id)
                self.version = version
                aws_lambda.CfnFunction(self, "A", runtime=f"python{version}")  # LMB501
                aws_lambda.CfnFunction(self, "B", runtime="python" + self.version)  # LMB501

        Service(app, "One", version="3.8")
    """,
    "a class derived from a construct": """
        from aws_cdk import aws_lambda

        class Service(aws_lambda.CfnFunction):
            def __init__(self, scope, id, **options):
                super().__init__(scope, id, runtime="python3.8", **options)  # LMB501
    """,
    "a loop over texts": """
        from aws_cdk import aws_lambda

        for name, runtime in [("a", "python3.8"), ("b", "python3.13")]:  # LMB501
            aws_lambda.CfnFunction(stack, name, runtime=runtime)
    """,
    "either of two": """
        from aws_cdk import aws_lambda

        aws_lambda.CfnFunction(
            stack, "A", runtime="python3.8" if is_old else "python3.13"  # LMB501
        )
    """,
    "a text of another module, told where it is used": {
        "settings.py": 'RUNTIME = "python3.8"\n',
        "app.py": """
            from aws_cdk import aws_lambda
            from settings import RUNTIME
            import settings

            aws_lambda.CfnFunction(stack, "A", runtime=RUNTIME)  # LMB501
            aws_lambda.CfnFunction(stack, "B", runtime=settings.RUNTIME)  # LMB501
        """,
    },
    "a field of an object": """
        from dataclasses import dataclass, field
        from aws_cdk import aws_lambda

        @dataclass
        class Settings:
            folder: str
            runtime: str = "python3.9"  # LMB501
            layer: str = "python3.13"

        class Service(Construct):
            def __init__(self, scope, id, settings: Settings):
                super().__init__(scope, id)
                self.settings = settings
                aws_lambda.CfnFunction(self, "A", runtime=settings.runtime)
                aws_lambda.CfnFunction(self, "B", runtime=self.settings.layer)

        Service(app, "A", Settings("fn", "python3.8"))  # LMB501
        Service(app, "B", Settings("fn", layer="python3.7"))  # LMB502
        Service(app, "C", settings=Settings(folder="fn", runtime="python3.13"))
    """,
    "an object that keeps what it is given": """
        from aws_cdk import aws_lambda

        class Settings:
            def __init__(self, version):
                self.runtime = "python" + version  # LMB501
                self.other = "python3.8"  # LMB501

        settings = Settings("3.9")
        aws_lambda.CfnFunction(stack, "A", runtime=settings.runtime)
        aws_lambda.CfnFunction(stack, "B", runtime=settings.other)
    """,
    "an attribute of a base class": """
        from aws_cdk import aws_lambda

        class Base(Construct):
            layer = "python3.9"  # LMB501

            def __init__(self, scope, id, runtime):
                super().__init__(scope, id)
                self.runtime = runtime

        class Service(Base):
            def __init__(self, scope, id):
                super().__init__(scope, id, runtime="python3.8")  # LMB501
                aws_lambda.CfnFunction(self, "A", runtime=self.runtime)
                aws_lambda.CfnFunction(self, "B", runtime=self.layer)

        Service(app, "A")
    """,
    "a base class of another file": {
        "base.py": """
            from constructs import Construct

            class Base(Construct):
                def __init__(self, scope, id, runtime="python3.8"):
                    super().__init__(scope, id)
                    self.runtime = runtime
        """,
        "app.py": """
            from aws_cdk import aws_lambda
            from base import Base

            class Service(Base):
                def __init__(self, scope, id):
                    super().__init__(scope, id)
                    aws_lambda.CfnFunction(self, "A", runtime=self.runtime)  # LMB501
        """,
    },
    "what functions and methods return": """
        from aws_cdk import aws_lambda

        def pick(version):
            return f"python{version}"  # LMB501

        class Service(Construct):
            def __init__(self, scope, id):
                aws_lambda.CfnFunction(self, "A", runtime=pick("3.8"))
                aws_lambda.CfnFunction(self, "B", runtime=self.runtime())

            def runtime(self):
                return "python3.9"  # LMB501
    """,
    "a member of an enumeration": """
        from enum import Enum
        from aws_cdk import aws_lambda

        class Runtimes(str, Enum):
            OLD = "python3.8"  # LMB501
            NEW = "python3.13"

        aws_lambda.CfnFunction(stack, "A", runtime=Runtimes.OLD.value)
    """,
    "a construct of another file": {
        "service.py": """
            from aws_cdk import aws_lambda
            from constructs import Construct

            class Service(Construct):
                def __init__(self, scope, id, options):
                    super().__init__(scope, id)
                    aws_lambda.CfnFunction(self, "A", runtime=options.runtime)

            def make(stack, runtime):
                aws_lambda.CfnFunction(stack, "B", runtime=runtime)
        """,
        "app.py": """
            import aws_cdk
            from service import Service, make
            from settings import Options

            Service(app, "A", Options(runtime="python3.8"))  # LMB501
            make(app, runtime="python3.9")  # LMB501
            make(app, "python3.13")
        """,
        "settings.py": """
            from typing import NamedTuple

            class Options(NamedTuple):
                runtime: str
        """,
    },
    "no runtime that Lambda has": """
        from aws_cdk import aws_lambda

        aws_lambda.CfnFunction(stack, "A", runtime="python39")  # LMB505
        aws_lambda.Function(stack, "A", runtime=aws_lambda.Runtime.PYTHON_3_5)  # LMB505
    """,
    "the name of an image to build in": """
        from aws_cdk import BundlingOptions, DockerImage, core

        BundlingOptions(image=DockerImage.from_registry("lambci/lambda:build-python3.8"))  # LMB501
        core.BundlingDockerImage.from_registry(
            "public.ecr.aws/sam/build-python3.9:latest"  # LMB501
        )
        IMAGE = "amazon/aws-sam-cli-build-image-python3.8"  # LMB501
        VERSION = "3.8"
        options = {
            "image": DockerImage.from_registry(image=IMAGE),
            "other": DockerImage(f"public.ecr.aws/sam/build-python{VERSION}"),  # LMB501
        }
    """,
    "a property that is set afterwards": """
        from aws_cdk import aws_lambda

        function = aws_lambda.Function(stack, "A", code=code)
        function.node.default_child.add_property_override("Runtime", "python3.8")  # LMB501
        layer.node.default_child.add_override(
            "Properties.CompatibleRuntimes", ["python3.13", "python3.8"]  # LMB501
        )
    """,
    "an attribute that is set afterwards": """
        from typing import cast
        from aws_cdk import aws_lambda

        function = aws_lambda.Function(stack, "A", code=code)
        child = function.node.default_child
        child.runtime = "python3.8"  # LMB501
        lowest = cast(aws_lambda.CfnFunction, function.node.default_child)
        lowest.runtime = aws_lambda.Runtime.PYTHON_3_8.name  # LMB501
        other = aws_lambda.CfnFunction(stack, "B", code=code)
        other.runtime = "python3.8"  # LMB501
        layer = aws_lambda.CfnLayerVersion(stack, "C", content=content)
        layer.compatible_runtimes = ["python3.8"]  # LMB501
    """,
    "a letter of two bytes before it": """
        from aws_cdk import aws_lambda

        aws_lambda.Function(app, "é", runtime=aws_lambda.Runtime.PYTHON_3_8)  # LMB501
    """,
}

GOOD = {
    "a runtime that is supported": """
        from aws_cdk import aws_lambda

        aws_lambda.Function(app, "A", runtime=aws_lambda.Runtime.PYTHON_3_13)
    """,
    "another language": """
        from aws_cdk import aws_lambda

        aws_lambda.Function(app, "A", runtime=aws_lambda.Runtime.NODEJS_12_X)
        aws_lambda.CfnFunction(app, "B", runtime="nodejs12.x")
    """,
    "the newest, whatever it is": """
        from aws_cdk import aws_lambda

        aws_lambda.Runtime.determine_latest_python_runtime(stack)  # PYTHON_3_8
    """,
    "a class of the project": """
        from aws_cdk import aws_lambda
        from enum import Enum

        class Runtime(Enum):
            PYTHON_3_8 = "python3.8"

        RUNTIME = Runtime.PYTHON_3_8
    """,
    "a class of another module of the project": """
        import aws_cdk
        from .runtimes import Runtime

        RUNTIME = Runtime.PYTHON_3_8
    """,
    "the runtime of a canary": """
        from aws_cdk import aws_synthetics as synthetics

        synthetics.Runtime.SYNTHETICS_PYTHON_SELENIUM_1_0
        synthetics.Runtime.PYTHON_3_8
    """,
    "the version of a job": """
        from aws_cdk import aws_glue_alpha as glue

        glue.PythonVersion.THREE
        glue.Job(stack, "A", runtime="python3.8")
    """,
    "a build that is no function": """
        from aws_cdk import aws_codebuild as codebuild

        codebuild.BuildSpec.from_object(
            {"phases": {"install": {"runtime-versions": {"python": "3.8"}}}}
        )
        settings = {"runtime": "python3.8"}
    """,
    "a name that is bound to something else": """
        from aws_cdk import aws_lambda

        def build(aws_lambda):
            return aws_lambda.Runtime.PYTHON_3_8
    """,
    "a comparison": """
        from aws_cdk.aws_lambda import Runtime

        def is_old(runtime):
            if runtime == Runtime.PYTHON_3_8 or runtime.name == Runtime.PYTHON_3_7.name:
                return True
            if runtime.runtime_equals(Runtime.PYTHON_3_8):
                return True
            return runtime in (Runtime.PYTHON_3_6, Runtime.PYTHON_3_7)
    """,
    "a table from which a version chooses": """
        from aws_cdk.aws_lambda import Runtime

        RUNTIMES = {"3.8": Runtime.PYTHON_3_8, "python3.9": Runtime.PYTHON_3_9}
        NAMES = {Runtime.PYTHON_3_8: "old", Runtime.PYTHON_3_13: "new"}
        print(NAMES[Runtime.PYTHON_3_8], NAMES.get(Runtime.PYTHON_3_8, "?"))
    """,
    "a chain in which a version chooses": """
        from aws_cdk.aws_lambda import Runtime

        def runtime(version):
            if version == "3.8":
                return Runtime.PYTHON_3_8
            elif version == "python3.9":
                return Runtime.PYTHON_3_9
            match version:
                case "3.7":
                    return Runtime.PYTHON_3_7
            return Runtime.PYTHON_3_13
    """,
    "a text that no construct is given": """
        from aws_cdk import aws_lambda

        if version == "python3.8":
            pass
        EXPECTED = {"Runtime": "python3.8"}
        other.CfnFunction(stack, "A", runtime="python3.8")
    """,
    "objects that nobody gives, or that are of another class": """
        from aws_cdk import aws_lambda
        from elsewhere import Options

        class Settings:
            runtime = "python3.8"

        class Service(Construct):
            def __init__(self, scope, id, settings):
                aws_lambda.CfnFunction(self, "A", runtime=settings.runtime)
                aws_lambda.CfnFunction(self, "B", runtime=self.settings.runtime)

        Service(app, "A", Options(runtime="python3.8"))
        other = Settings()
    """,
    "a function of another file that makes no function": {
        "service.py": """
            from aws_cdk import aws_lambda

            def make(stack, runtime, other):
                aws_lambda.CfnFunction(stack, "B", runtime=runtime, description=other)
        """,
        "app.py": """
            from aws_cdk import aws_lambda
            from service import make

            make(app, aws_lambda.Runtime.PYTHON_3_13.name, other="python3.8")
            missing(app, runtime="python3.8")
        """,
    },
    "functions that return something else": """
        from aws_cdk import aws_lambda

        def pick():
            def inner():
                return "python3.8"

        def again():
            return again()

        @decorated
        def old():
            return "python3.8"

        aws_lambda.CfnFunction(stack, "A", runtime=pick())
        aws_lambda.CfnFunction(stack, "B", runtime=again())
        aws_lambda.CfnFunction(stack, "C", runtime=old())
        aws_lambda.CfnFunction(stack, "D", runtime=elsewhere.old())
    """,
    "names that files import from one another": {
        "app.py": """
            from aws_cdk import aws_lambda
            from app import RUNTIME
            from settings import OLD, make, Service

            aws_lambda.CfnFunction(stack, "python3.8", runtime=RUNTIME)
            aws_lambda.CfnFunction(stack, "python3.8", runtime=OLD)
            aws_lambda.CfnFunction(stack, "python3.8", runtime=make().runtime)
            Service(app, runtime="python3.8")
        """,
        "settings.py": "from more import OLD, make, Service\n",
        "more.py": "from settings import OLD, make, Service\n",
    },
    "a circle of classes": """
        from aws_cdk import aws_lambda

        class First(Second):
            pass

        class Second(First):
            def __init__(self):
                aws_lambda.CfnFunction(self, "python3.8", runtime=self.runtime.runtime)

        Second()
    """,
    "a handler that is called like a runtime": """
        from aws_cdk import aws_lambda

        aws_lambda.CfnFunction(stack, "A", handler="python3.8", runtime=runtime)
    """,
    "an image without a runtime, or with one that is supported": """
        from aws_cdk import DockerImage, aws_ecs, aws_lambda

        DockerImage.from_registry("python:3.8")
        DockerImage.from_registry("ghcr.io/astral-sh/uv:python3.8-bookworm")
        DockerImage.from_registry("public.ecr.aws/sam/build-python3.13")
        DockerImage.from_registry("public.ecr.aws/sam/build-nodejs12.x")
        aws_ecs.ContainerImage.from_registry("public.ecr.aws/sam/build-python3.8")
        aws_lambda.Runtime.PYTHON_3_13.bundling_image
    """,
    "another property, or another object, that is set": """
        from aws_cdk import aws_lambda

        class Settings:
            def __init__(self):
                self.runtime = "python3.8"

        child = function.node.default_child
        child.add_property_override("Description", "python3.8")
        child.add_property_override("Environment.Variables.Runtime", "python3.8")
        child.add_override("Metadata.Runtime", "python3.8")
        child.add_property_override("Runtime", "nodejs12.x")
        settings = Settings()
        settings.runtime = "python3.8"
        child.description = "python3.8"
    """,
    "a runtime in whose place another one is set": """
        from aws_cdk import aws_lambda

        function = aws_lambda.Function(
            stack, "A", runtime=aws_lambda.Runtime.PYTHON_3_8
        )
        function.node.default_child.add_property_override("Runtime", "python3.13")
        other = aws_lambda.CfnFunction(stack, "B", runtime="python3.8")
        other.runtime = "python3.13"
        layer = aws_lambda.LayerVersion(
            stack, "C", compatible_runtimes=[aws_lambda.Runtime.PYTHON_3_8]
        )
        child = layer.node.default_child
        child.add_override("Properties.CompatibleRuntimes", ["python3.13"])
    """,
    "documentation": '''
        """Use `aws_cdk.aws_lambda.Runtime.PYTHON_3_8`.

        >>> from aws_cdk import aws_lambda
        >>> aws_lambda.Function(stack, "A", runtime=aws_lambda.Runtime.PYTHON_3_8)
        """
    ''',
    "a text of a module that cannot be found": """
        from aws_cdk import aws_lambda
        from elsewhere import RUNTIME

        aws_lambda.CfnFunction(stack, "python3.8", runtime=RUNTIME)
    """,
    "a parameter that nobody gives": """
        from aws_cdk import aws_lambda

        def make(stack, runtime):
            aws_lambda.CfnFunction(stack, "python3.8", runtime=runtime)
    """,
    "a circle of names": """
        from aws_cdk import aws_lambda

        first = second
        second = first
        aws_lambda.CfnFunction(stack, "python3.8", runtime=first)
    """,
    "a function that calls itself": """
        from aws_cdk import aws_lambda

        def make(stack, runtime):
            aws_lambda.CfnFunction(stack, "python3.8", runtime=runtime)
            make(stack, runtime)
    """,
    "tests": {
        "tests/test_stack.py": """
            from aws_cdk.aws_lambda import Runtime

            def test_stack(template):
                make(runtime=Runtime.PYTHON_3_8)
        """,
    },
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(source)


WORDS = """\
from aws_cdk import DockerImage, aws_lambda

aws_lambda.Function(app, "Orders", runtime=aws_lambda.Runtime.PYTHON_3_8)
image = aws_lambda.Runtime.PYTHON_3_8.bundling_image
layer = Layer(compatible_runtimes=[aws_lambda.Runtime.PYTHON_3_8])
aws_lambda.CfnFunction(app, "ÉÉ", runtime="python3.8")
DockerImage.from_registry("é/lambci/lambda:build-python3.8")
DockerImage.from_registry("public.ecr.aws/sam/build-python3.8:latest-arm64")
lowest.node.default_child.add_property_override("Runtime", "python3.8")
"""


def test_columns_and_words():
    end = "is deprecated since 2024-10-14"
    assert [(v.line, v.column, v.text) for v in violations(WORDS)] == [
        (3, 62, f"runtime `python3.8` {end}; use `PYTHON_3_14`"),
        (4, 27, f"build method `python3.8` {end}; use `PYTHON_3_14`"),
        (5, 54, f"layer runtime `python3.8` {end}; list `PYTHON_3_14`"),
        (6, 43, f"runtime `python3.8` {end}; use `python3.14`"),
        (7, 27, f"image runtime `python3.8` {end}; use `python3.14`"),
        (8, 52, f"image runtime `python3.8` {end}; use `python3.14`"),
        (9, 60, f"runtime `python3.8` {end}; use `python3.14`"),
    ]


SHARED = """\
from aws_cdk import aws_lambda

RUNTIME = "python3.8"
aws_lambda.CfnFunction(app, "Orders", runtime=RUNTIME)
aws_lambda.CfnFunction(app, "Invoices", runtime=RUNTIME)
"""


def test_a_shared_text_names_the_functions():
    (found,) = violations(SHARED)
    assert (found.line, found.column) == (3, 11)
    assert "`Orders`" in found.text and "`Invoices`" in found.text


SHARED_CONSTANT = """\
from aws_cdk import aws_lambda

OLD = aws_lambda.Runtime.PYTHON_3_8
LAYERS = [aws_lambda.Runtime.PYTHON_3_9]
aws_lambda.Function(app, "Orders", runtime=OLD)
aws_lambda.Function(app, "Invoices", runtime=OLD)
aws_lambda.LayerVersion(app, "Layer", compatible_runtimes=LAYERS)
"""


def test_a_shared_constant_names_the_functions():
    first, second = violations(SHARED_CONSTANT)
    assert (first.line, first.column) == (3, 25)
    assert "`Orders` and `Invoices`" in first.text
    assert second.line == 4 and "layer runtime `python3.9`" in second.text


@pytest.mark.parametrize("command", ["flake8", "flake8_lambda_handler"])
def test_each_once_and_not_where_a_comment_says_so(command):
    text = (
        "from aws_cdk.aws_lambda import Runtime\n\n"
        "ONE = Runtime.PYTHON_3_8\n"
        "TWO = Runtime.PYTHON_3_8  # noqa: LMB501\n"
    )
    check = ["check"] if command != "flake8" else []
    as_of = "--lambda-as-of=2026-11-20"
    with project({"stack.py": text}) as folder:
        done = run(command, *check, "--select=LMB", as_of, "stack.py", cwd=folder)
    assert done.stdout == (
        "stack.py:3:15: LMB501 runtime `python3.8` is deprecated since 2024-10-14; "
        "use `PYTHON_3_14`\n"
    )
