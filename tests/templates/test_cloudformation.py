"""AWS SAM and CloudFormation templates."""

from __future__ import annotations

import pytest
from template_marks import assert_marked
from template_marks import handlers
from template_marks import read

#: Python runtimes in force, each marked where its text stands.
RUNTIMES = {
    "literal of a CloudFormation function": """
        Resources:
          Place:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: python3.8  #= python3.8
              Handler: app.run
              Code: {S3Bucket: b, S3Key: k}
    """,
    "quoted, in a flow mapping, after text that is not ASCII": """
        Resources:
          # Größe 😀
          Place: {Type: AWS::Lambda::Function, Properties: {Description: "é😀", Runtime: 'python3.8'}}  #= python3.8
    """,
    "global setting, said once for all its functions": """
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function: {Runtime: python3.9, Handler: app.run}  #= python3.9
        Resources:
          A: {Type: AWS::Serverless::Function, Properties: {CodeUri: a/}}
          B: {Type: AWS::Serverless::Function, Properties: {CodeUri: b/}}
    """,
    "own runtime beside a global one": """
        Globals:
          Function:
            Runtime: python3.9  #= python3.9
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {Runtime: python3.13}  #= python3.13
    """,
    "image functions do not count, the global line does": """
        Globals:
          Function: {Runtime: python3.11}  #= python3.11
        Resources:
          A:
            Type: AWS::Serverless::Function
            IgnoreGlobals: [Runtime]
            Properties: {PackageType: Image, ImageUri: x}
          B:
            Type: AWS::Serverless::Function
            Properties: {PackageType: Image, Runtime: python3.8}
    """,
    "layers list runtimes, build methods name one": """
        Resources:
          Layer:
            Type: AWS::Serverless::LayerVersion
            Metadata: {BuildMethod: python3.9}  #= python3.9
            Properties:
              ContentUri: layer/
              CompatibleRuntimes:
                - python3.9  #= python3.9
                - nodejs20.x
                - python3.13  #= python3.13
          Plain:
            Type: AWS::Lambda::LayerVersion
            Properties: {CompatibleRuntimes: [python3.12]}  #= python3.12
          Function:
            Type: AWS::Serverless::Function
            Metadata: {BuildMethod: python3.14}  #= python3.14
            Properties: {Runtime: python3.14}  #= python3.14
    """,
    "inline code has a runtime": """
        Resources:
          Zip:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: python3.12  #= python3.12
              Handler: index.run
              Code:
                ZipFile: |
                  Runtime = "python3.6"
          Inline:
            Type: AWS::Serverless::Function
            Properties: {Runtime: python3.13, InlineCode: "x"}  #= python3.13
    """,
    "default of a parameter, in short and in long form": """
        Parameters:
          Rt: {Type: String, Default: python3.9, AllowedValues: [python3.6]}  #= python3.9
          Long:
            Type: String
            Default: "python3.10"  #= python3.10
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref Rt}}
          B: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref Rt}}
          C:
            Type: AWS::Lambda::Function
            Properties:
              Runtime:
                Ref: Long
    """,
    "default of a list parameter, each with its own place": """
        Parameters:
          Rts:
            Type: CommaDelimitedList
            Default: python3.8, python3.13  #= python3.8 python3.13
        Resources:
          L:
            Type: AWS::Lambda::LayerVersion
            Properties: {CompatibleRuntimes: !Ref Rts}
          F:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Select [1, !Ref Rts]}
    """,
    "every branch of a condition, without those that say nothing": """
        Resources:
          A:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: !If
                - Old
                - python3.8  #= python3.8
                - !If [New, python3.14, !Ref AWS::NoValue]  #= python3.14
          L:
            Type: AWS::Lambda::LayerVersion
            Properties:
              CompatibleRuntimes:
                Fn::If:
                  - Old
                  - [python3.7]  #= python3.7
                  - - !If [New, python3.12, !Ref AWS::NoValue]  #= python3.12
    """,
    "rows of a mapping: every one for a pseudo parameter, else the one": """
        Parameters:
          Stage: {Type: String, Default: prod}
        Mappings:
          ByRegion:
            us-east-1: {py: python3.12}  #= python3.12
            eu-west-1: {py: python3.8, other: python3.6}  #= python3.8
          ByStage:
            dev: {py: python3.6}
            prod: {py: python3.11}  #= python3.11
        Resources:
          A:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !FindInMap [ByRegion, !Ref AWS::Region, py]}
          B:
            Type: AWS::Lambda::Function
            Properties: {Runtime: {"Fn::FindInMap": [ByStage, {Ref: Stage}, py]}}
          C:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: !FindInMap [ByStage, test, py, {DefaultValue: python3.10}]  #= python3.10
    """,
    "text put together stands where it is put together": """
        Parameters:
          Ver: {Type: String, Default: 3.10}
          Rt: {Type: String, Default: python3.8}  #= python3.8
        Resources:
          A:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Sub "python${Ver}"}  #~ python3.10
          B:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Sub ["python${v}", {v: "3.9"}]}  #~ python3.9
          C:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Join ["", [python, !Ref Ver]]}  #~ python3.10
          D:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Join [".", [python3, !If [x, 7, 12]]]}  #~ python3.12 python3.7
          E:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Sub "${Rt}"}
          F:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Sub python3.11}  #= python3.11
          G:
            Type: AWS::Lambda::Function
            Properties: {Runtime: !Select [0, !Split ["|", "python3.6|x"]]}  #= python3.6
    """,
    "loops": """
        Transform: AWS::LanguageExtensions
        Parameters:
          Names: {Type: CommaDelimitedList, Default: "a,b"}
        Mappings:
          Rt:
            a: {v: python3.9}  #= python3.9
            b: {v: python3.12}  #= python3.12
        Resources:
          Fn::ForEach::Functions:
            - Name
            - !Ref Names
            - Function${Name}:
                Type: AWS::Lambda::Function
                Properties: {Runtime: !FindInMap [Rt, !Ref Name, v]}
              Fn::ForEach::Inner:
                - Minor
                - ["13", "14"]
                - Inner${Name}${Minor}:
                    Type: AWS::Lambda::Function
                    Properties: {Runtime: !Sub "python3.${Minor}"}  #~ python3.13 python3.14
    """,
    "anchors and merge keys lead to the anchor's line": """
        Shared: &shared
          Runtime: python3.8  #= python3.8
          Handler: app.run
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: *shared}
          B:
            Type: AWS::Lambda::Function
            Properties:
              <<: *shared
              Handler: app.other
          C:
            Type: AWS::Lambda::Function
            Properties:
              <<: [*shared]
              Runtime: &own python3.9  #= python3.9
          D: {Type: AWS::Lambda::Function, Properties: {Runtime: *own}}
    """,
    "tags, comments between, and the last of equal keys": """
        Resources:
          A:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: python3.6
              Runtime: !!str &x python3.8  #= python3.8
          B: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.6}}
          B:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: !!str  # why
                "python3.9"  #= python3.9
              Other: !Rain::Embed x
    """,
    "several documents": """
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.8}}  #= python3.8
        ---
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.9}}  #= python3.9
    """,
}

