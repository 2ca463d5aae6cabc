"""Programs of Pulumi in Python: runtimes and handlers."""

from __future__ import annotations

import textwrap

import pytest
from support import assert_marked

CODE = "async def main(event, context):\n    return {}\n"
MARKED = CODE.replace(":\n", ":  # LMB101\n", 1)

BAD_RUNTIMES = {
    "a text": """
        import pulumi_aws as aws

        aws.lambda_.Function("orders", runtime="python3.8")  # LMB501
    """,
    "the module by its name": """
        from pulumi_aws import lambda_

        lambda_.Function("orders", runtime="python3.8")  # LMB501
    """,
    "a constant": """
        import pulumi_aws as aws

        RUNTIME = aws.lambda_.Runtime.PYTHON3D8  # LMB501
        NEW = aws.lambda_.Runtime.PYTHON3D13
    """,
    "the other package": """
        import pulumi_aws_native as aws

        aws.lambda_.Function("orders", runtime="python3.8")  # LMB501
    """,
    "a layer": """
        import pulumi_aws as aws

        aws.lambda_.LayerVersion(
            "layer", compatible_runtimes=["python3.13", "python3.8"]  # LMB501
        )
    """,
    "an object of properties": """
        import pulumi_aws as aws

        args = aws.lambda_.FunctionArgs(runtime="python3.8")  # LMB501
        aws.lambda_.Function("orders", args)
        aws.lambda_.Function(
            "users", args=aws.lambda_.FunctionArgs(runtime="python3.8")  # LMB501
        )
        aws.lambda_.LayerVersion(
            "layer",
            aws.lambda_.LayerVersionArgs(compatible_runtimes=["python3.8"]),  # LMB501
        )
    """,
    "a function that makes functions": """
        import pulumi_aws as aws

        def make(name, runtime):
            return aws.lambda_.Function(name, runtime=runtime)

        make("a", "python3.8")  # LMB501
        make("b", "python3.13")
    """,
}

GOOD_RUNTIMES = {
    "another cloud": """
        import pulumi_aws as aws
        import pulumi_gcp as gcp
        import pulumi_azure_native as azure

        gcp.cloudfunctions.Function("orders", runtime="python38")
        gcp.cloudfunctions.Function("orders", runtime="python3.8")
        azure.web.WebApp("orders", runtime="python3.8")
    """,
    "another service": """
        import pulumi_aws as aws

        aws.synthetics.Canary("orders", runtime_version="syn-python-selenium-1.0")
        aws.apprunner.Service("orders", runtime="python3.8")
    """,
    "an object of another service's properties": """
        import pulumi_aws as aws

        aws.apprunner.Service("orders", aws.apprunner.ServiceArgs(runtime="python3.8"))
        aws.lambda_.Function("orders", aws.lambda_.FunctionArgs(runtime="python3.13"))
    """,
    "a value that is decided elsewhere": """
        import pulumi
        import pulumi_aws as aws

        aws.lambda_.Function("orders", runtime=pulumi.Config().require("python3.8"))
    """,
    "another language": """
        import pulumi_aws as aws

        aws.lambda_.Function("orders", runtime=aws.lambda_.Runtime.NODE_JS12D_X)
        aws.lambda_.Function("orders", runtime="nodejs12.x")
    """,
}


@pytest.mark.parametrize("source", BAD_RUNTIMES.values(), ids=BAD_RUNTIMES)
def test_bad_runtimes(source):
    assert_marked(source, name="__main__.py")


@pytest.mark.parametrize("source", GOOD_RUNTIMES.values(), ids=GOOD_RUNTIMES)
def test_good_runtimes(source):
    assert_marked(source, name="__main__.py")


def program(code, at="fn/app.py", text=MARKED):
    """Return a program with one function, made of an expression for its code."""
    head = "import pulumi\nimport pulumi_aws as aws\n\n"
    call = f"""\
        aws.lambda_.Function(
            "orders", runtime="python3.13", handler="app.main", code={code}
        )
    """
    return {
        "Pulumi.yaml": "name: shop\nruntime: python\n",
        "__main__.py": head + textwrap.dedent(call),
        at: text,
    }


