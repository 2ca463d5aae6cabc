"""Functions and layers that programs make with boto3."""

from __future__ import annotations

import textwrap

import pytest
from support import assert_marked

BAD = {
    "a client in a variable": """
        import boto3

        client = boto3.client("lambda")
        client.create_function(FunctionName="a", Runtime="python3.8")  # LMB501
    """,
    "a client on the spot": """
        import boto3

        boto3.client("lambda", region_name="eu-west-1").update_function_configuration(
            FunctionName="a",
            Runtime="python3.8",  # LMB501
        )
    """,
    "a session": """
        import boto3

        session = boto3.Session()
        client = session.client("lambda")
        client.publish_layer_version(
            LayerName="a", CompatibleRuntimes=["python3.8", "python3.13"]  # LMB501
        )
    """,
    "a client of an object": """
        import boto3

        class Deployer:
            def __init__(self):
                self.client = boto3.client("lambda")

            def deploy(self):
                self.client.create_function(FunctionName="a", Runtime="python3.8")  # LMB501
    """,
    "a client that a function is given": """
        import boto3

        def deploy(client):
            client.create_function(FunctionName="a", Runtime="python3.8")  # LMB501

        deploy(boto3.client("lambda"))
    """,
    "arguments in a dictionary": """
        import boto3

        client = boto3.client("lambda")
        options = {
            "FunctionName": "a",
            "Runtime": "python3.8",  # LMB501
        }
        client.create_function(**options)
    """,
}

GOOD = {
    "a client of another service": """
        import boto3

        client = boto3.client("greengrass")
        client.create_function(FunctionName="a", Runtime="python3.8")
    """,
    "a client that is not known": """
        import boto3

        def deploy(client):
            client.create_function(FunctionName="a", Runtime="python3.8")
    """,
    "a client that is only perhaps Lambda's": """
        import boto3

        def deploy(name, client):
            client.create_function(FunctionName="a", Runtime="python3.8")

        deploy("a", boto3.client("lambda"))
        deploy("b", other_client())
    """,
    "another method": """
        import boto3

        client = boto3.client("lambda")
        client.create_function(FunctionName="a", Runtime="python3.13")
        client.list_layers(CompatibleRuntime="python3.8")
    """,
    "an answer that is compared": """
        import boto3

        client = boto3.client("lambda")
        client.create_function(FunctionName="a", Runtime="python3.13")
        found = client.get_function_configuration(FunctionName="a")
        if found == {"Runtime": "python3.8"} or found["Runtime"] == "python3.8":
            pass
    """,
    "tests": {
        "test_deploy.py": """
            import boto3

            client = boto3.client("lambda")
            client.create_function(FunctionName="a", Runtime="python3.8")
        """,
    },
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(source)


CODE = "async def main(event, context):\n    return {}\n"
MARKED = CODE.replace(":\n", ":  # LMB101\n", 1)
SCRIPT = """\
import io
import shutil
from zipfile import ZipFile

import boto3

client = boto3.client("lambda")
"""


def script(body, code="app.py", text=MARKED, at="deploy.py", **files):
    """Return a script that makes a function, and the file of its handler."""
    return {at: SCRIPT + textwrap.dedent(body), code: text, **files}


CREATE = """
client.create_function(
    FunctionName="orders",
    Runtime="python3.13",
    Handler="app.main",
    Code={"ZipFile": open("orders.zip", "rb").read()},
)
"""

BAD_HANDLERS = {
    "the one file that can be meant": script(CREATE),
    "beside an app of the AWS CDK": script(CREATE) | {"cdk.json": "{}"},
    "below the script": script(CREATE, code="src/app.py"),
    "a script in a folder for that": script(CREATE, at="infra/deploy.py"),
    "a file that is read before": script("""
        with open("orders.zip", "rb") as file:
            code = file.read()
        client.create_function(
            FunctionName="orders",
            Runtime="python3.13",
            Handler="app.main",
            Code=dict(ZipFile=code),
        )
    """),
    "a configuration that is changed": script("""
        client.update_function_configuration(FunctionName="a", Handler="app.main")
    """),
    "code in a bucket": script("""
        client.create_function(
            Runtime="python3.13", Handler="app.main", Code={"S3Bucket": "b", "S3Key": "k"}
        )
    """),
    "a folder that is packed": script(
        'shutil.make_archive("orders", "zip", root_dir="src/orders")\n' + CREATE,
        code="src/orders/app.py",
    )
    | {"src/other/app.py": CODE},
    "a file that is packed": script(
        """
        with ZipFile("orders.zip", "w") as archive:
            archive.write("src/orders/app.py", "app.py")
        """
        + textwrap.indent(CREATE, " " * 8),
        code="src/orders/app.py",
    )
    | {"src/other/app.py": CODE},
    "an archive in memory": script(
        """
        def pack(path):
            buffer = io.BytesIO()
            with ZipFile(buffer, "w") as archive:
                archive.write(path, arcname="app.py")
            return buffer.getvalue()

        client.create_function(
            FunctionName="orders",
            Runtime="python3.13",
            Handler="app.main",
            Code={"ZipFile": pack("src/orders/app.py")},
        )
        """,
        code="src/orders/app.py",
    )
    | {"src/other/app.py": CODE},
}

GOOD_HANDLERS = {
    "two files that can be meant": script(CREATE, text=CODE) | {"src/app.py": CODE},
    "another archive is packed": script(
        'shutil.make_archive("other", "zip", root_dir="src/orders")\n' + CREATE,
        code="src/orders/app.py",
        text=CODE,
    )
    | {"src/other/app.py": CODE},
    "another language": script(CREATE.replace("python3.13", "nodejs22.x"), text=CODE),
    "another service": {
        "deploy.py": SCRIPT.replace("lambda", "greengrass") + CREATE,
        "app.py": CODE,
    },
    "a script in a folder of its own": script(CREATE, at="tools/deploy.py", text=CODE),
    "a test": script(CREATE, at="test_deploy.py", text=CODE),
    "no such function": script(CREATE.replace("app.main", "app.other"), text=CODE),
}


@pytest.mark.parametrize("files", BAD_HANDLERS.values(), ids=BAD_HANDLERS)
def test_bad_handlers(files):
    assert_marked(files)


@pytest.mark.parametrize("files", GOOD_HANDLERS.values(), ids=GOOD_HANDLERS)
def test_good_handlers(files):
    assert_marked(files)