#: Lambda templates and look-alikes in which no Python runtime is in force.
SILENT = {
    "other languages": """
        Globals: {Function: {Runtime: nodejs20.x}}
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {Runtime: provided.al2023}}
          B: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
    """,
    "image functions": """
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {PackageType: Image, Runtime: python3.8}
            Metadata: {Dockerfile: Dockerfile, DockerContext: .}
    """,
    "parameters without a default, or with the name of a stored value": """
        Parameters:
          None_: {Type: String}
          Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: python3.8}
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref None_}}
          B: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref Stored}}
          C: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref Missing}}
          D: {Type: AWS::Lambda::Function, Properties: {Runtime: !Sub "python${None_}"}}
    """,
    "values of other stacks, stores, macros and unknown tags": """
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {Runtime: !GetAtt X.python3.8}}
          B: {Type: AWS::Lambda::Function, Properties: {Runtime: !ImportValue python3.8}}
          C: {Type: AWS::Lambda::Function, Properties: {Runtime: "{{resolve:ssm:python3.8}}"}}
          D: {Type: AWS::Lambda::Function, Properties: {Runtime: {"Fn::Transform": python3.8}}}
          E: {Type: AWS::Lambda::Function, Properties: {Runtime: !Own python3.8}}
          F: {Type: AWS::Lambda::Function, Properties: {Runtime: [python3.8]}}
          G: {Type: AWS::Lambda::Function, Properties: {Runtime: !Sub "${!Literal}"}}
          H: {Type: AWS::Lambda::Function, Properties: {Runtime: !Sub [x]}}
          I: {Type: AWS::Lambda::Function, Properties: {Runtime: !FindInMap [No, a, b]}}
          J: {Type: AWS::Lambda::Function, Properties: {Runtime: !Select [9, [python3.8]]}}
          K: {Type: AWS::Lambda::Function, Properties: {Runtime: !Join ["", x]}}
    """,
    "what is not in use": """
        Parameters:
          Unused: {Type: String, Default: python3.8, AllowedValues: [python3.6]}
        Mappings: {M: {a: {b: python3.8}}}
        Globals: {Api: {Runtime: python3.8}}
        Resources:
          A:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: provided.al2023
              Environment: {Variables: {Runtime: python3.8}}
              Tags: [{Key: Runtime, Value: python3.8}]
              RuntimeManagementConfig: {RuntimeVersionArn: python3.8}
            Metadata: {BuildMethod: makefile}
        Outputs: {Runtime: {Value: python3.8}}
    """,
    "other resources with a runtime": """
        Resources:
          Document:
            Type: AWS::SSM::Document
            Properties: {Content: {mainSteps: [{inputs: {Runtime: python3.8}}]}}
          Canary:
            Type: AWS::Synthetics::Canary
            Properties: {RuntimeVersion: syn-python-selenium-3.0}
          Job: {Type: AWS::Glue::Job, Properties: {PythonVersion: "3"}}
          Module: {Type: "AWS::Lambda::Function::MODULE", Properties: {Runtime: python3.8}}
    """,
    "references that lead back to themselves": """
        Parameters: {P: {Type: String, Default: !Ref P}}
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref P}}
          B: {Type: AWS::Lambda::Function, Properties: {Runtime: &x !If [c, *x, *x]}}
          C: &c {Type: AWS::Lambda::Function, Properties: *c}
    """,
    "empty and odd parts": """
        Parameters: []
        Mappings: AWS::Lambda::Function
        Globals: {Function: []}
        Resources:
          A:
          B: text
          C: {Type: [AWS::Lambda::Function], Properties: {Runtime: python3.8}}
          D: {Type: AWS::Lambda::Function, Properties: [Runtime, python3.8]}
          E: {Type: AWS::Lambda::LayerVersion, Properties: {CompatibleRuntimes: python3.8}}
          Fn::ForEach::X: [A, B]
          ? {Type: AWS::Lambda::Function}
          : python3.8
    """,
    "Kubernetes": """
        apiVersion: lambda.services.k8s.aws/v1alpha1
        kind: Function
        metadata: {name: x, labels: {cfn: "AWS::Lambda::Function"}}
        spec: {runtime: python3.8, handler: a.b, Resources: 1}
    """,
    "compose": """
        services:
          api: {image: x, runtime: nvidia, environment: {Runtime: python3.8}}
    """,
    "workflow": """
        on: push
        jobs:
          test: {strategy: {matrix: {runtime: [python3.8, python3.9]}}}
    """,
    "OpenAPI": """
        openapi: 3.0.0
        components:
          schemas: {Runtime: {enum: [python3.8], description: "AWS::Lambda::Function Resources"}}
    """,
    "answer of the API": """
        Functions: [{FunctionName: a, Runtime: python3.8, Handler: a.b}]
    """,
}


