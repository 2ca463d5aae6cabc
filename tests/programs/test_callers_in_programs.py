"""Who calls a function, as far as apps of the AWS CDK and programs of Pulumi show it."""

from __future__ import annotations

import textwrap

import pytest

from flake8_lambda_handler.session import Session
from tests.support import assert_marked
from tests.support import project
from tests.support import settings_for

CODE = "def main(event, context):\n    return {}\n"
HEAD = """\
from aws_cdk import (
    CfnOutput,
    Stack,
    Tags,
    aws_apigateway as apigateway,
    aws_apigatewayv2 as apigatewayv2,
    aws_apigatewayv2_integrations as integrations,
    aws_cloudwatch as cloudwatch,
    aws_elasticloadbalancingv2_targets as targets,
    aws_events_targets as event_targets,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_lambda_event_sources as sources,
    aws_logs as logs,
)


"""
FUNCTION = """\
fn = lambda_.Function(
    self,
    "A",
    runtime=lambda_.Runtime.PYTHON_3_13,
    handler="app.main",
    code=lambda_.Code.from_asset("fn"),
)
"""
INIT = """\
class Shop(Stack):
    def __init__(self, scope, construct_id, table=None, wanted=True):
        super().__init__(scope, construct_id)
"""


def app(body, more="", files=None):
    """Return an app of one stack with a function `fn`, then what the stack does."""
    body = textwrap.indent(FUNCTION + textwrap.dedent(body), " " * 8)
    text = HEAD + INIT + body + more
    code = {"cdk.json": "{}", "stack.py": text, "fn/app.py": CODE}
    others = {path: textwrap.dedent(text) for path, text in (files or {}).items()}
    return code | others


REST = 'apigateway.LambdaRestApi(self, "Api", handler=fn)\n'

