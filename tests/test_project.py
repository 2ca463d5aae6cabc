"""From a template's handler string, or an import, to the file that is meant."""

from __future__ import annotations

import ast
import os

import pytest

from flake8_lambda_handler import templates
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.project import survey
from flake8_lambda_handler.project.index import Project
from flake8_lambda_handler.session import Session
from tests.support import assert_marked
from tests.support import project
from tests.support import settings_for

pytestmark = pytest.mark.usefixtures("with_and_without_git")

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: HANDLER, CodeUri: CODE}
"""
MISSING = SAM.replace("CODE}", "CODE}  # LMB104")
SERVERLESS = """\
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  a: {handler: HANDLER}
"""
TERRAFORM = """\
data "archive_file" "zip" {
  type        = "zip"
  source_dir  = "${path.module}/CODE"
  output_path = "one.zip"
}
resource "aws_lambda_function" "a" {
  filename = data.archive_file.zip.output_path
  runtime  = "python3.13"
  handler  = "HANDLER"
}
"""
CDK = """\
{"Resources": {"A": {"Type": "AWS::Lambda::Function",
  "Properties": {"Runtime": "python3.13", "Handler": "HANDLER"},
  "Metadata": {"aws:asset:path": "asset.1", "aws:asset:property": "Code"}}}}