@pytest.mark.parametrize("text", RUNTIMES.values(), ids=RUNTIMES)
def test_runtimes(tmp_path, text):
    assert "#=" in text or "#~" in text
    assert_marked(tmp_path, "template.yaml", text)


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_silent(tmp_path, text):
    assert_marked(tmp_path, "infra.yaml", text)


def test_every_field_of_a_runtime(tmp_path):
    found = read(
        tmp_path,
        "template.yaml",
        """
        Parameters: {Rt: {Type: String, Default: python3.8}}
        Globals: {Function: {Runtime: python3.9}}
        Resources:
          A: {Type: AWS::Serverless::Function, Properties: {Runtime: !Ref Rt}}
          L: {Type: AWS::Lambda::LayerVersion, Properties: {CompatibleRuntimes: [python3.7]}}
        """,
    )
    path = str(tmp_path / "template.yaml")
    assert [use[:5] for use in found.runtimes] == [
        ("python3.8", (path, 1, 41), (path, 4, 66), "A", "function"),
        ("python3.9", (path, 2, 30), (path, 2, 30), "Globals.Function", "global"),
        ("python3.7", (path, 5, 73), (path, 5, 73), "L", "layer"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Runtime: ^python3.8",
        'Runtime: "^python3.8"',
        "Runtime: >-\n    ^python3.8",
        "Runtime: &a >-  # why\n     ^python3.8",
        "Runtime: !!str '^python3.8'",
        "Runtime: &a !!str  # why\n  ^python3.8",
        '"Runtime" : "^python3\\x2e8"',
        "? Runtime\n : ^python3.8",
        "é😀: ü\n Runtime: ^python3.8",
    ],
)
def test_place_of_every_yaml_style(tmp_path, text):
    head = "Resources: {A: {Type: AWS::Lambda::Function, Properties: *p}}"
    before, after = f"p: &p\n {text}\n{head}\n".split("^")
    found = read(tmp_path, "a.yaml", before + after)
    place = (before.count("\n") + 1, len(before) - before.rfind("\n") - 1)
    assert [use.place[1:] for use in found.runtimes] == [place]


