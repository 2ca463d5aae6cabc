"""Terraform and OpenTofu modules: every file of a folder, and one file at a time."""

from __future__ import annotations

import pytest
from template_marks import assert_marked
from template_marks import handlers
from template_marks import read
from template_marks import write

from flake8_lambda_handler import templates

#: Python runtimes in force, each marked where its text stands.
RUNTIMES = {
    "literals of functions, layers and module blocks": """
        resource "aws_lambda_function" "one" {
          description = "é😀"
          runtime     = "python3.8" #= python3.8
        }
        resource aws_lambda_function two { runtime = ("python3.9") } #= python3.9
        resource "aws_lambda_layer_version" "deps" {
          compatible_runtimes = [
            "python3.9", #= python3.9
            "nodejs20.x",
            "python3.13" #= python3.13
          ]
        }
        module "fn" {
          source              = "terraform-aws-modules/lambda/aws"
          runtime             = "python3.10" #= python3.10
          compatible_runtimes = ["python3.11"] #= python3.11
        }
        module "own" {
          source         = "./modules/own"
          lambda_runtime = "python3.12" #= python3.12
        }
    """,
    "variables, locals and branches": """
        variable "rt" {
          type    = string
          default = "python3.8" #= python3.8
          validation {
            condition     = contains(["python3.6"], var.rt)
            error_message = "python3.6"
          }
        }
        locals {
          one = "python3.9" #= python3.9
          two = local.one
          map = { a = { "rt" = "python3.10" }, b = ["x", "python3.11"] } #= python3.10 python3.11
        }
        resource "aws_lambda_function" "a" { runtime = var.rt }
        resource "aws_lambda_function" "b" { runtime = "${local.two}" }
        resource "aws_lambda_function" "c" { runtime = local.map.a.rt }
        resource "aws_lambda_function" "d" { runtime = local.map["b"][1] }
        resource "aws_lambda_function" "e" {
          runtime = var.old ? "python3.7" : var.new ? "python3.14" : local.one #= python3.7 python3.14
        }
    """,
    "text put together stands where it is put together": """
        variable "v" { default = "3.10" }
        variable "minor" { default = 12 }
        resource "aws_lambda_function" "a" { runtime = "python${var.v}" } #~ python3.10
        resource "aws_lambda_function" "b" {
          runtime = "py${"thon"}3.${var.old ? 9 : var.minor}" #~ python3.12 python3.9
        }
    """,
    "functions with a fallback": """
        variable "known" { default = { rt = "python3.8", none = null } } #= python3.8
        variable "unknown" {}
        resource "aws_lambda_function" "a" { runtime = lookup(var.known, "rt", "python3.6") }
        resource "aws_lambda_function" "b" {
          runtime = lookup(var.known, "no", "python3.9") #= python3.9
        }
        resource "aws_lambda_function" "c" {
          runtime = lookup(var.unknown, "rt", "python3.10") #= python3.10
        }
        resource "aws_lambda_function" "d" {
          runtime = coalesce(var.known.none, var.unknown, "", "python3.11") #= python3.11
        }
        resource "aws_lambda_function" "e" {
          runtime = try(var.unknown.rt, var.known.no, tostring("python3.12")) #= python3.12
        }
        resource "aws_lambda_function" "f" {
          runtime = merge({ rt = "python3.6" }, { rt = "python3.13" }).rt #= python3.13
        }
    """,
    "instances of for_each": """
        locals {
          functions = {
            a = { rt = "python3.9" } #= python3.9
            b = { rt = "python3.13" } #= python3.13
            c = {}
          }
        }
        resource "aws_lambda_function" "many" {
          for_each = local.functions
          runtime  = lookup(each.value, "rt", "python3.10") #= python3.10
        }
        resource "aws_lambda_function" "set" {
          for_each = toset(["python3.11", "python3.12"]) #= python3.11 python3.12
          runtime  = each.key
        }
        resource "aws_lambda_function" "keys" {
          for_each = var.on ? { "python3.14" = "x" } : {} #= python3.14
          runtime  = each.key
        }
        resource "aws_lambda_function" "unknown" {
          for_each = var.unknown
          runtime  = "python3.7" #= python3.7
        }
    """,
}

