"""Who calls a function, as far as the templates of each format show it."""

from __future__ import annotations

import textwrap

import pytest
from template_marks import read

SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.run
      CodeUri: .
"""

RAW = """
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.run
      Code: .
"""

API = """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
"""

#: A template and its callers.
CLOUDFORMATION = {
    "nobody": (SAM, ()),
    "an implicit REST API": (SAM + API, ("rest",)),
    "two methods of it": (
        SAM
        + """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
        Post: {Type: Api, Properties: {Path: /, Method: post}}
""",
        ("rest",),
    ),
    "a REST API of its own": (
        SAM
        + """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}
""",
        ("rest",),
    ),
    "a REST API with a definition elsewhere": (
        SAM
        + """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}
  Api: {Type: AWS::Serverless::Api, Properties: {DefinitionUri: api.yaml}}
""",
        ("other",),
    ),
    "a REST API with a definition that says proxy": (
        SAM
        + """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        paths:
          /:
            get:
              x-amazon-apigateway-integration:
                type: aws_proxy
                uri: !Sub "arn:aws:apigateway:x:lambda:path/${Fn.Arn}/invocations"
""",
        ("rest",),
    ),
    "a REST API with a definition that maps": (
        SAM
        + """
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        x-amazon-apigateway-integration:
          type: aws
          uri: !Sub "arn:aws:apigateway:x:lambda:path/${Fn.Arn}/invocations"
""",
        ("other",),
    ),
    "a REST API of another stack": (
        SAM
        + """
      Events:
        Get:
          Type: Api
          Properties: {Path: /, Method: get, RestApiId: !ImportValue Api}
""",
        ("other",),
    ),
    "an authorizer": (
        SAM
        + API
        + """
  Api:
    Type: AWS::Serverless::Api
    Properties:
      Auth: {Authorizers: {Own: {FunctionArn: !GetAtt Fn.Arn}}}
""",
        ("other", "rest"),
    ),
    "an HTTP API, by default 2.0": (
        SAM
        + """
      Events:
        Get: {Type: HttpApi, Properties: {Path: /, Method: get}}
""",
        ("other",),
    ),
    "an HTTP API, 1.0": (
        SAM
        + """
      Events:
        Get:
          Type: HttpApi
          Properties: {Path: /, Method: get, PayloadFormatVersion: "1.0"}
""",
        ("http 1.0",),
    ),
    "an API and a queue": (
        SAM
        + """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
        Queue: {Type: SQS, Properties: {Queue: arn}}
""",
        ("other", "rest"),
    ),
    "an API and a function URL": (
        SAM + API + "      FunctionUrlConfig: {AuthType: NONE}\n",
        ("other", "rest"),
    ),
    "an API and a state machine": (
        SAM
        + API
        + """
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionSubstitutions: {Name: !Ref Fn}
""",
        ("other", "rest"),
    ),
    "an API, a log group and a permission": (
        SAM
        + API
        + """
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Fn}"}
  May:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com}
""",
        ("rest",),
    ),
    "a permission for somebody else": (
        SAM
        + API
        + """
  May:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Fn, Principal: events.amazonaws.com}
""",
        ("other", "rest"),
    ),
    "a method with proxy, as the CDK writes it": (
        RAW
        + """
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      Integration:
        Type: AWS_PROXY
        Uri:
          Fn::Join: ["", ["arn:", {Fn::GetAtt: [Fn, Arn]}, "/invocations"]]
""",
        ("rest",),
    ),
    "a method that maps": (
        RAW
        + """
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      Integration: {Type: AWS, Uri: !Sub "arn:${Fn.Arn}/invocations"}
""",
        ("other",),
    ),
    "an integration of an HTTP API, 1.0": (
        RAW
        + """
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Fn.Arn
      PayloadFormatVersion: "1.0"
""",
        ("http 1.0",),
    ),
    "an integration of who knows what": (
        RAW
        + """
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}
""",
        ("other",),
    ),
    "a load balancer": (
        RAW
        + """
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Fn.Arn}]}
  May:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !GetAtt Fn.Arn
      Principal: elasticloadbalancing.amazonaws.com
