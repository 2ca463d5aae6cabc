"""What makes functions and layers in the AWS CDK and Pulumi, for every language.

Names are those of Python, those of the CDK without `aws_cdk`; other languages write the
same words in another case.

Sources: AWS CDK API reference, versions 1.204 and 2.170; Pulumi registry, "aws.lambda",
version 6; boto3, "Lambda.Client"; all read 2026-11-21.
"""

from __future__ import annotations

from typing import NamedTuple

from flake8_lambda_handler.model import ALB
from flake8_lambda_handler.model import HTTP_1
from flake8_lambda_handler.model import REST


class Construct(NamedTuple):
    """What a construct is told about the code of a function, by names of properties."""

    #: `function` or `layer`.
    kind: str
    #: What names the runtime, or the runtimes.
    runtime: str = "runtime"
    handler: str = "handler"
    #: What names the code: an object, or for some a folder.
    code: str = "code"
    #: What names the module in the folder; its handler is a bare name then.
    module: str = ""
    #: What holds the code itself.
    text: str = ""


_FUNCTION = Construct("function")
_LAYER = Construct("layer", "compatible_runtimes", "")

CONSTRUCTS = {
    "aws_cloudfront.experimental.EdgeFunction": _FUNCTION,
    "aws_lambda.CfnFunction": _FUNCTION,
    "aws_lambda.CfnLayerVersion": _LAYER,
    "aws_lambda.DockerImageFunction": Construct("function", handler=""),
    "aws_lambda.Function": _FUNCTION,
    "aws_lambda.LayerVersion": _LAYER,
    "aws_lambda.SingletonFunction": _FUNCTION,
    "aws_lambda_python.PythonFunction": Construct(
        "function", code="entry", module="index"
    ),
    "aws_lambda_python.PythonLayerVersion": _LAYER,
    "aws_sam.CfnFunction": Construct("function", code="code_uri", text="inline_code"),
    "aws_sam.CfnLayerVersion": _LAYER,
    "pulumi_aws.lambda_.Function": _FUNCTION,
    "pulumi_aws.lambda_.FunctionArgs": _FUNCTION,
    "pulumi_aws.lambda_.LayerVersion": _LAYER,
    "pulumi_aws.lambda_.LayerVersionArgs": _LAYER,
    "triggers.TriggerFunction": _FUNCTION,
}

_CLIENT_FUNCTION = Construct("function", "Runtime", "Handler", "Code")
#: The methods of boto3's client that do the same.
CLIENT_METHODS = {
    "create_function": _CLIENT_FUNCTION,
    "publish_layer_version": Construct("layer", "CompatibleRuntimes", "", ""),
    "update_function_configuration": _CLIENT_FUNCTION,
}

#: What `PythonFunction` takes when it is not told.
DEFAULT_INDEX = "index.py"
DEFAULT_HANDLER = "handler"

#: What makes code of a folder, or of a single file; the path comes first.
ASSETS = frozenset(
    {
        "aws_lambda.AssetCode",
        "aws_lambda.Code.asset",
        "aws_lambda.Code.from_asset",
        "pulumi.FileArchive",
        "pulumi.FileAsset",
    }
)
#: What makes code of several folders and files, each with its name in there.
ARCHIVES = frozenset({"pulumi.AssetArchive"})
#: What makes an image of a folder; `cmd` names the handler.
IMAGES = frozenset(
    {
        "aws_lambda.AssetImageCode",
        "aws_lambda.Code.from_asset_image",
        "aws_lambda.DockerImageCode.from_image_asset",
    }
)
#: What makes a file of a text, in an archive.
TEXTS = frozenset({"pulumi.StringAsset"})
#: What CloudFormation takes for code; a dictionary with its properties is one, too.
PROPERTY = "aws_lambda.CfnFunction.CodeProperty"
#: What makes code of a text: that of the module `index`.
INLINE = frozenset(
    {
        PROPERTY,
        "aws_lambda.Code.from_inline",
        "aws_lambda.Code.inline",
        "aws_lambda.InlineCode",
    }
)
#: The names that the text is given by.
INLINE_TEXT = ("code", "zip_file", "zipFile")
#: What makes code of something that is no folder of the project.
ELSEWHERE = frozenset(
    {
        "aws_lambda.CfnParametersCode",
        "aws_lambda.Code.bucket",
        "aws_lambda.Code.cfn_parameters",
        "aws_lambda.Code.from_bucket",
        "aws_lambda.Code.from_bucket_v2",
        "aws_lambda.Code.from_cfn_parameters",
        "aws_lambda.Code.from_custom_command",
        "aws_lambda.Code.from_docker_build",
        "aws_lambda.Code.from_ecr_image",
        "aws_lambda.DockerImageCode.from_ecr",
        "aws_lambda.EcrImageCode",
        "aws_lambda.S3Code",
        "pulumi.RemoteArchive",
    }
)

