"""Serverless Framework templates and the files they include."""

from __future__ import annotations

import pytest
from template_marks import assert_marked
from template_marks import handlers
from template_marks import read
from template_marks import write

from flake8_lambda_handler.model import Template

#: Python runtimes in force, each marked where its text stands.
RUNTIMES = {
    "provider, functions and layers": """
        service: shop
        provider:
          name: aws
          runtime: python3.9  #= python3.9
          environment: {runtime: python3.6}
        functions:
          a: {handler: a.run}
          b:
            handler: b.run
            runtime: 'python3.12'  #= python3.12
            tags: {runtime: python3.6}
          c: {handler: c.run, runtime: nodejs20.x}
          d: {image: x, runtime: python3.6}
        layers:
          deps:
            path: layer
            compatibleRuntimes: [python3.8, python3.13]  #= python3.8 python3.13
        custom:
          pythonRequirements:
            layer:
              compatibleRuntimes:
                - python3.10  #= python3.10
    """,
    "provider in one word, functions and layers as lists": """
        provider: aws
        functions:
          - a: {handler: a.run, runtime: python3.9}  #= python3.9
          - b: {handler: b.run, runtime: python3.12}  #= python3.12
        layers:
          - deps: {path: x, compatibleRuntimes: [python3.8]}  #= python3.8
    """,
    "variables of the file itself": """
        service: shop
        provider:
          name: ${self:custom.cloud}
          runtime: ${self:custom.rt.${opt:stage, 'dev'}}
        custom:
          cloud: aws
          rt:
            dev: python3.8  #= python3.8
            prod: python3.6
          list:
            - python3.10  #= python3.10
          again: ${self:custom.list.0}
        functions:
          a: {handler: a.run, runtime: "${self:custom.again}"}
          b: ${self:custom.b}
    """,
    "fallbacks in turn": """
        service: shop
        provider:
          name: aws
          stage: test
          runtime: ${env:RT, "python3.9"}  #= python3.9
        functions:
          a: {handler: a.run, runtime: "${opt:rt, env:RT, self:custom.rt}"}
          b: {handler: a.run, runtime: "${opt:rt, self:custom.no, 'python3.10'}"}  #= python3.10
          c: {handler: a.run, runtime: "${opt:rt, ${self:custom.rt2}}"}
          d: {handler: a.run, runtime: "${ssm:/rt, python3.13}"}  #= python3.13
        custom:
          rt: python3.11  #= python3.11
          rt2: python3.12  #= python3.12
    """,
    "parameters and the stage": """
        service: shop
        provider: {name: aws, runtime: "${param:rt}"}
        params:
          default: {rt: python3.6, layer: python3.9}  #= python3.9
          dev: {rt: python3.10}  #= python3.10
          prod: {rt: python3.7}
        stages:
          dev:
            params: {fn: python3.11}  #= python3.11
        functions:
          a: {handler: a.run, runtime: "${self:custom.rt.${sls:stage}}"}
          b: {handler: b.run, runtime: "${param:fn}"}
        layers:
          deps: {path: x, compatibleRuntimes: ["${param:layer}"]}
        custom:
          rt: {dev: python3.12}  #= python3.12
    """,
    "text put together": """
        service: shop
        provider: {name: aws, runtime: "python${self:custom.v}"}  #~ python3.10
        custom: {v: 3.10}
        functions: {a: {handler: a.run, runtime: "${opt:x, 'python'}3.${opt:y, '12'}"}}  #~ python3.12
    """,
    "plain CloudFormation beside it, with both kinds of references": """
        service: shop
        provider: {name: aws, runtime: nodejs20.x}
        custom: {rt: python3.9}  #= python3.9
        resources:
          Parameters: {Rt: {Type: String, Default: python3.10}}  #= python3.10
          Resources:
            A: {Type: AWS::Lambda::Function, Properties: {Runtime: "${self:custom.rt}"}}
            B: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref Rt}}
            C: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.8}}  #= python3.8
    """,
    "resources as a list": """
        service: shop
        provider: {name: aws}
        resources:
          - Resources:
              A: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.8}}  #= python3.8
          - Outputs: {}
    """,
}