CDK = {
    "nobody": (app(""), ()),
    "a REST API of one function": (app(REST), ("rest",)),
    "the same, with routes of its own": (
        app("""
            api = apigateway.LambdaRestApi(self, "Api", handler=fn, proxy=False)
            api.root.add_resource("items").add_method("GET")
        """),
        ("rest",),
    ),
    "an integration without proxy for all": (
        app("""
            options = apigateway.LambdaIntegrationOptions(proxy=False)
            apigateway.LambdaRestApi(
                self, "Api", handler=fn, integration_options=options
            )
        """),
        ("other",),
    ),
    "an integration": (
        app("""
            api = apigateway.RestApi(self, "Api")
            api.root.add_method("GET", apigateway.LambdaIntegration(fn))
        """),
        ("rest",),
    ),
    "an integration that says that it is by proxy": (
        app("apigateway.LambdaIntegration(handler=fn, proxy=True)\n"),
        ("rest",),
    ),
    "an integration that is not by proxy": (
        app("apigateway.LambdaIntegration(fn, proxy=False)\n"),
        ("other",),
    ),
    "an integration whose options are elsewhere": (
        app("apigateway.LambdaIntegration(fn, **table.options)\n"),
        ("other",),
    ),
    "an authorizer": (
        app('apigateway.TokenAuthorizer(self, "Auth", handler=fn)\n' + REST),
        ("other", "rest"),
    ),
    "an HTTP API, whose payload is of version 2.0": (
        app('integrations.HttpLambdaIntegration("A", fn)\n'),
        ("other",),
    ),
    "an HTTP API with payload format 1.0": (
        app("""
            integrations.HttpLambdaIntegration(
                "A",
                fn,
                payload_format_version=apigatewayv2.PayloadFormatVersion.VERSION_1_0,
            )
        """),
        ("http 1.0",),
    ),
    "an HTTP API with payload format 2.0": (
        app("""
            integrations.HttpLambdaIntegration(
                "A",
                fn,
                payload_format_version=apigatewayv2.PayloadFormatVersion.VERSION_2_0,
            )
        """),
        ("other",),
    ),
    "routes of WebSockets": (
        app('integrations.WebSocketLambdaIntegration("A", fn)\n'),
        ("other",),
    ),
    "a load balancer": (
        app('table.add_targets("A", targets=[targets.LambdaTarget(fn)])\n'),
        ("alb",),
    ),
    "a function URL": (app(REST + "fn.add_function_url()\n"), ("other", "rest")),
    "a queue": (
        app(REST + "fn.add_event_source(sources.SqsEventSource(table))\n"),
        ("other", "rest"),
    ),
    "a schedule": (
        app(REST + "table.add_target(event_targets.LambdaFunction(fn))\n"),
        ("other", "rest"),
    ),
    "another function, by its name": (
        app(REST + 'table.add_environment("NAME", fn.function_name)\n'),
        ("other", "rest"),
    ),
    "an alias": (
        app(REST + 'lambda_.Alias(self, "Live", version=fn.current_version)\n'),
        ("other", "rest"),
    ),
    "permissions of the function, outputs, tags, metrics and the like": (
        app(
            REST
            + textwrap.dedent("""
            table.grant_read_write_data(fn)
            table.connections.allow_default_port_from(fn)
            fn.add_environment("TABLE", table.name)
            fn.add_to_role_policy(iam.PolicyStatement(actions=["s3:*"]))
            fn.role.add_managed_policy(table.policy)
            fn.node.add_dependency(table)
            fn.node.default_child.add_property_override("MemorySize", 128)
            table.node.add_dependency(fn)
            fn.metric_errors().create_alarm(self, "Errors", threshold=1)
            CfnOutput(self, "Name", value=fn.function_name)
            CfnOutput(self, "Text", value=f"{fn.function_arn}:live")
            Tags.of(fn).add("team", "shop")
            """)
        ),
        ("rest",),
    ),
    "permissions of a proxy": (
        app(
            REST
            + textwrap.dedent("""
            api = iam.ServicePrincipal("apigateway.amazonaws.com")
            fn.grant_invoke(api)
            fn.add_permission("Api", principal=api)
            """)
        ),
        ("rest",),
    ),
    "permissions of another service": (
        app(REST + 'fn.grant_invoke(iam.ServicePrincipal("s3.amazonaws.com"))\n'),
        ("other", "rest"),
    ),
    "permissions of another function": (
        app(REST + "fn.grant_invoke(table)\n"),
        ("other", "rest"),
    ),
    "made in the place of the argument": (
        app("")
        | (
            {
                "stack.py": HEAD
                + INIT
                + textwrap.indent(
                    f"apigateway.LambdaIntegration({FUNCTION[5:].strip()})\n", " " * 8
                )
            }
        ),
        ("rest",),
    ),
    "what a method of the stack makes": (
        app("")
        | (
            {
                "stack.py": HEAD
                + INIT
                + """
        apigateway.LambdaIntegration(self.make())

    def make(self):
"""
                + textwrap.indent(f"{FUNCTION}return fn\n", " " * 8)
            }
        ),
        ("rest",),
    ),
    "an attribute": (
        app(
            "self.fn = fn\nself.serve()\n",
            """
    def serve(self):
        apigateway.LambdaRestApi(self, "Api", handler=self.fn)
""",
        ),
        ("rest",),
    ),
    "an attribute that another file takes": (
        app(
            "self.fn = fn\n" + REST,
            files={
                "app.py": """
                import aws_cdk as cdk
                from stack import Shop

                shop = Shop(cdk.App(), "Shop")
                cdk.Duration.of(shop.fn)
                """
            },
        ),
        ("other", "rest"),
    ),
    "an attribute of the same name in another class": (
        app(
            "self.fn = fn\n" + REST,
            """
class Other(Stack):
    def __init__(self, scope):
        self.fn = table.other()
        self.fn.add_function_url()
""",
        ),
        ("rest",),
    ),
    "a construct of another file": (
        app(
            "self.fn = fn\n",
            files={
                "app.py": """
                import aws_cdk as cdk
                from api import Api
                from stack import Shop

                app = cdk.App()
                shop = Shop(app, "Shop")
                Api(app, "Api", handlers=1, called=shop.fn)
                """,
                "api.py": """
                from aws_cdk import aws_apigateway

                class Api:
                    def __init__(self, scope, id, handlers, called):
                        aws_apigateway.LambdaIntegration(called)
                """,
            },
        ),
        ("rest",),
    ),
    "a construct that hands it on": (
        app(
            "self.fn = fn\n" + REST,
            files={
                "app.py": """
                import aws_cdk as cdk
                from api import Api
                from stack import Shop

                app = cdk.App()
                Api(app, "Api", called=Shop(app, "Shop").fn)
                """,
                "api.py": """
                from aws_cdk import aws_apigateway

                class Api:
                    def __init__(self, scope, id, called):
                        self.all = [called]
                """,
            },
        ),
        ("other", "rest"),
    ),
    "a function of the project that serves it": (
        app(
            "serve(self, fn)\n",
            """
def serve(scope, called):
    apigateway.LambdaRestApi(scope, "Api", handler=called)
""",
        ),
        ("rest",),
    ),
    "a condition decides": (
        app(
            "if wanted:\n    apigateway.LambdaRestApi(self, 'Api', handler=fn)\n",
        ),
        ("other",),
    ),
    "a condition decides whether a method is called": (
        app(
            "self.fn = fn\nif wanted:\n    self.serve()\n",
            """
    def serve(self):
        apigateway.LambdaRestApi(self, "Api", handler=self.fn)
""",
        ),
        ("other",),
    ),
    "a name that is bound again": (
        app(REST + "fn = table.other\n"),
        ("other", "rest"),
    ),
    "a loop over some functions": (
        app(REST + "for each in (fn, table.other):\n    table.grant_read(each)\n"),
        ("rest",),
    ),
    "a loop over some functions that something else calls": (
        app(REST + "for each in [fn]:\n    each.add_function_url()\n"),
        ("other", "rest"),
    ),
    "another loop with the same name": (
        app("""
            for each in [fn]:
                table.grant_read(each)
            for each in [table.other]:
                apigateway.LambdaIntegration(each)
        """),
        (),
    ),
    "a metric with the name of the function": (
        app(
            REST
            + "cloudwatch.Metric(dimensions_map={'FunctionName': fn.function_name})\n"
        ),
        ("rest",),
    ),
    "a list": (app(REST + "every = [fn]\n"), ("other", "rest")),
}