JSON = """
    {
      "Parameters": {"Rt": {"Type": "String", "Default": "python3.9"}},
      "Resources": {
        "A": {"Type": "AWS::Lambda::Function", "Properties": {
          "Description": "é😀\\ud83d\\ude00", "Runtime": "python3.8"}},
        "B": {"Type": "AWS::Lambda::Function", "Properties": {
          "Runtime": {"Fn::If": ["c", {"Ref": "Rt"}, "python3.13"]}}},
    \t"C": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs20.x"}}
      }
    }
"""


@pytest.mark.parametrize(
    "name",
    ["a.json", "a.template", "template.json", "a.yaml", "a.nested.template.json"],
)
def test_json(tmp_path, name):
    found = read(tmp_path, name, JSON)
    assert found.problems == ()
    lines = (tmp_path / name).read_text(encoding="utf-8").split("\n")
    assert [(use.identifier, *use.place[1:]) for use in found.runtimes] == [
        (text, number, lines[number - 1].index(text))
        for text, number in (("python3.9", 2), ("python3.8", 5), ("python3.13", 7))
    ]


#: Declared functions, one in a line: name, handler, runtimes, code.
DECLARATIONS = {
    "own settings before global ones": (
        """
        Globals: {Function: {Runtime: python3.13, Handler: app.run, CodeUri: src/}}
        Resources:
          A: {Type: AWS::Serverless::Function}
          B:
            Type: AWS::Serverless::Function
            Properties: {Handler: pkg/jobs.main, CodeUri: ./jobs, Runtime: python3.12}
          C:
            Type: AWS::Serverless::Function
            IgnoreGlobals: '*'
            Properties: {Handler: own.run}
          D:
            Type: AWS::Serverless::Function
            IgnoreGlobals: [CodeUri, Runtime]
          E: {Type: AWS::Lambda::Function, Properties: {Handler: e.run}}
        """,
        [
            "A app.run python3.13 src",
            "D app.run - .",
            "B pkg/jobs.main python3.12 jobs",
            "C own.run - .",
            "E e.run - -",
        ],
    ),
    "code that lies elsewhere": (
        """
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.run, CodeUri: s3://bucket/key}
          B:
            Type: AWS::Serverless::Function
            Properties: {Handler: b.run, CodeUri: {Bucket: b, Key: k}}
          C:
            Type: AWS::Serverless::Function
            Properties: {Handler: c.run, CodeUri: build/c.zip}
          D:
            Type: AWS::Serverless::Function
            Properties: {Handler: d.run, CodeUri: !Ref Unknown}
          E:
            Type: AWS::Lambda::Function
            Properties: {Handler: e.run, Code: {S3Bucket: b, S3Key: k}}
        """,
        ["A a.run - -", "B b.run - -", "C c.run - -", "D d.run - -", "E e.run - -"],
    ),
    "local code of CloudFormation and of the CDK": (
        """
        Resources:
          A:
            Type: AWS::Lambda::Function
            Properties: {Handler: a.run, Code: ./a}
          B:
            Type: AWS::Lambda::Function
            Properties: {Handler: b.run, Code: {S3Bucket: b, S3Key: k}}
            Metadata: {"aws:asset:path": asset.1f, "aws:asset:property": Code}
          C:
            Type: AWS::Lambda::Function
            Properties: {Handler: c.run, Code: {S3Bucket: b, S3Key: k}}
            Metadata: {"aws:asset:path": x, "aws:asset:property": Content}
        """,
        ["A a.run - a", "B b.run - asset.1f", "C c.run - -"],
    ),
    "references in handler and code": (
        """
        Parameters: {H: {Type: String, Default: app.run}, Dir: {Type: String, Default: src}}
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {Handler: !Ref H, CodeUri: !Sub "${Dir}/a", Runtime: python3.12}
          B:
            Type: AWS::Serverless::Function
            Properties: {Handler: !If [c, b.one, b.two], CodeUri: !If [c, x, y]}
        """,
        ["A app.run python3.12 src/a", "B b.one - x,y", "B b.two - x,y"],
    ),
    "loops put their variable everywhere": (
        """
        Resources:
          Fn::ForEach::X:
            - Name
            - [one, two]
            - Function${Name}:
                Type: AWS::Serverless::Function
                Properties: {Handler: "${Name}.run", CodeUri: "src/&{Name}/"}
        """,
        ["Functionone one.run - src/one", "Functiontwo two.run - src/two"],
    ),
    "every runtime that a function can have": (
        """
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.run, Runtime: !If [c, python3.8, python3.14]}
          B:
            Type: AWS::Serverless::Function
            Properties: {Handler: b.run, Runtime: !If [c, nodejs20.x, python3.14]}
        """,
        ["A a.run python3.8,python3.14 .", "B b.run python3.14 ."],
    ),
    "no Python function": (
        """
        Resources:
          A: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: nodejs20.x}}
          B: {Type: AWS::Serverless::Function, Properties: {Handler: bootstrap}}
          C: {Type: AWS::Serverless::Function, Properties: {Handler: "com.x.Y::run"}}
          D: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, PackageType: Image}}
          E: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.14}}
          F: {Type: AWS::Serverless::Function, Properties: {Handler: index.b, InlineCode: x}}
          G: {Type: AWS::Lambda::Function, Properties: {Handler: index.b, Code: {ZipFile: x}}}
          H: {Type: AWS::Serverless::Function, Properties: {Handler: !GetAtt X.y}}
          I: {Type: AWS::Serverless::Function, Properties: {Handler: "{{resolve:x}}"}}
        """,
        [],
    ),
}


