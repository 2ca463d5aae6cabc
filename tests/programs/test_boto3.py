"""Functions and layers that programs make with boto3."""

from __future__ import annotations

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