""",
        ("alb",),
    ),
    "another function": (
        RAW
        + """
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      Integration: {Type: AWS_PROXY, Uri: !Sub "arn:${Other.Arn}/invocations"}
""",
        (),
    ),
}

SERVERLESS = {
    "nobody": ("", ()),
    "http, with options": ("[{http: {path: /, method: get}}]", ("rest",)),
    "http, in short": ("[{http: GET /}]", ("rest",)),
    "http, with the name of the integration": (
        "[{http: {path: /, method: get, integration: lambda-proxy}}]",
        ("rest",),
    ),
    "http that maps": (
        "[{http: {path: /, method: get, integration: lambda}}]",
        ("other",),
    ),
    "http that does not wait": (
        "[{http: {path: /, method: get, async: true}}]",
        ("other",),
    ),
    "httpApi": ("[{httpApi: GET /}]", ("other",)),
    "httpApi, 1.0": (
        "[{httpApi: GET /}]\n    httpApi: {payload: '1.0'}",
        ("http 1.0",),
    ),
    "alb": ("[{alb: {listenerArn: x, priority: 1}}]", ("alb",)),
    "http and sqs": ("[{http: GET /}, {sqs: arn}]", ("other", "rest")),
    "http and a schedule": (
        "[{http: GET /}, {schedule: rate(1 hour)}]",
        ("other", "rest"),
    ),
    "http and who knows what": ("[{http: GET /}, '${env:EVENT}']", ("other", "rest")),
    "http and a function URL": ("[{http: GET /}]\n    url: true", ("other", "rest")),
    "http and a state machine": (
        "[{http: GET /}]\nstepFunctions: {a: {Resource: {Fn::GetAtt: [fn, Arn]}}}",
        ("other", "rest"),
    ),
    "http and a resource": (
        "[{http: GET /}]\nresources: {Resources: {A: {Type: X, Properties:"
        " {A: {Fn::GetAtt: [FnLambdaFunction, Arn]}}}}}",
        ("other", "rest"),
    ),
}

FUNCTION = """
resource "aws_lambda_function" "fn" {
  runtime = "python3.13"
  handler = "app.run"
}
"""
METHOD = """
resource "aws_api_gateway_integration" "get" {
  type = "AWS_PROXY"
  uri  = aws_lambda_function.fn.invoke_arn
}
"""

TERRAFORM = {
    "nobody": (FUNCTION, ()),
    "a REST API": (FUNCTION + METHOD, ("rest",)),
    "a REST API that maps": (FUNCTION + METHOD.replace("_PROXY", ""), ("other",)),
    "a REST API, by an address": (
        FUNCTION
        + METHOD.replace(
            "aws_lambda_function.fn.invoke_arn",
            '"arn:aws:apigateway:x:path/${aws_lambda_function.fn.arn}/invocations"',
        ),
        ("rest",),
    ),
    "what is neither": (
        FUNCTION
        + METHOD
        + """
resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.fn.function_name
  principal     = "apigateway.amazonaws.com"
}
resource "aws_cloudwatch_log_group" "fn" {
  name = "/aws/lambda/${aws_lambda_function.fn.function_name}"
}
resource "aws_api_gateway_deployment" "api" {
  depends_on = [aws_lambda_function.fn, aws_api_gateway_integration.get]
}
output "name" {
  value = aws_lambda_function.fn.function_name
}
""",
        ("rest",),
    ),
    "an output that others may call": (
        FUNCTION + METHOD + 'output "arn" {\n  value = aws_lambda_function.fn.arn\n}\n',
        ("other", "rest"),
    ),
    "a permission for somebody else": (
        FUNCTION
        + METHOD
        + """
resource "aws_lambda_permission" "s3" {
  function_name = aws_lambda_function.fn.function_name
  principal     = "s3.amazonaws.com"
}
""",
        ("other", "rest"),
    ),
    "a block inside a resource": (
        FUNCTION
        + METHOD
        + """