"""
ASYNC = "async def main(event, context): return {}\n"

#: Template, its text, code path, handler string, and the file that it means.
FOUND = {
    "SAM, a sub-folder": ("template.yaml", SAM, "svc/", "app.main", "svc/app.py"),
    "SAM, the template's folder": ("template.yaml", SAM, ".", "app.main", "app.py"),
    "SAM, a nested package": ("t/template.yaml", SAM, "./s", "a.b.main", "t/s/a/b.py"),
    "SAM, above the template": (
        "deploy/template.yaml",
        SAM,
        "../s",
        "app.main",
        "s/app.py",
    ),
    "SAM, a hyphen": ("template.yaml", SAM, ".", "my-app.main", "my-app.py"),
    "SAM, a keyword": ("template.yaml", SAM, ".", "lambda/app.main", "lambda/app.py"),
    "SAM, a bucket": ("template.yaml", SAM, "s3://b/k.zip", "app.main", "svc/app.py"),
    "SAM, a build folder": (
        "template.yaml",
        SAM,
        "build/x",
        "pkg.app.main",
        "src/pkg/app.py",
    ),
    "serverless, slashes": ("serverless.yml", SERVERLESS, "", "fns/o.main", "fns/o.py"),
    "serverless, dots": ("serverless.yml", SERVERLESS, "", "fns.o.main", "fns/o.py"),
    "serverless, a package": (
        "serverless.yml",
        SERVERLESS,
        "",
        "o.main",
        "o/__init__.py",
    ),
    "serverless, lower down": (
        "back/serverless.yml",
        SERVERLESS,
        "",
        "o.main",
        "back/o.py",
    ),
    "Terraform, an archive": ("main.tf", TERRAFORM, "src", "app.main", "src/app.py"),
    "Terraform, beside the code": (
        "infra/main.tf",
        TERRAFORM,
        "../src",
        "app.main",
        "src/app.py",
    ),
    "CDK output, looked up by name": (
        "stack.template.json",
        CDK,
        "",
        "app.main",
        "fn/app.py",
    ),
}


def template_of(name, text, code, handler):
    return {name: text.replace("HANDLER", handler).replace("CODE", code)}


@pytest.mark.parametrize("name, text, code, handler, path", FOUND.values(), ids=FOUND)
def test_found(name, text, code, handler, path):
    marked = ASYNC.replace("\n", "  # LMB101\n")
    assert_marked({**template_of(name, text, code, handler), path: marked})


NOT_FOUND = {
    "another name": ("template.yaml", MISSING, ".", "app.other", "app.py"),
    "another module": ("template.yaml", MISSING, ".", "other.main", "app.py"),
    "wrong case": ("template.yaml", MISSING, ".", "App.main", "app.py"),
    "not Python": (
        "template.yaml",
        SAM.replace("python3.13", "nodejs20.x"),
        ".",
        "app.main",
        "app.py",
    ),
    "another cloud": (
        "serverless.yml",
        SERVERLESS.replace("aws", "google"),
        "",
        "app.main",
        "app.py",
    ),
    "a folder of somebody else": (
        "template.yaml",
        SAM,
        ".",
        "app.main",
        "node_modules/app.py",
    ),
    "an image": (
        "template.yaml",
        SAM.replace("Runtime: python3.13", "PackageType: Image"),
        ".",
        "app.main",
        "app.py",
    ),
}


@pytest.mark.parametrize(
    "name, text, code, handler, path", NOT_FOUND.values(), ids=NOT_FOUND
)
def test_not_found(name, text, code, handler, path):
    assert_marked({**template_of(name, text, code, handler), path: ASYNC})


MODULE = """\
module "fn" {
  source = "./modules/fn"
}
"""
PASSES_ON = "from core import main\n"

#: Templates that are neither above a file nor beside what is, and the file.
ELSEWHERE = {
    "SAM": (
        template_of("ops/template.yaml", SAM, "../back/", "app.main"),
        "back/app.py",
    ),
    "deep below": (
        template_of(
            "ops/aws/prod/eu/template.yaml", SAM, "../../../../src", "a.b.main"
        ),
        "src/a/b.py",
    ),
    "of another name": (
        template_of("ops/functions.yml", SAM, "../back/", "app.main"),
        "back/app.py",
    ),
    "CloudFormation in JSON": (
        {
            "ops/stack.template.json": CDK.replace("HANDLER", "app.main").replace(
                '"asset.1', '"../asset.1'
            )
        },
        "asset.1/app.py",
    ),
    "serverless, beside the code": (
        template_of("ops/serverless.yml", SERVERLESS, "", "fns/o.main"),
        "ops/fns/o.py",
    ),
    "a module of Terraform": (
        {"main.tf": MODULE}
        | template_of("modules/fn/main.tf", TERRAFORM, "../../src", "app.main"),
        "src/app.py",
    ),
    "a module of Terraform in several files": (
        template_of("modules/fn/main.tf", TERRAFORM, "../../src", "app.main")
        | {"modules/fn/variables.tf": 'variable "x" {\n}\n'},
        "src/app.py",
    ),
    "a handler in another file of the module": (
        template_of(
            "modules/fn/main.tf",
            TERRAFORM.replace('"HANDLER"', "local.handler"),
            "../../src",
            "",
        )
        | {"modules/fn/locals.tf": 'locals {\n  handler = "app.main"\n}\n'},
        "src/app.py",
    ),
    "one file of Python": (
        {
            "ops/main.tf": TERRAFORM.replace("source_dir", "source_file")
            .replace("CODE", "../src/app.py")
            .replace("HANDLER", "app.main")
        },
        "src/app.py",
    ),
    "several side by side": (
        template_of("ops/a.yaml", SAM, "../one/", "app.main")
        | template_of("ops/b.yaml", SAM, "../two/", "app.main")
        | {"one/app.py": "def main(event, context): ...\n"},
        "two/app.py",
    ),
    "what the handler's module passes on": (
        template_of("ops/template.yaml", SAM, "../back/", "app.main")
        | {"back/app.py": "from core import main\n"},
        "back/core.py",
    ),
    "a package that passes it on": (
        template_of("ops/template.yaml", SAM, "../back/", "api.main")
        | {"back/api/__init__.py": "from .views import *\n"},
        "back/api/views.py",
    ),
}

COMPOSED = """
locals {
  functions = { jobs = "app.main" }
}
data "archive_file" "code" {
  source_dir  = "${path.module}/../fn-${each.key}"
  output_path = "x.zip"
}
resource "aws_lambda_function" "f" {
  for_each = local.functions
  runtime  = "python3.13"
  handler  = each.value
  filename = data.archive_file.code.output_path
}
"""
ELSEWHERE["a name that is put together"] = ({"ops/main.tf": COMPOSED}, "fn-jobs/app.py")


@pytest.mark.parametrize("files, path", ELSEWHERE.values(), ids=ELSEWHERE)
def test_found_elsewhere(files, path):
    marked = ASYNC.replace("\n", "  # LMB101\n")
    assert_marked({**files, path: marked})


NOT_ELSEWHERE = {
    "code that is nowhere": (
        template_of("ops/template.yaml", SAM, "../build/", "app.main"),
        "back/app.py",
    ),
    "a bucket": (
        template_of("ops/template.yaml", SAM, "s3://b/k.zip", "app.main"),
        "back/app.py",
    ),
    "code of another folder": (
        template_of("ops/template.yaml", SAM, "../one/", "app.main")
        | {"one/app.py": "def main(event, context): ...\n"},
        "two/app.py",
    ),
    "another function": (
        template_of("ops/template.yaml", MISSING, "../back/", "app.other"),
        "back/app.py",
    ),
    "a template of tests": (
        template_of("tests/e2e/template.yaml", SAM, "../../back/", "app.main"),
        "back/app.py",
    ),
    "a template that a tool made": (
        template_of(".aws-sam/build/template.yaml", SAM, "../../back/", "app.main"),
        "back/app.py",
    ),
    "a template of somebody else": (
        template_of("node_modules/x/template.yaml", SAM, "../../back/", "app.main"),
        "back/app.py",
    ),
    "no template": ({"ops/notes.yaml": "handler: ../back/app.main\n"}, "back/app.py"),
    "JSON that is data": (
        {
            "ops/stack.json": CDK.replace("HANDLER", "app.main").replace(
                "ass", "../ass", 1
            )
        },
        "asset.1/app.py",
    ),
    "another language": (
        template_of(
            "ops/template.yaml",
            SAM.replace("python3.13", "nodejs20.x"),
            "../back/",
            "app.main",
        ),
        "back/app.py",
    ),
    "code outside": (
        template_of("ops/template.yaml", SAM, "../../back/", "app.main"),
        "back/app.py",
    ),
    "a module that imports something else": (
        template_of("ops/template.yaml", SAM, "../back/", "app.main")
        | {"back/app.py": "from core import other as main\n"},
        "back/core.py",
    ),
}

NOT_ELSEWHERE["another name that is put together"] = (
    {"ops/main.tf": COMPOSED},
    "fn-other/app.py",
)


@pytest.mark.parametrize("files, path", NOT_ELSEWHERE.values(), ids=NOT_ELSEWHERE)
def test_not_found_elsewhere(files, path):
    assert_marked({**files, path: ASYNC})


def test_as_many_found_elsewhere_as_not():
    assert len(ELSEWHERE) == len(NOT_ELSEWHERE)


def test_nearest_template_first():
    files = {
        **template_of("a/b/ops/template.yaml", SAM, "../../../back/", "app.main"),
        **template_of("ops/template.yaml", SAM, "../back/", "app.main"),
        **template_of("template.yaml", SAM, "back/", "app.main"),
        "back/app.py": ASYNC,
    }
    with project(files) as folder:
        found = Project(settings_for(folder)).declared(str(folder / "back/app.py"))
        places = [os.path.relpath(one.declaration.place.path) for one in found]
    assert places == ["template.yaml", "ops/template.yaml", "a/b/ops/template.yaml"]


def test_templates_elsewhere_are_read_only_for_a_file_that_they_can_name(monkeypatch):
    read = []
    monkeypatch.setattr(
        templates,
        "read",
        lambda path, read_it=templates.read: read.append(path) or read_it(path),
    )
    files = {
        **template_of("ops/template.yaml", SAM, "../back/", "app.main"),
        "ops/values.yaml": "handler: [1, 2]\n",
        "back/app.py": ASYNC,
        "back/util.py": "def util(): ...\n",
    }
    with project(files) as folder:
        asked = Project(settings_for(folder))
        assert asked.declared(str(folder / "back/util.py")) == read == []
        assert len(asked.declared(str(folder / "back/app.py"))) == 1
    assert [os.path.basename(path) for path in read] == ["template.yaml"]


def test_templates_elsewhere_are_read_only_if_their_code_can_be_there(monkeypatch):
    read = []
    monkeypatch.setattr(
        templates,
        "read",
        lambda path, read_it=templates.read: read.append(path) or read_it(path),
    )
    files = {}
    for name in ("one", "two", "six"):
        files |= template_of(f"{name}/ops/template.yaml", SAM, "../src/", "app.main")
        files |= template_of(f"{name}/more.yaml", SAM, "src/", "app.main")
        files[f"{name}/src/app.py"] = ASYNC
    files |= template_of("ops/all.yaml", SAM, "../two/src/", "app.main")
    with project(files) as folder:
        asked = Project(settings_for(folder))
        found = asked.declared(str(folder / "two/src/app.py"))
        assert len(found) == 3
        names = {os.path.relpath(path).replace(os.sep, "/") for path in read}
    assert names == {"two/more.yaml", "two/ops/template.yaml", "ops/all.yaml"}


def test_survey_has_a_bound(monkeypatch):
    files = {
        **template_of("z/template.yaml", SAM, "../back/", "app.main"),
        **{f"a/b/{number}.yaml": "" for number in range(3)},
        "back/app.py": ASYNC,
    }
    with project(files) as folder:
        path = str(folder / "back/app.py")
        for most, count in ((1, 1), (0, 0)):
            monkeypatch.setattr(survey, "MOST_FILES", most)
            assert len(Project(settings_for(folder)).declared(path)) == count


#: Which other functions are guessed when a template names one.
GUESSES = {
    "the same folder": (
        {
            "src/app.py": "def main(event, context): return {}\n",
            "src/other.py": "async def handler(event, context): return {}\n",
        }
    ),
    "a package of the same code": (
        {
            "src/app.py": "def main(event, context): return {}\n",
            "src/lib/__init__.py": "",
            "src/lib/util.py": "async def handler(event, context): return {}\n",
        }
    ),
    "another function's folder": (
        {
            "src/app.py": "def main(event, context): return {}\n",
            "jobs/app.py": "async def handler(event, context): return {}  # LMB101\n",
        }
    ),
    "the template is not resolved": (
        {
            **template_of("template.yaml", MISSING, "src", "app.main"),
            "src/service.py": "async def handler(event, context): return {}  # LMB101\n",
        }
    ),
    "below the code, in no package": (
        {
            "src/app.py": "def main(event, context): return {}\n",
            "src/lib/deep/util.py": "async def handler(event, context): return {}\n",
        }
    ),
    "a folder with a name that starts alike": (
        {
            "src/app.py": "def main(event, context): return {}\n",
            "src2/app.py": "async def handler(event, context): return {}  # LMB101\n",
        }
    ),
}

#: The same, with a template elsewhere.
GUESSES_ELSEWHERE = {
    "below the code": (
        {
            "back/app.py": "def main(event, context): return {}\n",
            "back/lib/util.py": "async def handler(event, context): return {}\n",
        }
    ),
    "another folder": (
        {
            "back/app.py": "def main(event, context): return {}\n",
            "jobs/app.py": "async def handler(event, context): return {}  # LMB101\n",
        }
    ),
    "the template is not resolved": (
        {
            **template_of("ops/template.yaml", MISSING, "../back", "app.main"),
            "back/lib/util.py": "async def handler(event, context): return {}  # LMB101\n",
        }
    ),
}


@pytest.mark.parametrize("files", GUESSES.values(), ids=GUESSES)
def test_guesses_beside_a_template(files):
    template = template_of("template.yaml", SAM, "src", "app.main")
    assert_marked({**template, **files})


@pytest.mark.parametrize("files", GUESSES_ELSEWHERE.values(), ids=GUESSES_ELSEWHERE)
def test_guesses_with_a_template_elsewhere(files):
    template = template_of("ops/template.yaml", SAM, "../back", "app.main")
    assert_marked({**template, **files})


def test_handlers_know_their_evidence():
    files = {
        **template_of("template.yaml", SAM, "src", "app.main"),
        "src/app.py": "def main(event, context): return {}\n",
        "jobs/app.py": "def lambda_handler(event, context): return {}\n",
    }
    with project(files) as folder:
        found = {}
        for path in ("src/app.py", "jobs/app.py"):
            text = files[path]
            session = Session(settings_for(folder))
            module = session.module(str(folder / path), ast.parse(text), text)
            found[path] = [
                (h.name, h.line, *h.evidence) for h in find.of(session, module)
            ]
    assert found == {
        "src/app.py": [("main", 1, "template", "template.yaml:5")],
        "jobs/app.py": [("lambda_handler", 1, "name", "lambda_handler")],
    }