#: Services in which no Python runtime is in force, and look-alikes.
SILENT = {
    "other clouds": """
        service: shop
        provider: {name: google, runtime: python39}
        functions: {a: {handler: http, runtime: python3.8}}
    """,
    "OpenFaaS": """
        version: 1.0
        provider: {name: openfaas, gateway: x}
        functions: {a: {lang: python3.8, handler: ./a, runtime: python3.8}}
    """,
    "keys with a capital letter are not read by the framework": """
        service: shop
        provider: {name: aws, Runtime: python3.8}
        functions: {a: {handler: a.run, Runtime: python3.8}}
    """,
    "no fallback": """
        service: shop
        provider: {name: aws, runtime: "${env:RT}"}
        functions:
          a: {handler: a.run, runtime: "${opt:rt}"}
          b: {handler: a.run, runtime: "${ssm:/python3.8}"}
          c: {handler: a.run, runtime: "${cf:python3.8}"}
          d: {handler: a.run, runtime: "${self:custom.missing}"}
          e: {handler: a.run, runtime: "${python3.8}"}
          f: {handler: a.run, runtime: "${opt:rt, 'python3.8'"}
          g: {handler: a.run, runtime: "${file(x.js):rt}"}
          h: {handler: a.run, runtime: "${}"}
    """,
    "references that lead back": """
        service: shop
        provider: {name: aws, runtime: "${self:provider.runtime}"}
        custom: {a: "${self:custom.b}", b: "x${self:custom.a}"}
        functions: {a: {handler: a.run, runtime: "${self:custom.a}"}}
    """,
    "empty and odd parts": """
        service: shop
        provider: {name: aws, runtime: [python3.8]}
        functions: [a, {b: }, {c: [python3.8]}, {d: python3.8}]
        layers: python3.8
        resources: [x]
        custom: [python3.8]
    """,
    "unused values": """
        service: shop
        provider: {name: aws}
        custom: {rt: python3.8}
        params: {default: {rt: python3.8}}
        functions: {a: {handler: a.run, environment: {runtime: python3.8}}}
    """,
    "compose file of several services": """
        services:
          a: {path: a, params: {runtime: python3.8}}
    """,
}


@pytest.mark.parametrize("text", RUNTIMES.values(), ids=RUNTIMES)
def test_runtimes(tmp_path, text):
    assert "#=" in text or "#~" in text
    assert_marked(tmp_path, "serverless.yml", text)


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_silent(tmp_path, text):
    assert_marked(tmp_path, "serverless.yml", text)


def test_json(tmp_path):
    text = """
        {"service": "shop", "provider": {"name": "aws", "runtime":
        "${opt:rt, 'python3.9'}"}, "functions": {"a": {"handler": "a.run"}}}
    """
    found = read(tmp_path, "serverless.json", text)
    assert [use.place[1:] for use in found.runtimes] == [(2, 12)]
    assert handlers(tmp_path, found.declarations) == ["a a.run python3.9 ."]


def test_any_name_when_the_provider_is_named(tmp_path):
    text = "service: x\nprovider: {name: %s}\nfunctions: {a: {runtime: python3.8}}\n"
    assert read(tmp_path, "aws.yml", text % "aws").runtimes != ()
    assert read(tmp_path, "google.yml", text % "google").runtimes == ()
    nameless = text.replace("{name: %s}", "{}")
    assert read(tmp_path, "other.yml", nameless).runtimes == ()
    assert read(tmp_path, "serverless.yaml", nameless).runtimes != ()


def test_included_files_have_their_own_places(tmp_path):
    assert_marked(
        tmp_path,
        "service/serverless.yml",
        {
            ".git/HEAD": "",
            "service/serverless.yml": """
                service: shop
                provider: ${file(provider.yml)}
                functions:
                  - ${file(functions.yml)}
                  - c: ${file(../shared/c.json):function}
                custom: ${file(./custom.${sls:stage}.yml)}
                resources: ${file(resources.yml)}
                layers: {deps: {path: x, compatibleRuntimes: "${file(custom.dev.yml):rts}"}}
            """,
            "service/provider.yml": """
                name: aws
                runtime: python3.9  #= python3.9
            """,
            "service/functions.yml": """
                a: {handler: a.run, runtime: python3.10}  #= python3.10
                b: {handler: b.run, runtime: "${self:custom.b}"}
            """,
            "service/custom.dev.yml": """
                b: python3.11  #= python3.11
                rts: [python3.12]  #= python3.12
            """,
            "service/resources.yml": """
                Resources:
                  D: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}  #= python3.13
            """,
            "shared/c.json": """
                {"function": {"handler": "c.run", "runtime": "${self:provider.runtime}"}}
            """,
        },
    )


