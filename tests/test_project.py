"""From a template's handler string, or an import, to the file that is meant."""

from __future__ import annotations

import ast

import pytest

from flake8_lambda_handler import templates
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.project.templates import TEMPLATE_SUFFIXES
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
    "another name": ("template.yaml", SAM, ".", "app.other", "app.py"),
    "another module": ("template.yaml", SAM, ".", "other.main", "app.py"),
    "wrong case": ("template.yaml", SAM, ".", "App.main", "app.py"),
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
            "src/service.py": "async def handler(event, context): return {}  # LMB101\n",
        }
    ),
}


@pytest.mark.parametrize("files", GUESSES.values(), ids=GUESSES)
def test_guesses_beside_a_template(files):
    template = template_of("template.yaml", SAM, "src", "app.main")
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


@pytest.mark.parametrize("reader", templates._readers())
def test_no_template_has_another_suffix(reader):
    assert all(one.endswith(TEMPLATE_SUFFIXES) for one in reader._SUFFIXES)
    assert not any(reader.is_name(f"a{end}") for end in ("", ".py", ".md", ".txt"))
