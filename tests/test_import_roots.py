"""Modules that stand beside the functions that import them, under roots of their own."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

ASYNC = "async def load(): ..."

#: An import in `functions/orders/app.py`, and files that may hold what it loads.
FOUND = {
    "the root of a layer": ("from db import load", ["layer/python/db.py"]),
    "a package in a layer": (
        "from tools.db import load",
        ["layers/base/python/tools/__init__.py", "layers/base/python/tools/db.py"],
    ),
    "a folder that is the root of a layer": ("from db import load", ["libs/db.py"]),
    "a shared folder in the sources": ("from db import load", ["src/shared/db.py"]),
    "a package beside the functions": (
        "from tools.db import load",
        ["libs/tools/__init__.py", "libs/tools/db.py"],
    ),
    "a package with sources of its own": (
        "from tools.db import load",
        ["shared/tools/src/tools/__init__.py", "shared/tools/src/tools/db.py"],
    ),
    "a package whose init has it": (
        "from tools import load",
        ["packages/tools/src/tools/__init__.py"],
    ),
    "a package without an init": (
        "from tools.db import load",
        ["packages/tools/db.py"],
    ),
    "a layer before another place": (
        "from db import load",
        ["layer/python/db.py", "libs/db.py"],
    ),
}

LOST = {
    "two packages of one name": (
        "from tools.db import load",
        [
            "a/tools/__init__.py",
            "a/tools/db.py",
            "b/tools/__init__.py",
            "b/tools/db.py",
        ],
    ),
    "two folders": ("from db import load", ["libs/db.py", "shared/db.py"]),
    "a module of a package": (
        "from db import load",
        ["libs/__init__.py", "libs/db.py"],
    ),
    "a package in a package": (
        "from tools.db import load",
        ["app/__init__.py", "app/tools/__init__.py", "app/tools/db.py"],
    ),
    "a module of any folder": ("from redis import load", ["infra/redis.py"]),
    "a package of the tests": (
        "from tools.db import load",
        ["tests/tools/__init__.py", "tests/tools/db.py"],
    ),
    "a longer name": ("from tools.db import load", ["libs/my_tools/db.py"]),
    "another module of the package": (
        "from tools.db import load",
        ["libs/tools/__init__.py", "libs/tools/data.py"],
    ),
}


@pytest.mark.parametrize(
    "line, paths, is_found",
    [(*one, True) for one in FOUND.values()] + [(*one, False) for one in LOST.values()],
    ids=[*FOUND, *LOST],
)
def test_what_an_import_loads(line, paths, is_found):
    mark = "  # LMB201" if is_found else ""
    assert_marked(
        {
            **{path: ASYNC for path in paths},
            "functions/orders/app.py": f"{line}\ndef work():\n    load(){mark}",
        }
    )


CLOSING = """
from aiohttp import ClientSession


class Driver:
    session: ClientSession

    async def close(self):
        self.session.close()  # LMB201
"""

LOADING = """
from tools import load


def work():
    load()  # LMB201
"""

#: Modules that are called like what they import, and modules that are not.
NAMESAKES = {
    "it wraps the library": {"drivers/aiohttp.py": CLOSING},
    "it wraps it in a package, and tries to import it": {
        "drivers/__init__.py": "",
        "drivers/aiohttp.py": "try:\n    from aiohttp import ClientSession\n"
        "except ImportError:\n    raise\n"
        + CLOSING.replace("from aiohttp import ClientSession", ""),
    },
    "it wraps the library, which it imports where it is needed": {
        "drivers/__init__.py": "",
        "drivers/aiohttp.py": "class Driver:\n    def __init__(self):\n"
        "        from aiohttp import ClientSession\n"
        "        self.session = ClientSession()\n"
        "    async def end(self):\n        self.session.close()  # LMB201\n",
    },
    "a module beside it": {
        "drivers/aiohttp.py": "import aiohttp",
        "drivers/other.py": CLOSING,
    },
    "a package of a namespace that is called like it": {
        "plugins/stores/aiohttp/__init__.py": "from plugins.stores.aiohttp.base import x",
        "plugins/stores/aiohttp/base.py": CLOSING,
    },
    "the library's own package": {
        "src/aiohttp/__init__.py": "class ClientSession:\n    async def close(self): ...",
        "src/aiohttp/base.py": CLOSING,
    },
    "a package of another name": {
        "plugins/stores/tools/__init__.py": ASYNC,
        "plugins/stores/tools/base.py": LOADING,
    },
    "it says in a text how to import it": {
        "app/tools.py": f'"""\nfrom tools import load\n"""\n{ASYNC}',
        "app/work.py": LOADING,
    },
    "it imports itself when it is called": {
        "app/tools.py": f"{ASYNC}\ndef again():\n    import tools",
        "app/work.py": LOADING,
    },
    "it imports a package that begins with its name": {
        "app/tools.py": f"import toolset\n{ASYNC}",
        "app/work.py": LOADING,
    },
}


@pytest.mark.parametrize("files", NAMESAKES.values(), ids=NAMESAKES)
def test_a_module_does_not_load_itself(files):
    assert_marked(files)


def test_a_client_is_as_bound_there_as_in_the_file():
    assert_marked(
        {
            "shared/clients/src/clients/__init__.py": "import httpx\n"
            "CLIENT = httpx.AsyncClient()\n",
            "functions/orders/app.py": "import asyncio\nfrom clients import CLIENT\n"
            "async def main():\n    await CLIENT.get('https://example.com')  # LMB303\n"
            "def lambda_handler(event, context):\n    asyncio.run(main())\n",
        }
    )


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Base:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: %s}
"""
LAYER = """
data "archive_file" "base" {
  type        = "zip"
  source_dir  = "${path.module}/%s"
  output_path = "base.zip"
}
resource "aws_lambda_layer_version" "base" {
  layer_name = "base"
  filename   = data.archive_file.base.output_path
}
"""
FUNCTION = LAYER.replace("aws_lambda_layer_version", "aws_lambda_function")
OTHER = '\nresource "aws_lambda_layer_version" "other" {\n  filename = "other.zip"\n}\n'