def test_include_does_not_leave_the_project(tmp_path):
    outside = write(tmp_path, "outside.yml", "rt: python3.8\n")
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "project/link.yml").symlink_to(outside)
    for name in (
        "../outside.yml",
        str(outside),
        "link.yml",
        "../project/../outside.yml",
    ):
        text = f"provider: {{name: aws, runtime: '${{file({name}):rt}}'}}\nservice: x\n"
        found = read(tmp_path, "project/serverless.yml", text)
        assert found.runtimes == found.problems == ()


def test_includes_may_go_in_circles(tmp_path):
    found = read(
        tmp_path,
        "serverless.yml",
        {
            "serverless.yml": """
                service: x
                provider: {name: aws, runtime: "${file(a.yml):rt}"}
                custom: ${file(serverless.yml)}
                functions: ${file(serverless.yml):functions}
            """,
            "a.yml": "rt: ${file(b.yml):rt}\n",
            "b.yml": "rt: ${file(a.yml):rt}\n",
        },
    )
    assert found == Template(str(tmp_path / "serverless.yml"))


def test_broken_include_is_one_problem_of_the_template(tmp_path):
    found = read(
        tmp_path,
        "serverless.yml",
        {
            "serverless.yml": """
                service: x
                provider: {name: aws, runtime: python3.12}
                functions:
                  - ${file(functions.yml)}
                  - ${file(functions.yml):more}
                  - ${file(missing.yml)}
                  - a: {handler: a.run}
            """,
            "functions.yml": "a: b\nb: c: d\n",
        },
    )
    assert [tuple(problem) for problem in found.problems] == [
        (
            (str(tmp_path / "serverless.yml"), 4, 6),
            "names functions.yml, which is not valid YAML in line 2: "
            "mapping values are not allowed in this context",
        )
    ]
    assert [found.handler for found in found.declarations] == ["a.run"]


#: Declared functions, one in a line: name, handler, runtimes, code.
DECLARATIONS = {
    "inherited, own and unknown runtimes": (
        """
        service: shop
        provider: {name: aws, runtime: python3.12}
        functions:
          a: {handler: src/orders.create}
          b: {handler: src.orders.list, runtime: python3.13}
          c: {handler: c.run, runtime: "${env:RT}"}
          d: {handler: d.run, module: jobs}
          e: {handler: "${self:custom.dir}/e.run"}
        custom: {dir: lib}
        """,
        [
            "a src/orders.create python3.12 .",
            "b src.orders.list python3.13 .",
            "c c.run - .",
            "d d.run python3.12 jobs",
            "e lib/e.run python3.12 .",
        ],
    ),
    "no Python function": (
        """
        service: shop
        provider: {name: aws}
        functions:
          a: {handler: a.run}
          b: {handler: b.run, runtime: nodejs20.x}
          c: {handler: bootstrap, runtime: provided.al2023}
          d: {image: x}
          e: {handler: "${env:H}", runtime: python3.12}
        """,
        [],
    ),
    "functions among the resources": (
        """
        service: shop
        provider: {name: aws}
        resources:
          Resources:
            A:
              Type: AWS::Lambda::Function
              Properties: {Handler: a.run, Runtime: python3.12, Code: ./a}
        """,
        ["A a.run python3.12 a"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), DECLARATIONS.values(), ids=DECLARATIONS)
def test_declarations(tmp_path, text, expected):
    found = read(tmp_path, "serverless.yml", text)
    assert found.problems == ()
    assert handlers(tmp_path, found.declarations) == expected


def test_every_field(tmp_path):
    found = read(
        tmp_path,
        "serverless.yml",
        """
        service: shop
        provider: {name: aws, runtime: "${opt:rt, 'python3.12'}"}
        functions: {a: {handler: a.run}}
        """,
    )
    path = str(tmp_path / "serverless.yml")
    (use,) = found.runtimes
    places = "python3.12", (path, 2, 43), (path, 2, 32)
    assert use == (*places, "provider", "global", "", ())
    used = (*places, "a", "function", "", ())
    assert found.declarations == (
        (
            *("serverless", "a", "a.run", (path, 3, 25), (str(tmp_path),)),
            *((used,), (), True, False, False),
        ),
    )