#: The classes whose attributes are runtimes: `Runtime.PYTHON_3_12`, `Runtime.PYTHON3D12`.
RUNTIMES = frozenset({"aws_lambda.Runtime", "pulumi_aws.lambda_.Runtime"})
#: Attributes of a runtime that name the image in which code is built for it.
BUILD_IMAGES = frozenset({"bundling_docker_image", "bundling_image"})
#: What names an image in which code is built for a function or layer.
BUILT_IN = frozenset(
    f"{module}{name}{method}"
    for module in ("", "core.")
    for name in ("BundlingDockerImage", "DockerImage")
    for method in ("", ".from_registry")
)
#: The methods that set properties of what is made already, with the paths to these.
OVERRIDES = {"add_override": "Properties.", "add_property_override": ""}
#: The properties that are set so, with what they are of.
PROPERTIES = {"CompatibleRuntimes": "layer", "Runtime": "function"}


class Proxy(NamedTuple):
    """What lets API Gateway or a load balancer call a function."""

    caller: str
    #: The arguments that the function can be, by position or name.
    names: frozenset[str | int]
    #: What its options have to be, by their names; "" when they may be missing.
    options: dict[str, frozenset[str]] = {}


#: What makes functions that nobody calls but who is shown to.
CALLED = frozenset(
    {
        "aws_lambda.CfnFunction",
        "aws_lambda.DockerImageFunction",
        "aws_lambda.Function",
        "aws_lambda_python.PythonFunction",
        "aws_sam.CfnFunction",
        "pulumi_aws.lambda_.Function",
    }
)
#: What is given to a function that says of others that call it.
EVENTS = frozenset({"events", "function_url_config", "on_failure", "on_success"})
_ONLY_PROXY = {"proxy": frozenset({"", "True"})}
#: What lets a proxy call the function that it is given.
PROXIED_BY = {
    "aws_apigateway.LambdaIntegration": Proxy(
        REST, frozenset({0, "handler"}), _ONLY_PROXY
    ),
    "aws_apigateway.LambdaRestApi": Proxy(
        REST,
        frozenset({"handler"}),
        {"integration_options": frozenset({""}), "options": frozenset({""})},
    ),
    "aws_apigatewayv2_integrations.HttpLambdaIntegration": Proxy(
        HTTP_1,
        frozenset({1, "handler"}),
        {"payload_format_version": frozenset({"VERSION_1_0"})},
    ),
    "aws_apigatewayv2_integrations.LambdaProxyIntegration": Proxy(
        HTTP_1,
        frozenset({"handler"}),
        {"payload_format_version": frozenset({"VERSION_1_0"})},
    ),
    "aws_elasticloadbalancingv2_targets.LambdaTarget": Proxy(
        ALB, frozenset({0, "fn", "function"})
    ),
    "pulumi_aws.alb.TargetGroupAttachment": Proxy(ALB, frozenset({"target_id"})),
    "pulumi_aws.apigateway.Integration": Proxy(
        REST, frozenset({"uri"}), {"type": frozenset({"AWS_PROXY"})}
    ),
    "pulumi_aws.apigatewayv2.Integration": Proxy(
        HTTP_1,
        frozenset({"integration_uri"}),
        {
            "api_id": frozenset({"HTTP"}),
            "integration_type": frozenset({"AWS_PROXY"}),
            "payload_format_version": frozenset({"", "1.0"}),
        },
    ),
    "pulumi_aws.lb.TargetGroupAttachment": Proxy(ALB, frozenset({"target_id"})),
    "pulumi_aws_apigateway.RouteArgs": Proxy(REST, frozenset({"event_handler"})),
}
#: What allows somebody to call a function.
PERMISSIONS = frozenset({"aws_lambda.CfnPermission", "pulumi_aws.lambda_.Permission"})
#: What mentions a function and never calls it: calls, modules of these, methods that
#: start so, and what is read of the function itself.
QUIET = frozenset(
    {
        "CfnOutput",
        "Tags.of",
        "core.CfnOutput",
        "core.Tags.of",
        "pulumi.ResourceOptions",
        "pulumi.export",
        "pulumi_aws.cloudwatch.Dashboard",
        "pulumi_aws.cloudwatch.LogGroup",
        "pulumi_aws.cloudwatch.LogMetricFilter",
        "pulumi_aws.cloudwatch.MetricAlarm",
    }
)
_QUIET_MODULES = ("aws_cloudwatch.", "aws_logs.", "cdk_nag.")
QUIET_METHODS = ("add_dependency", "allow_", "grant")
QUIET_ATTRIBUTES = frozenset(
    {
        "add_dependency",
        "add_environment",
        "add_layers",
        "add_metadata",
        "add_override",
        "add_property_override",
        "add_to_role_policy",
        "apply_removal_policy",
        "architecture",
        "cfn_options",
        "connections",
        "env",
        "grant_principal",
        "is_bound_to_vpc",
        "log_group",
        "override_logical_id",
        "permissions_node",
        "role",
        "runtime",
        "stack",
        "timeout",
    }
)
#: What is read of a function to name it, or what it is made of, elsewhere.
OUTPUTS = frozenset(
    {"arn", "function_arn", "function_name", "id", "invoke_arn", "name", "urn"}
    | {"default_child", "node"}
)


def is_quiet(name: str) -> bool:
    """Return whether a call mentions a function and never calls it."""
    return name in QUIET or name.startswith(_QUIET_MODULES)