#: Modules in which no Python runtime is in force.
SILENT = {
    "other languages and images": """
        resource "aws_lambda_function" "a" { runtime = "nodejs20.x" }
        resource "aws_lambda_function" "b" {
          package_type = "Image"
          runtime      = "python3.8"
        }
    """,
    "what is not in use": """
        variable "rt" { default = "python3.8" }
        locals { rt = "python3.8" }
        output "rt" { value = "python3.8" }
        data "aws_lambda_function" "a" { runtime = "python3.8" }
        resource "aws_lambda_function" "a" {
          environment { variables = { runtime = "python3.8" } }
          tags = { runtime = "python3.8" } # runtime = "python3.8"
          description = <<-EOT
            runtime = "python3.8"
          EOT
        }
        resource "aws_glue_job" "a" { runtime = "python3.8" }
    """,
    "what cannot be known": """
        variable "rt" { type = string }
        resource "aws_lambda_function" "a" { runtime = var.rt }
        resource "aws_lambda_function" "b" { runtime = "python${var.rt}" }
        resource "aws_lambda_function" "c" { runtime = module.x.runtime }
        resource "aws_lambda_function" "d" { runtime = each.value.rt }
        resource "aws_lambda_function" "e" { runtime = terraform.workspace }
        resource "aws_lambda_function" "f" { runtime = replace("python3.8", "8", "9") }
        resource "aws_lambda_function" "g" { runtime = [for x in ["python3.8"] : x][0] }
        resource "aws_lambda_function" "h" { runtime = local.missing.x[0] }
        resource "aws_lambda_function" "i" { runtime = "%{if var.rt}python3.8%{endif}" }
        resource "aws_lambda_function" "j" { runtime = "$${python3.8}" }
        resource "aws_lambda_function" "k" { runtime = null }
        resource "aws_lambda_function" "l" { runtime = var.rt == "python3.8" }
        resource "aws_lambda_layer_version" "m" { compatible_runtimes = var.rt }
        resource "aws_lambda_layer_version" "n" { compatible_runtimes = "python3.8" }
    """,
    "references that lead back to themselves": """
        locals {
          a = local.b
          b = "${local.a}"
          c = { x = local.c }
        }
        variable "v" { default = var.v }
        resource "aws_lambda_function" "a" { runtime = local.a }
        resource "aws_lambda_function" "b" { runtime = local.c.x.x.x.x }
        resource "aws_lambda_function" "c" { runtime = var.v }
    """,
    "no Lambda at all": """
        module "app" {
          source  = "./app"
          version = "python3.8"
        }
    """,
}


@pytest.mark.parametrize("text", RUNTIMES.values(), ids=RUNTIMES)
def test_runtimes(tmp_path, text):
    assert "#=" in text or "#~" in text
    assert_marked(tmp_path, "main.tf", text)


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_silent(tmp_path, text):
    assert_marked(tmp_path, "main.tf", text)


FUNCTION = 'resource "aws_lambda_function" "f" { runtime = var.rt }\n'

