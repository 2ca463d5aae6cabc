"""LMB104: a handler that Lambda cannot load, and what Lambda says of it."""

from __future__ import annotations

import pytest
from support import project
from support import run
from support import settings_for
from support import violations

from flake8_lambda_handler import engine
from flake8_lambda_handler import templates
from flake8_lambda_handler.session import Session
from tests.runtime_client import invoke

SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: %s
      CodeUri: %s
"""
SERVERLESS = """
service: shop
provider: {name: aws, runtime: python3.13}
functions: {a: {handler: %s}}
"""
TERRAFORM = """
data "archive_file" "zip" {
  type        = "zip"
  source_dir  = "${path.module}/%s"
  output_path = "${path.module}/a.zip"
}
resource "aws_lambda_function" "a" {
  runtime  = "python3.13"
  handler  = "%s"
  filename = data.archive_file.zip.output_path
}
"""
CODE = "def lambda_handler(event, context): return {}\n"

#: The handler, the files of the code, and the text of the finding after the handler.
BAD = {
    "no such module": (
        "main.lambda_handler",
        {"app.py": CODE},
        "Runtime.ImportModuleError: No module named 'main'; "
        "did you mean `app.lambda_handler`?",
    ),
    "no such module in a package": (
        "shop/orders.lambda_handler",
        {"shop/order.py": CODE, "shop/items.py": CODE},
        "Runtime.ImportModuleError: No module named 'shop.orders'; "
        "did you mean `shop/order.lambda_handler`?",
    ),
    "the code's own folder in the path": (
        "src.app.lambda_handler",
        {"app.py": CODE},
        "Runtime.ImportModuleError: No module named 'src'; "
        "did you mean `app.lambda_handler`?",
    ),
    "wrong case": (
        "App.lambda_handler",
        {"app.py": CODE},
        "Runtime.ImportModuleError: No module named 'App'; "
        "did you mean `app.lambda_handler`?",
    ),
    "no such function": (
        "app.lamda_handler",
        {"app.py": CODE},
        "Runtime.HandlerNotFound: Handler 'lamda_handler' missing on 'app'; "
        "did you mean `app.lambda_handler`?",
    ),
    "the one function with two parameters": (
        "app.main",
        {"app.py": CODE + "def load(x): ...\n"},
        "Runtime.HandlerNotFound: Handler 'main' missing on 'app'; "
        "did you mean `app.lambda_handler`?",
    ),
    "a function inside another": (
        "app.inner",
        {"app.py": "def outer(a, b):\n    def inner(event, context): ...\n"},
        "Runtime.HandlerNotFound: Handler 'inner' missing on 'app'; "
        "did you mean `app.outer`?",
    ),
    "a function below __main__": (
        "app.main",
        {"app.py": "if __name__ == '__main__':\n    def main(event, context): ...\n"},
        "Runtime.HandlerNotFound: Handler 'main' missing on 'app'",
    ),
    "a folder": (
        "shop.orders",
        {"shop/orders.py": CODE},
        "Runtime.HandlerNotFound: Handler 'orders' missing on 'shop'",
    ),
    "a package with nothing in it": (
        "shop.orders",
        {"shop/__init__.py": "", "shop/orders.py": CODE},
        "Runtime.HandlerNotFound: Handler 'orders' missing on 'shop'",
    ),
    "a method": (
        "app.Orders.place",
        {"app.py": "class Orders:\n    def place(event, context): ...\n"},
        "Runtime.ImportModuleError: No module named 'app.Orders'; 'app' is not a package",
    ),
    "a file": (
        "app.py.lambda_handler",
        {"app.py": CODE},
        "Runtime.ImportModuleError: No module named 'app.py'; 'app' is not a package; "
        "did you mean `app.lambda_handler`?",
    ),
    "no dot": (
        "lambda_handler",
        {"app.py": CODE},
        "Runtime.MalformedHandlerName: Bad handler 'lambda_handler'; "
        "did you mean `app.lambda_handler`?",
    ),
    "a colon": (
        "app:lambda_handler",
        {"app.py": CODE, "other.py": CODE},
        "Runtime.MalformedHandlerName: Bad handler 'app:lambda_handler'; "
        "did you mean `app.lambda_handler`?",
    ),
    "a built-in module": (
        "time.lambda_handler",
        {"time.py": CODE},
        "Runtime.BuiltInModuleConflict: `time` is a built-in module",
    ),
    "a star import that does not bring it": (
        "app.main",
        {"app.py": "from core import *\n", "core.py": CODE},
        "Runtime.HandlerNotFound: Handler 'main' missing on 'app'",
    ),
    "its own modules beside requirements": (
        "main.lambda_handler",
        {"app.py": CODE, "requirements.txt": "requests\n"},
        "Runtime.ImportModuleError: No module named 'main'; "
        "did you mean `app.lambda_handler`?",
    ),
}

#: What has a handler after all, or may have one.
GOOD = {
    "a function": ("app.lambda_handler", {"app.py": CODE}),
    "a namespace package": ("shop/app.lambda_handler", {"shop/app.py": CODE}),
    "an alias": ("app.main", {"app.py": CODE + "main = lambda_handler\n"}),
    "one of two names": ("app.main", {"app.py": "main, other = make()\n"}),
    "a loop's variable": ("app.main", {"app.py": "for main in make(): pass\n"}),
    "a context": ("app.main", {"app.py": "with make() as main: pass\n"}),
    "bound below a condition": (
        "app.main",
        {"app.py": "if make():\n    def main(event, context): ...\n"},
    ),
    "bound in a function": (
        "app.main",
        {"app.py": "def f():\n    global main\n    main = f\nf()\n"},
    ),
    "imported from a dependency": ("app.main", {"app.py": "from mangum import main\n"}),
    "a star import of a dependency": ("app.main", {"app.py": "from mangum import *\n"}),
    "a star import that brings it": (
        "app.lambda_handler",
        {"app.py": "from core import *\n", "core.py": CODE},
    ),
    "globals": ("app.main", {"app.py": "globals().update(main=make())\n"}),
    "setattr": (
        "app.main",
        {"app.py": "import sys\nsetattr(sys.modules[__name__], 'ma' + 'in', 1)\n"},
    ),
    "a module's __getattr__": ("app.main", {"app.py": "def __getattr__(name): ...\n"}),
    "a module that cannot be parsed": ("app.main", {"app.py": "def f(:\n"}),
    "a package that imports its module": (
        "shop.orders",
        {"shop/__init__.py": "from . import orders\n", "shop/orders.py": CODE},
    ),
    "a native module": ("core.main", {"app.py": CODE, "core.so": "", "x.py": ""}),
    "one for a version": (
        "core.main",
        {"app.py": CODE, "core.cpython-313-x86_64-linux-gnu.so": ""},
    ),
    "compiled": ("core.main", {"app.py": CODE, "core.pyc": ""}),
    "rendered": ("core.main", {"app.py": CODE, "core.py.j2": ""}),
    "a Makefile": ("core.main", {"app.py": CODE, "Makefile": ""}),
    "a dependency": (
        "datadog_lambda.handler.handler",
        {"app.py": CODE, "requirements.txt": "datadog-lambda\n"},
    ),
    "a dependency in pyproject.toml": (
        "vendor.main",
        {"app.py": CODE, "pyproject.toml": ""},
    ),
    "no Python at all": ("app.main", {"index.js": ""}),
    "from here": ("./app.main", {"app.py": CODE}),
}


def texts(files, template="template.yaml"):
    """Return the findings of a template."""
    with project(files) as folder:
        session = Session(settings_for(folder))
        found = engine.check_template(
            session.project, templates.read(str(folder / template))
        )
    return [one.text for one in found if one.code == "LMB104"]


def below(folder, files):
    return {f"{folder}/{name}": text for name, text in files.items()}


@pytest.mark.parametrize(("handler", "files", "text"), BAD.values(), ids=BAD)
def test_bad(handler, files, text):
    template = {"template.yaml": SAM % (handler, "fn/")}
    wanted = f"handler `{handler}` cannot be loaded: {text}"
    assert texts(template | below("fn", files)) == [wanted]


@pytest.mark.parametrize(("handler", "files"), GOOD.values(), ids=GOOD)
def test_good(handler, files):
    template = {"template.yaml": SAM % (handler, "fn/")}
    assert texts(template | below("fn", files)) == []


@pytest.mark.parametrize(("handler", "files", "text"), BAD.values(), ids=BAD)
def test_lambda_says_so(handler, files, text):
    kind, _, message = text.partition(": ")
    message = message.partition("; did")[0]
    outcomes = invoke(files, handler=handler, events=[{}])
    error = outcomes.init_error or outcomes[0]
    assert error.error_type == kind
    module, _, name = handler.rpartition(".")
    message = message.replace(f"missing on '{module}'", f"missing on module '{module}'")
    if kind != "Runtime.BuiltInModuleConflict":
        assert message in error.error_message


@pytest.mark.parametrize(
    "change",
    {
        "a parameter for the handler": ("main.main", "!Ref Handler"),
        "a parameter for the code": ("CodeUri: fn/", "CodeUri: !Ref Code"),
        "a bucket": ("CodeUri: fn/", "CodeUri: s3://bucket/key.zip"),
        "an archive": ("CodeUri: fn/", "CodeUri: fn.zip"),
        "a folder that is not there": ("CodeUri: fn/", "CodeUri: gone/"),
        "no code at all": ("      CodeUri: fn/\n", ""),
        "a build": ("CodeUri: fn/", "CodeUri: dist/"),
        "a layer": ("CodeUri: fn/", "CodeUri: fn/\n      Layers: [!Ref Deps]"),
        "a way of its own to build": (
            "CodeUri: fn/\n",
            "CodeUri: fn/\n    Metadata: {BuildMethod: makefile}\n",
        ),
        "another path": (
            "CodeUri: fn/\n",
            "CodeUri: fn/\n      Environment: {Variables: {PYTHONPATH: /opt/x}}\n",
        ),
        "a wrapper": (
            "CodeUri: fn/\n",
            "CodeUri: fn/\n      Environment: "
            "{Variables: {AWS_LAMBDA_EXEC_WRAPPER: /opt/x}}\n",
        ),
        "an image": ("Runtime: python3.13", "PackageType: Image"),
        "another language": ("python3.13", "nodejs22.x"),
        "no runtime": ("      Runtime: python3.13\n", ""),
        "a placeholder": ("main.main", '"{{ module }}.main"'),
        "elsewhere in the project": ("main.main", "other.main"),
    }.values(),
)
def test_who_knows(change):
    files = {"fn/app.py": CODE, "dist/app.py": CODE, "x/other.py": CODE}
    template = SAM % ("main.main", "fn/")
    assert texts({"template.yaml": template, **files}) != []
    assert change[0] in template
    assert texts({"template.yaml": template.replace(*change), **files}) == []


#: The handler, the code's folder, more files, and where the module lies in words.
ELSEWHERE = {
    "below the code": (
        "app.lambda_handler",
        "./",
        {"src/app.py": CODE},
        "`app.py` lies in `src`, the code in `.`; did you mean `src.app.lambda_handler`?",
    ),
    "beside the code": (
        "app.lambda_handler",
        "fn/",
        {"fn/util.py": "", "src/app.py": CODE},
        "`app.py` lies in `src`, the code in `fn`",
    ),
    "above the code": (
        "app.lambda_handler",
        "src/shop",
        {"src/shop/util.py": "", "src/app.py": CODE},
        "`app.py` lies in `src`, the code in `src/shop`",
    ),
    "a package": (
        "shop.app.lambda_handler",
        "fn/",
        {"fn/util.py": "", "src/shop/app.py": CODE, "src/shop/__init__.py": ""},
        "`shop/app.py` lies in `src`, the code in `fn`",
    ),
    "a package that imports it": (
        "shop.lambda_handler",
        "fn/",
        {"fn/util.py": "", "src/shop/__init__.py": CODE},
        "`shop/__init__.py` lies in `src`, the code in `fn`",
    ),
}


@pytest.mark.parametrize(
    ("handler", "code", "files", "where"), ELSEWHERE.values(), ids=ELSEWHERE
)
def test_module_that_lies_elsewhere(handler, code, files, where):
    top = handler.split(".")[0]
    error = f"Runtime.ImportModuleError: No module named '{top}'"
    assert texts({"template.yaml": SAM % (handler, code), **files}) == [
        f"handler `{handler}` cannot be loaded: {error}; {where}"
    ]
    folder = code.strip("./")
    deployed = {
        name.removeprefix(folder).lstrip("/"): text
        for name, text in files.items()
        if name.startswith(folder)
    }
    outcome = invoke(deployed, handler=handler, events=[{}])
    error = outcome.init_error or outcome[0]
    assert error.error_type == "Runtime.ImportModuleError"
    assert f"No module named '{top}'" in error.error_message


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "fn/app.py": CODE,
        "lib/app.py": CODE,
        "deploy.sh": "cp src/*.py fn/",
        "src/Makefile": "",
        "buildspec.yml": "",
        "src/app.py": "def main(event, context): return {}\n",
    }.items(),
)
def test_module_that_may_be_moved(name, text):
    template = SAM % ("app.lambda_handler", "fn/")
    files = {"template.yaml": template, "fn/util.py": "", "src/app.py": CODE}
    assert len(texts(files)) == 1
    found = texts({**files, name: text})
    assert found == [] or "lies in" not in found[0]


@pytest.mark.parametrize(
    ("runtime", "codes"),
    {
        "python39": ["LMB104", "LMB505"],
        "Python3.9": ["LMB104", "LMB505"],
        "python3.13": ["LMB104"],
        "provided.al2023": [],
    }.items(),
)
def test_a_mistyped_runtime_hides_nothing(runtime, codes):
    template = (SAM % ("app.main", "fn/")).replace("python3.13", runtime)
    files = {"template.yaml": template, "fn/app.py": CODE}
    assert sorted(one.code for one in violations(files)) == codes


@pytest.mark.parametrize(
    ("handler", "uri", "module", "count"),
    [
        ("app.main", "../backend", "app.py", 1),
        ("gone.main", "../backend", "app.py", 1),
        ("app.lambda_handler", "../backend", "app.py", 0),
        ("gone.main", "../backend", "zzz.py", 0),
        ("app.main", "backend", "app.py", 0),
    ],
)
def test_flake8_tells_it_of_templates_that_are_far(handler, uri, module, count):
    files = {
        "deployments/dev/template.yaml": SAM % (handler, f"../{uri}/"),
        "backend/app.py": CODE,
        "backend/zzz.py": "",
    }
    with project(files) as folder:
        done = run("flake8", "--select=LMB104", f"backend/{module}", cwd=folder)
    found = done.stdout.splitlines()
    assert [line.partition(" ")[0] for line in found] == ["backend/app.py:1:1:"] * count
    assert all(line.endswith("(deployments/dev/template.yaml:8)") for line in found)


@pytest.mark.parametrize(
    ("more", "count"),
    {
        "": 1,
        "plugins: [serverless-python-requirements, serverless-offline]": 1,
        "plugins: [serverless-wsgi]": 0,
        "plugins: ['@acme/packer']": 0,
        "package: {artifact: a.zip}": 0,
    }.items(),
)
def test_in_serverless(more, count):
    template = SERVERLESS % "fns/main.main" + more
    files = {"serverless.yml": template, "fns/app.py": CODE}
    assert len(texts(files, "serverless.yml")) == count


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (("", ""), 1),
        (("python3.13", "python3.13"), 1),
        (('"${path.module}/src"', "var.folder"), 0),
        (('"${path.module}/src"', '"${var.root}/src"'), 0),
        (('"main.main"', "var.handler"), 0),
        (("data.archive_file.zip.output_path", '"b.zip"'), 0),
        (("type ", "depends_on = [x.y]\n  type "), 0),
        (('resource "aws', 'resource "null_resource" "pip" {}\nresource "aws'), 0),
        (('runtime  = "python', 'layers = [x.arn]\n  runtime  = "python'), 0),
    ],
)
def test_in_terraform(change, count):
    template = (TERRAFORM % ("src", "main.main")).replace(*change)
    files = {"main.tf": template, "src/app.py": CODE}
    assert len(texts(files, "main.tf")) == count


@pytest.mark.parametrize(("handler", "count"), {"app.main": 1, "src.main": 1}.items())
def test_a_single_file_in_an_archive(handler, count):
    template = (TERRAFORM % ("src/app.py", handler)).replace(
        "source_dir", "source_file"
    )
    assert len(texts({"main.tf": template, "src/app.py": CODE}, "main.tf")) == count


def test_a_single_file_that_holds_the_handler():
    template = (TERRAFORM % ("src/app.py", "app.lambda_handler")).replace(
        "source_dir", "source_file"
    )
    assert texts({"main.tf": template, "src/app.py": CODE}, "main.tf") == []


def test_place():
    files = {"template.yaml": SAM % ("main.main", "fn/"), "fn/app.py": CODE}
    (found,) = violations(files)
    assert found[:4] == ("template.yaml", 7, 15, "LMB104")