resource "aws_cognito_user_pool" "pool" {
  lambda_config {
    pre_sign_up = aws_lambda_function.fn.arn
  }
}
""",
        ("other", "rest"),
    ),
    "an HTTP API, by default 1.0": (
        FUNCTION
        + """
resource "aws_apigatewayv2_api" "api" {
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "get" {
  api_id          = aws_apigatewayv2_api.api.id
  integration_uri = aws_lambda_function.fn.invoke_arn
}
""",
        ("http 1.0",),
    ),
    "an HTTP API, 2.0": (
        FUNCTION
        + """
resource "aws_apigatewayv2_api" "api" {
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "get" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_uri        = aws_lambda_function.fn.invoke_arn
  payload_format_version = "2.0"
}
""",
        ("other",),
    ),
    "WebSockets": (
        FUNCTION
        + """
resource "aws_apigatewayv2_api" "api" {
  protocol_type = "WEBSOCKET"
}
resource "aws_apigatewayv2_integration" "get" {
  api_id          = aws_apigatewayv2_api.api.id
  integration_uri = aws_lambda_function.fn.invoke_arn
}
""",
        ("other",),
    ),
    "a load balancer": (
        FUNCTION
        + """
resource "aws_lb_target_group_attachment" "fn" {
  target_id = aws_lambda_function.fn.arn
}
""",
        ("alb",),
    ),
    "a module gets it": (
        FUNCTION + METHOD + 'module "x" {\n  fn = aws_lambda_function.fn.arn\n}\n',
        ("other", "rest"),
    ),
    "one of many": (
        FUNCTION.replace("{", '{\n  for_each = toset(["a", "b"])', 1) + METHOD,
        (),
    ),
    "another function with a longer name": (
        FUNCTION + METHOD.replace(".fn.", ".fn-two."),
        (),
    ),
}


@pytest.mark.parametrize("text, expected", CLOUDFORMATION.values(), ids=CLOUDFORMATION)
def test_cloudformation(tmp_path, text, expected):
    assert _callers(tmp_path, "template.yaml", text) == expected


@pytest.mark.parametrize("events, expected", SERVERLESS.values(), ids=SERVERLESS)
def test_serverless(tmp_path, events, expected):
    text = textwrap.dedent(
        """
        service: s
        provider: {name: aws, runtime: python3.13}
        functions:
          fn:
            handler: app.run
            events: """
    )
    assert _callers(tmp_path, "serverless.yml", f"{text}{events}\n") == expected


def test_payload_of_all_http_apis_of_a_service(tmp_path):
    text = """
        service: s
        provider: {name: aws, runtime: python3.13, httpApi: {payload: '1.0'}}
        functions:
          fn: {handler: app.run, events: [{httpApi: GET /}]}
    """
    assert _callers(tmp_path, "serverless.yml", text) == ("http 1.0",)


@pytest.mark.parametrize("text, expected", TERRAFORM.values(), ids=TERRAFORM)
def test_terraform(tmp_path, text, expected):
    assert _callers(tmp_path, "main.tf", text) == expected


TYPESCRIPT = """
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaIntegration, LambdaRestApi, RestApi, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { PayloadFormatVersion } from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { NagSuppressions } from 'cdk-nag';

export class Shop extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const fn = new lambda.Function(this, 'A', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'app.run',
      code: lambda.Code.fromAsset('.'),%s
    });