#: A template at the top, and a module; whether `db` of an import is that module.
LAYERS = {
    "content of a layer": (
        "template.yaml",
        SAM % "deps/core/",
        "deps/core/db.py",
        True,
    ),
    "content of a layer, with dots": (
        "infra/template.yaml",
        SAM % "../deps/core",
        "deps/core/db.py",
        True,
    ),
    "content of a CloudFormation layer": (
        "template.yaml",
        "Resources:\n  Base:\n    Type: AWS::Lambda::LayerVersion\n"
        "    Properties:\n      Content: deps/core\n",
        "deps/core/db.py",
        True,
    ),
    "a layer of Serverless": (
        "serverless.yml",
        "service: orders\nprovider: {name: aws}\nlayers:\n  base:\n    path: deps/core\n",
        "deps/core/db.py",
        True,
    ),
    "a layer of Terraform": ("main.tf", LAYER % "deps/core", "deps/core/db.py", True),
    "a layer of a Terraform module": (
        "main.tf",
        'module "base" {\n  source = "terraform-aws-modules/lambda/aws"\n'
        '  create_layer = true\n  source_path = "deps/core"\n}\n',
        "deps/core/db.py",
        True,
    ),
    "a folder below the content": (
        "template.yaml",
        SAM % "deps",
        "deps/core/db.py",
        False,
    ),
    "another folder": ("template.yaml", SAM % "deps/other", "deps/core/db.py", False),
    "the code of another function": (
        "main.tf",
        FUNCTION % "deps/core" + OTHER,
        "deps/core/db.py",
        False,
    ),
    "the code of another SAM function": (
        "template.yaml",
        SAM % "layer" + "  Fn:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {CodeUri: deps/core, Handler: a.b, Runtime: python3.12}\n",
        "deps/core/db.py",
        False,
    ),
    "no template": ("notes.yaml", "ContentUri: deps/core\n", "deps/core/db.py", False),
}


@pytest.mark.parametrize("name, text, module, is_found", LAYERS.values(), ids=LAYERS)
def test_layers_of_templates(name, text, module, is_found):
    mark = "  # LMB201" if is_found else ""
    with_template = {
        module: ASYNC,
        "functions/orders/app.py": f"from db import load\ndef work():\n    load(){mark}",
    }
    found = [
        one for one in violations({**with_template, name: text}) if "201" in one.code
    ]
    assert [(one.path, one.line) for one in found] == (
        [("functions/orders/app.py", 3)] if is_found else []
    )


@pytest.mark.parametrize("second, is_found", [("orders", True), ("db", False)])
def test_two_layers_of_a_template(second, is_found):
    template = SAM % "deps/core" + (
        "  Other:\n    Type: AWS::Serverless::LayerVersion\n"
        "    Properties: {ContentUri: deps/other}\n"
    )
    mark = "  # LMB201" if is_found else ""
    assert_marked(
        {
            "template.yaml": template,
            "deps/core/db.py": ASYNC,
            f"deps/other/{second}.py": ASYNC,
            "functions/app.py": f"from db import load\ndef work():\n    load(){mark}",
        }
    )


def test_a_client_in_the_content_of_a_layer_is_bound_to_its_loop():
    assert_marked(
        {
            "template.yaml": SAM % "deps/core",
            "deps/core/clients.py": "import httpx\nCLIENT = httpx.AsyncClient()\n",
            "functions/orders/app.py": "import asyncio\nfrom clients import CLIENT\n"
            "async def main():\n    await CLIENT.get('https://example.com')  # LMB303\n"
            "def lambda_handler(event, context):\n    asyncio.run(main())\n",
        }
    )


MODULE = """
data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.%s}/%s"
  output_path = "code.zip"
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  handler       = "main.process"
  runtime       = "python3.13"
  filename      = data.archive_file.code.output_path
}
"""
CALL = 'module "fn" {\n  source = "%s"\n}\n'

#: What a module's files say of its code, the call at the top, and whether that leads to
#: `src/orders`.
ROOTS = {
    "the root": ("root", "src/orders", "./modules/fn", True),
    "the root, called with a slash": ("root", "src/orders", "./modules/fn/", True),
    "the folder of the command": ("cwd", "src/orders", "./modules/fn", True),
    "the module": ("module", "../../src/orders", "./modules/fn", True),
    "the root, of nobody": ("root", "src/orders", "./modules/other", False),
    "the module as if it were the root": (
        "module",
        "src/orders",
        "./modules/fn",
        False,
    ),
}


@pytest.mark.parametrize("name, code, source, is_found", ROOTS.values(), ids=ROOTS)
def test_paths_in_terraform_modules(name, code, source, is_found):
    mark = "  # LMB101" if is_found else ""
    files = {
        "main.tf": CALL % source,
        "modules/fn/main.tf": MODULE % (name, code),
        "src/orders/main.py": f"async def process(event, context):{mark}\n    return {{}}",
    }
    found = [one for one in violations(files) if one.code == "LMB101"]
    assert [one.path for one in found] == ["src/orders/main.py"] * is_found