@pytest.mark.parametrize("files, expected", CDK.values(), ids=CDK)
def test_cdk(files, expected):
    assert callers(files) == expected


PULUMI = """\
import pulumi
import pulumi_aws as aws
import pulumi_aws_apigateway as apigateway

fn = aws.lambda_.Function(
    "orders",
    runtime="python3.13",
    handler="app.main",
    code=pulumi.FileArchive("./fn"),
)
"""


def program(body):
    text = PULUMI + textwrap.dedent(body)
    files = {"Pulumi.yaml": "runtime: python\n", "__main__.py": text}
    return files | {"fn/app.py": CODE}


PULUMI_REST = """
aws.apigateway.Integration(
    "orders", http_method="ANY", type="AWS_PROXY", uri=fn.invoke_arn
)
"""
HTTP = """
api = aws.apigatewayv2.Api("api", protocol_type="{protocol}")
aws.apigatewayv2.Integration(
    "orders",
    api_id=api.id,
    integration_type="AWS_PROXY",
    integration_uri=fn.invoke_arn,
    payload_format_version="{version}",
)
"""

PROGRAMS = {
    "nobody": (program(""), ()),
    "a REST API": (program(PULUMI_REST), ("rest",)),
    "without proxy": (program(PULUMI_REST.replace("_PROXY", "")), ()),
    "a route": (
        program("""
            apigateway.RestAPI(
                "api", routes=[apigateway.RouteArgs(path="/", event_handler=fn)]
            )
        """),
        ("rest",),
    ),
    "an HTTP API": (
        program(HTTP.format(protocol="HTTP", version="1.0")),
        ("http 1.0",),
    ),
    "payload format 2.0": (
        program(HTTP.format(protocol="HTTP", version="2.0")),
        ("other",),
    ),
    "WebSockets": (
        program(HTTP.format(protocol="WEBSOCKET", version="1.0")),
        ("other",),
    ),
    "a load balancer": (
        program("""
            aws.lb.TargetGroupAttachment("orders", target_group_arn="", target_id=fn.arn)
        """),
        ("alb",),
    ),
    "permissions of a proxy, outputs and logs": (
        program(
            PULUMI_REST
            + """
aws.lambda_.Permission(
    "api",
    action="lambda:InvokeFunction",
    function=fn.name,
    principal="apigateway.amazonaws.com",
)
aws.cloudwatch.LogGroup("logs", name=fn.name.apply(lambda name: f"/aws/lambda/{name}"))
aws.s3.Bucket("bucket", opts=pulumi.ResourceOptions(depends_on=[fn]))
pulumi.export("name", fn.name)
"""
        ),
        ("rest",),
    ),
    "permissions of another service": (
        program(
            PULUMI_REST
            + """
aws.lambda_.Permission("s3", function=fn.name, principal="s3.amazonaws.com")
"""
        ),
        ("other", "rest"),
    ),
    "a function URL": (
        program(
            PULUMI_REST + 'aws.lambda_.FunctionUrl("url", function_name=fn.name)\n'
        ),
        ("other", "rest"),
    ),
    "a queue": (
        program(
            PULUMI_REST
            + 'aws.lambda_.EventSourceMapping("queue", function_name=fn.arn)\n'
        ),
        ("other", "rest"),
    ),
}