BAD_HANDLERS = {
    "a folder": program('pulumi.FileArchive("./fn")'),
    "a folder, in an object of properties": {
        key: text.replace(
            '"orders", runtime', '"orders", aws.lambda_.FunctionArgs(runtime'
        ).replace("\n)", ")\n)")
        for key, text in program('pulumi.FileArchive("./fn")').items()
    },
    "a folder in an archive": program(
        'pulumi.AssetArchive({".": pulumi.FileArchive("./fn")})'
    ),
    "a file that is called as the module": program(
        'pulumi.AssetArchive({"app.py": pulumi.FileAsset("fn/app.py")})'
    ),
    "several files": program(
        "pulumi.AssetArchive(assets={"
        '"json.py": pulumi.FileAsset("fn/json.py"),'
        '"app.py": pulumi.FileAsset("fn/app.py")})'
    ),
    "an archive that is made before, with the only file": program(
        'pulumi.FileArchive("fn.zip")'
    ),
}
GOOD_HANDLERS = {
    "another folder": {
        **program('pulumi.FileArchive("./fn")', at="other/app.py", text=CODE),
        "fn/app.py": "def main(event, context):\n    return {}\n",
    },
    "from far away": program('pulumi.RemoteArchive("https://a/fn.zip")', text=CODE),
    "another function": {
        **program(
            'pulumi.FileArchive("./fn")',
            text=CODE.replace("main", "run")
            + "\n\ndef main(event, context):\n    pass\n",
        ),
    },
    "no project of Pulumi": {
        key: text
        for key, text in program('pulumi.FileArchive("./fn")', text=CODE).items()
        if key != "Pulumi.yaml"
    },
}


@pytest.mark.parametrize("files", BAD_HANDLERS.values(), ids=BAD_HANDLERS)
def test_bad_handlers(files):
    assert_marked(files)


@pytest.mark.parametrize("files", GOOD_HANDLERS.values(), ids=GOOD_HANDLERS)
def test_good_handlers(files):
    assert_marked(files)


HEAD = """\
import pulumi
import pulumi_aws as aws

"""
INSIDE = '''\
aws.lambda_.Function(
    "orders",
    runtime="python3.13",
    handler="{handler}",
    code=pulumi.AssetArchive({{
        "{name}": pulumi.StringAsset("""
import json
async def main(event, context):{mark}
    return {{}}
"""),
    }}),
)
'''

BAD_INSIDE = {
    "a module": {"handler": "app.main", "name": "app.py"},
    "a module of a package": {"handler": "shop/app.main", "name": "./shop/app.py"},
    "a module of a package, with dots": {
        "handler": "shop.app.main",
        "name": "shop/app.py",
    },
}
GOOD_INSIDE = {
    "another module": {"handler": "other.main", "name": "app.py"},
    "another function": {"handler": "app.other", "name": "app.txt"},
    "another name": {"handler": "app.main", "name": "app.txt"},
}


@pytest.mark.parametrize("given", BAD_INSIDE.values(), ids=BAD_INSIDE)
def test_bad_code_inside(given):
    text = INSIDE.format(**given, mark="  # LMB101")
    assert_marked(HEAD + text, name="__main__.py")
    files = {"Pulumi.yaml": "runtime: python\n", "__main__.py": HEAD + text}
    assert_marked(files)


@pytest.mark.parametrize("given", GOOD_INSIDE.values(), ids=GOOD_INSIDE)
def test_good_code_inside(given):
    assert_marked(HEAD + INSIDE.format(**given, mark=""), name="__main__.py")


def test_no_such_function_in_code_inside():
    given = {"handler": "app.other", "name": "app.py"}
    text = INSIDE.format(**given, mark="").replace("json", "boto3")
    marked = text.replace('"app.other",', '"app.other",  # LMB104')
    assert_marked(HEAD + marked, name="__main__.py")


def test_code_inside_beside_a_folder():
    """A module that no text is comes from the folder."""
    archive = """{
            ".": pulumi.FileArchive("./fn"),
            "settings.py": pulumi.StringAsset("DEBUG = False"),
        }"""
    assert_marked(program(f"pulumi.AssetArchive({archive})"))