"""
REST_API = "new LambdaRestApi(this, 'Api', { handler: fn });\n"
CDK = {
    "nobody": ("", ()),
    "a REST API of one function": (REST_API, ("rest",)),
    "an integration": (
        "api.root.addMethod('GET', new LambdaIntegration(fn, { proxy: true }));",
        ("rest",),
    ),
    "an integration that is not by proxy": (
        "new LambdaIntegration(fn, { proxy: false });",
        ("other",),
    ),
    "an integration whose options are elsewhere": (
        "new LambdaIntegration(fn, props.options);",
        ("other",),
    ),
    "an integration with more options": (
        "new LambdaIntegration(fn, { ...props.options });",
        ("other",),
    ),
    "a name that is its own key": (
        "{ const handler = fn; new LambdaRestApi(this, 'Api', { handler }); }",
        ("rest",),
    ),
    "an authorizer": (
        REST_API + "new TokenAuthorizer(this, 'Auth', { handler: fn });",
        ("other", "rest"),
    ),
    "an HTTP API": (
        "new integrations.HttpLambdaIntegration('A', fn);",
        ("other",),
    ),
    "an HTTP API with payload format 1.0": (
        "new integrations.HttpLambdaIntegration('A', fn, "
        "{ payloadFormatVersion: PayloadFormatVersion.VERSION_1_0 });",
        ("http 1.0",),
    ),
    "a load balancer": (
        "listener.addTargets('A', { targets: [new LambdaTarget(fn)] });",
        ("alb",),
    ),
    "a function URL": (REST_API + "fn.addFunctionUrl();", ("other", "rest")),
    "a queue": (
        REST_API + "fn.addEventSource(new SqsEventSource(q));",
        ("other", "rest"),
    ),
    "an attribute": (REST_API + "this.fn = fn;", ("other", "rest")),
    "another function": (
        REST_API + "other.addEnvironment('NAME', fn.functionName);",
        ("other", "rest"),
    ),
    "permissions, outputs, tags, metrics and the like": (
        REST_API
        + """
        table.grantReadWriteData(fn);
        db.connections.allowDefaultPortFrom(fn);
        fn.addEnvironment('TABLE', table.tableName);
        fn.addToRolePolicy(statement);
        fn.role?.addManagedPolicy(policy);
        fn.node.addDependency(table);
        (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('A', 1);
        fn.metricErrors().createAlarm(this, 'Errors', {});
        fn.grantInvoke(new ServicePrincipal('apigateway.amazonaws.com'));
        new cdk.CfnOutput(this, 'Name', { value: fn.functionName });
        new cdk.CfnOutput(this, 'Text', { value: `${fn.functionArn}:live` });
        cdk.Tags.of(fn).add('team', 'shop');
        NagSuppressions.addResourceSuppressions(fn, []);
        """,
        ("rest",),
    ),
    "permissions of another service": (
        REST_API + "fn.grantInvoke(new ServicePrincipal('s3.amazonaws.com'));",
        ("other", "rest"),
    ),
    "permissions of somebody": (REST_API + "fn.grantInvoke(role);", ("other", "rest")),
    "a condition decides": (
        "if (props.api) { new LambdaRestApi(this, 'Api', { handler: fn }); }",
        ("other",),
    ),
    "a round of a loop": (
        "['a', 'b'].forEach((x) => { api.addMethod(x, new LambdaIntegration(fn)); });",
        ("rest",),
    ),
}


@pytest.mark.parametrize(("text", "expected"), CDK.values(), ids=CDK)
def test_typescript(tmp_path, text, expected):
    app = TYPESCRIPT.replace("%s", "") + textwrap.indent(text, "    ") + "\n  }\n}\n"
    assert _callers(tmp_path, "stack.ts", app) == expected


def test_typescript_with_events(tmp_path):
    app = TYPESCRIPT.replace("%s", " events: [source],") + REST_API + "}}"
    assert _callers(tmp_path, "stack.ts", app) == ("other",)


def test_typescript_in_place(tmp_path):
    """A function that has no name, and one that a file exports."""
    app = (
        TYPESCRIPT.replace("%s", "")
        .replace("const fn = new", "new LambdaIntegration(new")
        .replace("    });", "    }));")
    )
    assert _callers(tmp_path, "stack.ts", app + "}}") == ("rest",)
    made = (
        app[: app.index("export class")] + "const api = " + app[app.index("new Lam") :]
    )
    assert _callers(tmp_path, "stack.ts", made) == ("rest",)
    top = TYPESCRIPT.replace("%s", "")
    top = top[: top.index("export class")] + "export " + top[top.index("const fn") :]
    assert _callers(tmp_path, "stack.ts", top + REST_API) == ("other", "rest")


#: Constructs and functions of another file, by what they do with a function.
API_FILE = """
import { Construct } from 'constructs';
import { Stack } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LambdaIntegration, LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';

export const PROXY = true;
export const OPTIONS = { proxy: false };

export interface Props { readonly handler: IFunction; other?: string }
export class Api extends Construct {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    console.log(props.other);
    new LambdaRestApi(this, 'Api', { handler: props.handler });
  }
}
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id, props);
    const { handler, other } = props;
    const more = handler;
    new LambdaRestApi(this, 'Api', { handler: more });
  }
}
export class Kept extends Construct {
  constructor(scope: Construct, id: string, private readonly props: Props) {
    super(scope, id);
    new LambdaRestApi(this, 'Api', { handler: props.handler });
  }
}
export class Wide extends Construct {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    new Api(this, 'Api', { ...props });
  }
}
export class Deep extends Construct {
  constructor(scope: Construct, id: string, { handler }: Props) {
    super(scope, id);
    new Api(this, 'Api', { handler });
  }
}
export function connect(scope: Construct, fn: IFunction) {
  return new LambdaRestApi(scope, 'Api', { handler: fn });
}
export const add = (fn: IFunction) => new LambdaIntegration(fn);
export function perhaps(scope: Construct, fn: IFunction, api: boolean) {
  if (api) { connect(scope, fn); }
}
export function twice(fn: IFunction) { twice(fn); }
export function ignore(fn: IFunction) { console.log('no'); }
export function back(fn: IFunction) { return fn; }
export function again(fn: IFunction) { for (const fn of []) { add(fn); } }
"""
OTHER_FILES = {
    "a construct": ("new Api(this, 'A', { handler: fn });", ("rest",)),
    "a stack": ("new ApiStack(this, 'A', { handler: fn });", ("rest",)),
    "a construct in a construct": (
        "new Deep(this, 'A', { handler: fn });",
        ("rest",),
    ),
    "a function": ("connect(this, fn);", ("rest",)),
    "an arrow": ("api.root.addMethod('GET', add(fn));", ("rest",)),
    "a constant": ("new LambdaIntegration(fn, { proxy: PROXY });", ("rest",)),
    "options": ("new LambdaIntegration(fn, OPTIONS);", ("other",)),
    "nothing is done with it": (REST_API + "ignore(fn);", ("rest",)),
    "a condition there": (REST_API + "perhaps(this, fn, true);", ("other", "rest")),
    "a condition here": (
        "if (props.api) { connect(this, fn); }",
        ("other",),
    ),
    "a construct that keeps it": ("new Kept(this, 'A', { handler: fn });", ("other",)),
    "a construct that hands all on": (
        "new Wide(this, 'A', { handler: fn });",
        ("other",),
    ),
    "another property": ("new Api(this, 'A', { other: fn });", ("other",)),
    "a circle": (REST_API + "twice(fn);", ("other", "rest")),
    "a function that gives it back": (REST_API + "back(fn);", ("other", "rest")),
    "a name that is bound again": (REST_API + "again(fn);", ("other", "rest")),
    "too many arguments": (REST_API + "ignore(1, fn);", ("other", "rest")),
    "no function of the project": (REST_API + "unknown(fn);", ("other", "rest")),
}


@pytest.mark.parametrize(("text", "expected"), OTHER_FILES.values(), ids=OTHER_FILES)
def test_typescript_in_other_files(tmp_path, text, expected):
    names = "Api, ApiStack, Deep, Kept, OPTIONS, PROXY, Wide, add, again, back, connect"
    names += ", ignore, perhaps, twice"
    app = f"import {{ {names} }} from './api';\n{TYPESCRIPT.replace('%s', '')}"
    (tmp_path / "api.ts").write_text(API_FILE)
    app += textwrap.indent(text, "    ") + "\n  }\n}\n"
    assert _callers(tmp_path, "stack.ts", app) == expected


def _callers(folder, name, text):
    (found,) = read(folder, name, text).declarations
    return found.callers