@pytest.mark.parametrize(("text", "expected"), DECLARATIONS.values(), ids=DECLARATIONS)
def test_declarations(tmp_path, text, expected):
    found = read(tmp_path, "template.yaml", text)
    assert found.problems == ()
    assert handlers(tmp_path, found.declarations) == expected


def test_every_field_of_a_declaration(tmp_path):
    found = read(
        tmp_path,
        "template.yaml",
        """
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {Handler: 'a.run', Runtime: python3.12}
          B: {Type: AWS::Lambda::Function, Properties: {Handler: b.run}}
        """,
    )
    path = str(tmp_path / "template.yaml")
    first, second = found.declarations
    assert first == (
        "sam",
        "A",
        "a.run",
        (path, 4, 27),
        (str(tmp_path),),
        found.runtimes,
        (),
        False,
        False,
        False,
    )
    assert second[:7] == ("cloudformation", "B", "b.run", (path, 5, 57), (), (), ())


#: What `cdk synth` writes: a template without metadata, its assets, and their code.
SYNTHESISED = """
    {"Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties": {
      "Code": {"S3Bucket": {"Fn::Sub": "cdk-assets-${AWS::AccountId}"},
               "S3Key": "0a1b.zip"},
      "Handler": "app.run", "Runtime": "python3.9"}}}}
"""
ASSETS = """
    {"version": "36.0.0", "files": {"0a1b": {"source":
      {"path": "%s", "packaging": "zip"}, "destinations": {}}}}
"""