@pytest.mark.parametrize("files, expected", PROGRAMS.values(), ids=PROGRAMS)
def test_pulumi(files, expected):
    assert callers(files) == expected


def callers(files):
    with project(files) as folder:
        session = Session(settings_for(folder))
        every = session.project.declared(str(folder / "fn/app.py"))
        assert every
        return tuple(sorted({x for one in every for x in one.declaration.callers}))


HANDLER = """
def main(event, context):
    return {"statusCode": 200, "body": {"id": 1}}{mark}
"""


@pytest.mark.parametrize(
    "files, is_found",
    [
        (app(REST), True),
        (app(REST + "fn.add_function_url()\n"), False),
        (program(PULUMI_REST), True),
        (program(""), False),
    ],
    ids=["CDK", "CDK with a function URL", "Pulumi", "Pulumi without an API"],
)
def test_what_a_proxy_refuses(files, is_found):
    mark = "  # LMB405" if is_found else ""
    assert_marked(files | {"fn/app.py": HANDLER.replace("{mark}", mark)})


INLINE = """\
from aws_cdk import Stack, aws_apigateway as apigateway, aws_lambda as lambda_


class Shop(Stack):
    def __init__(self, scope, construct_id):
        fn = lambda_.Function(
            self,
            "A",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.main",
            code=lambda_.Code.from_inline('''
def main(event, context):
    return {"statusCode": 200, "body": 1}{mark}
'''),
        )
        apigateway.LambdaRestApi(self, "Api", handler=fn)
"""


def test_code_in_the_app_itself():
    """Who else may take an attribute is not known where only one file is read."""
    assert_marked(INLINE.replace("{mark}", "  # LMB405"), name="stack.py")
    kept = INLINE.replace("fn = ", "fn = self.fn = ")
    assert_marked(kept.replace("{mark}", ""), name="stack.py")