#: Values given in several files; the mark is the one in force.
FILES = {
    "a default in another file": {
        "main.tf": FUNCTION,
        "variables.tf": 'variable "rt" { default = "python3.8" } #= python3.8\n',
    },
    "a given value beats the default": {
        "main.tf": FUNCTION,
        "variables.tf": 'variable "rt" { default = "python3.8" }\n',
        "terraform.tfvars": 'rt = "python3.9" #= python3.9\n',
        "prod.tfvars": 'rt = "python3.6"\n',
    },
    "the last given value counts": {
        "main.tf": FUNCTION + 'variable "rt" {}\n',
        "terraform.tfvars": 'rt = "python3.8"\n',
        "a.auto.tfvars": 'rt = "python3.9"\n',
        "b.auto.tfvars": 'rt = "python3.10" #= python3.10\n',
    },
    "overriding files come last": {
        "main.tf": """
            resource "aws_lambda_function" "f" {
              handler = "a.run"
              runtime = "python3.8"
            }
        """,
        "a_override.tf": """
            resource "aws_lambda_function" "f" {
              runtime = "python3.9"
            }
        """,
        "override.tf": """
            resource "aws_lambda_function" "f" {
              runtime = "python3.10" #= python3.10
            }
        """,
    },
    "OpenTofu files stand for those of Terraform": {
        "main.tf": FUNCTION,
        "rt.tf": 'variable "rt" { default = "python3.8" }\n',
        "rt.tofu": 'variable "rt" { default = "python3.9" } #= python3.9\n',
    },
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_files_of_a_folder(tmp_path, files):
    assert "#=" in "".join(files.values())
    write(tmp_path, "main.tf", files)
    used = {"a_override.tf", "override.tf"} & set(files)
    assert_marked(tmp_path, "override.tf" if used else "main.tf", files)


def test_each_file_gives_what_is_used_or_written_in_it(tmp_path):
    files = {
        "main.tf": FUNCTION,
        "more.tf": FUNCTION.replace('"f"', '"g"').replace("var.rt", '"python3.12"'),
        "variables.tf": 'variable "rt" { default = "python3.8" }\n',
        "unused.tf": 'locals { a = "python3.8" }\n',
    }
    write(tmp_path, "main.tf", files)
    found = {
        name: [
            (x.identifier, x.place.path, x.used_at.path)
            for x in templates.read(str(tmp_path / name)).runtimes
        ]
        for name in files
    }
    main, more, variables = (
        str(tmp_path / name) for name in ("main.tf", "more.tf", "variables.tf")
    )
    assert found == {
        "main.tf": [("python3.8", variables, main)],
        "more.tf": [("python3.12", more, more)],
        "variables.tf": [("python3.8", variables, main)],
        "unused.tf": [],
    }


def test_json(tmp_path):
    text = """
        {
          "variable": {"rt": {"default": "python3.8"}},
          "locals": [{"h": "app.run"}],
          "data": {"archive_file": {"zip": {"source_dir": "${path.module}/src"}}},
          "resource": [{"aws_lambda_function": {"f": {
            "runtime": "${var.rt}", "handler": "${local.h}",
            "filename": "${data.archive_file.zip.output_path}"},
            "g": [{"runtime": "${var.x ? \\"python3.9\\" : \\"\\"}"}],
            "h": {"runtime": "$${python3.9} é"}}},
            {"aws_lambda_layer_version": {"l": {"compatible_runtimes": ["python3.10"]}}}],
          "module": {"m": {"source": "lambda", "runtime": "${"}}
        }
    """
    found = read(tmp_path, "main.tf.json", text)
    assert found.problems == ()
    lines = (tmp_path / "main.tf.json").read_text(encoding="utf-8").split("\n")
    assert [(use.identifier, use.place.line) for use in found.runtimes] == [
        ("python3.8", 2),
        ("python3.9", 8),
        ("python3.10", 10),
    ]
    for use in found.runtimes[::2]:
        assert lines[use.place.line - 1].startswith(use.identifier, use.place.column)
    assert handlers(tmp_path, found.declarations) == [
        "aws_lambda_function.f app.run python3.8 src"
    ]


#: Declared functions, one in a line: name, handler, runtimes, code.
DECLARATIONS = {
    "archives by reference": (
        """
        data "archive_file" "folder" {
          source_dir  = "${path.module}/src"
          output_path = "${path.module}/folder.zip"
        }
        data "archive_file" "file" {
          source_file = "${path.root}/one/app.py"
          output_path = "file.zip"
        }
        resource "archive_file" "made" { source_dir = "./made" }
        locals { zip = data.archive_file.folder.output_path }
        resource "aws_s3_object" "code" { source = data.archive_file.folder.output_path }
        resource "aws_lambda_function" "a" {
          handler  = "app.run"
          runtime  = "python3.12"
          filename = data.archive_file.folder.output_path
        }
        resource "aws_lambda_function" "b" {
          handler          = "app.run"
          filename         = "x.zip"
          source_code_hash = filebase64sha256(data.archive_file.file.output_path)
        }
        resource "aws_lambda_function" "c" {
          handler  = "app.run"
          filename = local.zip
        }
        resource "aws_lambda_function" "d" {
          handler   = "app.run"
          s3_bucket = "b"
          s3_key    = aws_s3_object.code.key
        }
        resource "aws_lambda_function" "e" {
          handler  = "app.run"
          filename = "${archive_file.made.output_path}"
        }
        """,
        [
            "aws_lambda_function.a app.run python3.12 src",
            "aws_lambda_function.b app.run - one/app.py",
            "aws_lambda_function.c app.run - src",
            "aws_lambda_function.d app.run - src",
            "aws_lambda_function.e app.run - made",
        ],
    ),
    "archives by the file they make": (
        """
        data "archive_file" "zip" {
          source_dir  = "src"
          output_path = "${path.module}/out.zip"
        }
        resource "aws_lambda_function" "a" {
          handler  = "app.run"
          filename = "./out.zip"
        }
        resource "aws_lambda_function" "b" {
          handler  = "app.run"
          filename = "other.zip"
        }
        """,
        ["aws_lambda_function.a app.run - src", "aws_lambda_function.b app.run - -"],
    ),
    "instances": (
        """
        locals { fns = { a = { h = "a.run" }, b = { h = "b.run" } } }
        data "archive_file" "zip" {
          for_each    = local.fns
          source_dir  = "src/${each.key}"
          output_path = "${each.key}.zip"
        }
        resource "aws_lambda_function" "many" {
          for_each = local.fns
          handler  = each.value.h
          filename = data.archive_file.zip[each.key].output_path
        }
        """,
        [
            "aws_lambda_function.many a.run - src/a",
            "aws_lambda_function.many b.run - src/b",
        ],
    ),
    "module blocks": (
        """
        module "a" {
          source      = "terraform-aws-modules/lambda/aws"
          runtime     = "python3.12"
          handler     = "app.run"
          source_path = "../src/a"
        }
        module "b" {
          source      = "terraform-aws-modules/lambda/aws"
          runtime     = var.rt
          handler     = "app.run"
          source_path = ["src/b", { path = "${path.module}/src/c", pip_requirements = true }]
        }
        module "c" {
          source         = "./own"
          lambda_runtime = "python3.13"
          handler        = "app.run"
        }
        module "d" {
          source  = "./server"
          handler = "app.run"
        }
        module "e" {
          source  = "./lambda"
          runtime = "nodejs20.x"
          handler = "app.run"
        }
        """,
        [
            "module.a app.run python3.12 ../src/a",
            "module.b app.run - src/b,src/c",
            "module.c app.run python3.13 -",
        ],
    ),
    "handlers by reference, and those that are not Python": (
        """
        variable "h" { default = "app.run" }
        resource "aws_lambda_function" "a" { handler = var.h }
        resource "aws_lambda_function" "b" { handler = var.none }
        resource "aws_lambda_function" "c" { handler = "bootstrap" }
        resource "aws_lambda_function" "d" { handler = "com.x.Y::run" }
        resource "aws_lambda_function" "e" {
          handler = "a.run"
          runtime = "nodejs20.x"
        }
        """,
        ["aws_lambda_function.a app.run - -"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), DECLARATIONS.values(), ids=DECLARATIONS)
def test_declarations(tmp_path, text, expected):
    folder = tmp_path / "infra"
    found = read(folder, "main.tf", text)
    assert found.problems == ()
    actual = [
        " ".join(
            [
                x.resource,
                x.handler,
                ",".join(use.identifier for use in x.runtimes) or "-",
                ",".join(_relative(folder, path) for path in x.code) or "-",
            ]
        )
        for x in found.declarations
    ]
    assert actual == expected


def _relative(folder, path):
    inside = path.removeprefix(f"{folder}/")
    return inside.replace(str(folder.parent), "..")


def test_every_field(tmp_path):
    text = (
        'resource "aws_lambda_function" "f" {\n  runtime = %s\n  handler = "a.run"\n}\n'
    )
    found = read(
        tmp_path,
        "main.tf",
        {
            "main.tf": text % "var.rt",
            "variables.tf": 'variable "rt" {\n  default = "python3.12"\n}\n',
        },
    )
    main, variables = str(tmp_path / "main.tf"), str(tmp_path / "variables.tf")
    (use,) = found.runtimes
    name = "aws_lambda_function.f"
    places = (variables, 2, 13), (main, 2, 12)
    assert use == ("python3.12", *places, name, "function", "", ())
    assert found.declarations == (
        ("terraform", name, "a.run", (main, 3, 13), (), (use,), (), *[False] * 3),
    )


def test_broken_file_is_one_problem_and_the_rest_is_read(tmp_path):
    files = {
        "broken.tf": """
            resource "aws_lambda_function" "whole" { runtime = "python3.8" }
            resource "aws_lambda_function" "torn" {
              runtime "python3.9"
            }
        """,
        "main.tf": FUNCTION.replace("var.rt", '"python3.10"'),
        "other.tf": 'resource "aws_s3_bucket" {',
    }
    broken = read(tmp_path, "broken.tf", files)
    assert [tuple(problem) for problem in broken.problems] == [
        ((str(tmp_path / "broken.tf"), 3, 21), "is not valid Terraform: `{` is missing")
    ]
    assert [use.identifier for use in broken.runtimes] == ["python3.8"]
    whole = templates.read(str(tmp_path / "main.tf"))
    assert [use.identifier for use in whole.runtimes] == ["python3.10"]
    assert whole.problems == ()
    assert templates.read(str(tmp_path / "other.tf")).problems == ()


def test_unclosed_block(tmp_path):
    found = read(tmp_path, "main.tf", 'resource "aws_lambda_function" "f" {\n')
    assert [tuple(problem) for problem in found.problems] == [
        ((str(tmp_path / "main.tf"), 1, 36), "is not valid Terraform: `}` is missing")
    ]


#: Syntax that the grammar must know: a gap would be a false alarm.
SYNTAX = [
    '"${~var.a~}"',
    '"%{ for a in var.b ~}x${a}%{ endfor ~}"',
    '"$${x} %%{y} 100% $"',
    "[for k, v in var.a : { (k) = v } if v != null]",
    "{ for k, v in var.a : k => v... }",
    "var.a[*].b",
    "var.a.*.b",
    "var.a.0.b",
    "provider::aws::arn_parse(var.a).region",
    "f(var.a...)",
    "!var.a && -1 < 2 || (3 % 4) >= 5",
    '<<-EOT\n  %{ if var.a }\n  ${var.b} "x" $(y)\n  %{ endif }\n  EOT',
    '{ a : 1, (var.b) = 2, "${var.c}" = 3, "d e" = 4 }',
    'jsonencode({ a = [{ b = "c" }] })',
    "[1, 2, ] # c",
    "/* c */ null // d",
]


@pytest.mark.parametrize("expression", SYNTAX)
def test_syntax_is_known(tmp_path, expression):
    text = f"locals {{\n  x = {expression}\n}}\n{FUNCTION}"
    assert read(tmp_path, "main.tf", text).problems == ()


def test_links_and_folders_do_not_hide_the_rest(tmp_path):
    path = write(tmp_path, "main.tf", FUNCTION.replace("var.rt", '"python3.8"'))
    (tmp_path / "folder.tf").mkdir()
    (tmp_path / "circle.tf").symlink_to("circle.tf")
    (tmp_path / "dangling.tf").symlink_to("nowhere")
    found = templates.read(str(path))
    assert len(found.runtimes) == 1
    assert found.problems == ()
    for name in ("circle.tf", "dangling.tf"):
        (problem,) = templates.read(str(tmp_path / name)).problems
        assert problem.place == (str(tmp_path / name), 1, 0)


def test_two_blocks_of_one_name_both_count(tmp_path):
    text = "".join(
        FUNCTION.replace("var.rt", f'"{x}"') for x in ("python3.8", "python3.9")
    )
    found = read(tmp_path, "main.tf", text)
    assert [use.identifier for use in found.runtimes] == ["python3.8", "python3.9"]


def _chain(last: int, functions: list[int]) -> str:
    links = "".join(f"  l{i} = local.l{i - 1}\n" for i in range(1, last + 1))
    blocks = "".join(
        f'resource "aws_lambda_function" "f{i}" {{\n'
        f'  runtime = local.l{i}\n  handler = "app.f"\n}}\n'
        for i in functions
    )
    return f'locals {{\n  l0 = "python3.8"\n{links}}}\n{blocks}'


@pytest.mark.parametrize("functions", [[3, 60], [60, 3], [400, 3, 60], [3, 60, 400]])
def test_long_ways_hide_nothing_in_any_order(tmp_path, functions):
    found = read(tmp_path, "main.tf", _chain(max(functions), functions))
    resources = {declaration.resource for declaration in found.declarations}
    assert resources == {f"aws_lambda_function.f{i}" for i in functions}
    assert all(len(one.runtimes) == 1 for one in found.declarations)


CIRCLE = """
locals {
  a = var.x ? local.b : "python3.7"
  b = var.x ? local.c : local.d
  c = local.a
  d = local.b
  e = var.x ? local.a : "python3.8"
}
"""


@pytest.mark.parametrize("order", ["abcde", "edcba", "dacbe", "cebad"])
def test_what_leads_back_to_itself_stands_for_nothing_in_any_order(tmp_path, order):
    blocks = "".join(FUNCTION.replace("var.rt", f"local.{name}") for name in order)
    found = read(tmp_path, "main.tf", CIRCLE + blocks)
    assert [use.identifier for use in found.runtimes] == ["python3.8"]


def test_files_of_opentofu_come_before_those_of_terraform(tmp_path):
    text = 'resource "aws_lambda_function" "%s" { runtime = "python3.8" }\n'
    files = {
        "main.tf": text % "old",
        "main.tofu": text % "new",
        "more.tf": text % "more",
        "other.tofu": text % "other",
    }
    names = {
        use.resource.partition(".")[2]
        for name in files
        for use in read(tmp_path, name, files).runtimes
    }
    assert names == {"new", "more", "other"}