@pytest.mark.parametrize(
    ("name", "assets", "expected"),
    [
        ("Shop.assets.json", ASSETS % "asset.0a1b", "asset.0a1b"),
        ("Shop.assets.json", ASSETS % "../src", "src"),
        ("Other.assets.json", ASSETS % "asset.0a1b", "-"),
        ("Shop.assets.json", ASSETS.replace("0a1b", "2c3d") % "asset.0a1b", "-"),
        ("Shop.assets.json", "{]", "-"),
        ("Shop.assets.json", '{"files": {"0a1b": ["source"]}}', "-"),
    ],
)
def test_assets_of_the_cdk(tmp_path, name, assets, expected):
    folder = "" if expected in ("-", "src") else "cdk.out/"
    files = {"cdk.out/Shop.template.json": SYNTHESISED, f"cdk.out/{name}": assets}
    found = read(tmp_path, "cdk.out/Shop.template.json", files)
    assert found.problems == ()
    assert handlers(tmp_path, found.declarations) == [
        f"A app.run python3.9 {folder}{expected}"
    ]


@pytest.mark.parametrize("suffix", ["yml.j2", "YAML.J2", "yaml"])
def test_jinja_whose_text_is_plain(tmp_path, suffix):
    text = """
    Resources:
      A:
        Type: AWS::Lambda::Function
        Properties: {Runtime: python3.8, Handler: "{{ module }}.run"}  %s
      B:
        Type: AWS::Lambda::Function
        Properties: {Runtime: "{{ runtime }}", Handler: app.run}
    """
    marked = text % "#= python3.8"
    assert_marked(tmp_path, f"stack.{suffix}", marked)
    broken = read(tmp_path, f"broken.{suffix}", text % "{% if x %}")
    assert broken.runtimes == broken.declarations == ()
    assert len(broken.problems) == (1 if suffix == "yaml" else 0)
    cookie = "{{cookiecutter.name}}/" + f"broken.{suffix}"
    assert read(tmp_path, cookie, text % "{% if x %}").problems == ()
