"""Reading any file: what is no template, what is broken, and what is hostile."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from template_marks import read
from template_marks import write

from flake8_lambda_handler import templates
from flake8_lambda_handler.model import Template

SAM = """\
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.run, Runtime: python3.8}
"""
SERVERLESS = """\
service: x
provider: {name: aws, runtime: python3.8}
functions: {a: {handler: app.run}}
"""
TERRAFORM = """\
resource "aws_lambda_function" "a" {
  runtime = "python3.8"
  handler = "app.run"
}
"""
JSON = """\
{"Resources": {"A": {"Type": "AWS::Lambda::Function",
 "Properties": {"Handler": "app.run", "Runtime": "python3.8"}}}}
"""
GOOD = {"a.yaml": SAM, "b.yml": SERVERLESS, "c.tf": TERRAFORM, "d.json": JSON}


def places(found):
    return [(use.identifier, *use.place[1:]) for use in found.runtimes]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["UTF-8 with a mark", "UTF-16 LE", "UTF-16 BE", "CRLF"],
)
@pytest.mark.parametrize("name", GOOD)
def test_encodings_make_no_difference(tmp_path, name, encode):
    plain = read(tmp_path / "plain", name, {name: GOOD[name]})
    path = write(tmp_path, name, "")
    path.write_bytes(encode(GOOD[name]))
    found = templates.read(str(path))
    assert found.problems == ()
    assert places(found) == places(plain) != []
    assert len(found.declarations) == 1


@pytest.mark.parametrize("name", GOOD)
def test_lines_end_where_editors_end_them(tmp_path, name):
    heads = {"a.yaml": 'x: "%s"\n', "b.yml": 'x: "%s"\n', "c.tf": "# %s\n"}
    head = heads.get(name, "\n").replace("%s", "\u2028 \x85 é")
    path = write(tmp_path, name, "")
    path.write_bytes((head + GOOD[name]).encode())
    lines = (head + GOOD[name]).split("\n")
    found = templates.read(str(path))
    assert found.problems == ()
    ((_, line, column),) = places(found)
    assert lines[line - 1].startswith("python3.8", column)


#: Bytes that are no template text, and the one line that says so.
BROKEN = {
    "Latin-1": (
        "é".encode("latin-1"),
        "is not UTF-8 text (byte 0xe9); save it as UTF-8",
    ),
    "NUL": (b"\0", "holds a NUL character; save it as UTF-8 text"),
}


@pytest.mark.parametrize(("data", "text"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", GOOD)
def test_text_that_is_none(tmp_path, name, data, text):
    path = write(tmp_path, name, "")
    path.write_bytes(GOOD[name].encode() + b"# " + data)
    found = templates.read(str(path))
    assert found.runtimes == found.declarations == ()
    line = GOOD[name].count("\n") + 1
    assert [tuple(x) for x in found.problems] == [((str(path), line, 2), text)]


def test_utf_16_without_a_mark(tmp_path):
    path = write(tmp_path, "any.yaml", "")
    path.write_bytes(SAM.encode("utf-16-le"))
    (problem,) = templates.read(str(path)).problems
    assert problem.text == "holds a NUL character; save it as UTF-8 text"


#: Text that cannot be parsed: name, text, line, problem.
UNPARSABLE = {
    "YAML": (
        "a.yaml",
        SAM + "x: y: z\n",
        5,
        "is not valid YAML: mapping values are not allowed in this context",
    ),
    "tab": (
        "a.yaml",
        SAM + "\tx: y\n",
        5,
        "is not valid YAML: a tab indents the line; use spaces",
    ),
    "unknown anchor": (
        "a.yaml",
        SAM + "x: *y\n",
        5,
        "is not valid YAML: no anchor for `*y`",
    ),
    "control character": (
        "a.yaml",
        SAM + "x: é\x07\n",
        5,
        "is not valid YAML: control characters are not allowed",
    ),
    "Jinja": (
        "template.yaml",
        SAM + "{% if x %}\n",
        5,
        "is not YAML but a template of a template (such as Jinja); "
        "check what it renders",
    ),
    "Jinja in JSON": (
        "a.json",
        JSON.replace("}}}}", "}}}{% if x %}}"),
        2,
        "is not JSON but a template of a template (such as Jinja); "
        "check what it renders",
    ),
    "JSON": (
        "a.json",
        JSON.replace('"app.run",', '"app.run"'),
        2,
        "is not valid JSON: expecting ',' delimiter",
    ),
    "Serverless": (
        "any.yml",
        SERVERLESS.replace("{", "[").replace("functions: ", "functions:\n"),
        2,
        "is not valid YAML: did not find expected ',' or ']'",
    ),
    "no sign of Lambda, but the name of a template": (
        "template.yaml",
        "a: b: c\n",
        1,
        "is not valid YAML: mapping values are not allowed in this context",
    ),
    "no sign of Lambda, but the framework's name": (
        "serverless.yml",
        "a: b: c\n",
        1,
        "is not valid YAML: mapping values are not allowed in this context",
    ),
}


@pytest.mark.parametrize(
    ("name", "text", "line", "problem"), UNPARSABLE.values(), ids=UNPARSABLE
)
def test_one_problem_says_what_and_where(tmp_path, name, text, line, problem):
    found = read(tmp_path, name, text)
    assert [(x.place.path, x.place.line, x.text) for x in found.problems] == [
        (str(tmp_path / name), line, problem)
    ]
    assert "\n" not in problem and len(problem) < 90


#: Files that are none of our business, parsable or not.
SILENT = {
    "Helm chart": (
        "values.yaml",
        "a: {{ .Values.a }}\n{{- if .b }}\nc: d\n{{ end }}\n",
    ),
    "broken YAML": ("x.yml", "a: b: c\n"),
    "broken JSON": ("package.json", '{"a": 1,}'),
    "comments in JSON": ("tsconfig.json", '// x\n{"a": 1}'),
    "prose about Lambda": ("x.yaml", "text: {{ AWS::Lambda::Function }\n"),
    "empty": ("template.yaml", ""),
    "comment": ("template.yaml", "# nothing\n"),
    "scalar": ("template.yaml", "AWS::Lambda::Function Resources\n"),
    "list": ("template.yaml", "- {Resources: {}, Type: AWS::Lambda::Function}\n"),
    "null": ("template.json", "null"),
    "other provider": ("x.tf", 'resource "google_cloudfunctions_function" "f" {'),
    "no template name": ("x.toml", SAM),
}


@pytest.mark.parametrize(("name", "text"), SILENT.values(), ids=SILENT)
def test_silent(tmp_path, name, text):
    assert read(tmp_path, name, text) == Template(str(tmp_path / name))


NODE = """\
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: hello/
      Handler: app.run
      Runtime: nodejs20.x
"""
RUST = """\
resource "aws_lambda_function" "a" {
  runtime = "provided.al2023"
  handler = "bootstrap"
}
"""
SOURCE = " but a template of a template (such as Jinja); check what it renders"

#: Templates of templates that are not for Python: name and text.
FOREIGN = {
    "Jinja": ("template.yaml", NODE + "{% if tracing %}\n"),
    "cookiecutter": (
        "template.yaml",
        "{%- if cookiecutter.x == 'y' %}\n" + NODE.replace("hello", "{{ hello }}"),
    ),
    "ERB": ("a.yaml", NODE + "<% functions.each do |f| %>\n"),
    "Go": ("a.yml", "{{- if .Values.function }}\n" + NODE + "{{ end }}\n"),
    "JSON": ("a.json", JSON.replace("python3.8", "java21").replace("}}}}", "}{%%}}}}")),
    "Serverless": (
        "serverless.yml",
        "{% set x %}\n" + SERVERLESS.replace("python3.8", "go1.x"),
    ),
    "Terraform": ("a.tf", RUST + "{% if tracing %}\n"),
    "a handler without its file": ("a.yaml", NODE + "{% if x %}\n"),
    "a text that speaks of Python": ("a.yaml", NODE + "{% if python %} # python3\n"),
}
#: Those that are: what names something of Python, and the language.
OURS = {
    "Jinja": ("template.yaml", SAM + "{% if tracing %}\n", "YAML"),
    "cookiecutter": (
        "template.yaml",
        NODE.replace("nodejs20.x", '{% if x %}"python3.9"{% endif %}'),
        "YAML",
    ),
    "ERB": ("a.yaml", SAM + "<% functions.each do |f| %>\n", "YAML"),
    "Go": ("a.yml", "{{- if .Values.function }}\n" + SAM + "{{ end }}\n", "YAML"),
    "JSON": ("a.json", JSON.replace("}}}}", "}{%%}}}}"), "JSON"),
    "Serverless": ("serverless.yml", "{% set x %}\n" + SERVERLESS, "YAML"),
    "Terraform": ("a.tf", TERRAFORM + "{% if tracing %}\n", "Terraform"),
    "a handler whose file is there": (
        "a.yaml",
        NODE.replace("app.run", "orders.run") + "{% if x %}\n",
        "YAML",
    ),
    "a handler with its folder": (
        "a.yaml",
        NODE.replace("app.run", "{{ root }}/hello/orders.run") + "{% if x %}\n",
        "YAML",
    ),
}


@pytest.mark.parametrize(("name", "text"), FOREIGN.values(), ids=FOREIGN)
def test_template_of_a_template_for_another_language_is_silent(tmp_path, name, text):
    files = {name: text, "hello/orders.py": "", "hello/app.js": ""}
    assert read(tmp_path, name, files).problems == ()


@pytest.mark.parametrize(("name", "text", "language"), OURS.values(), ids=OURS)
def test_template_of_a_template_for_python_is_one(tmp_path, name, text, language):
    files = {name: text, "hello/orders.py": "", "hello/app.js": ""}
    (problem,) = read(tmp_path, name, files).problems
    assert problem.text == f"is not {language}{SOURCE}"


def test_reference_of_cloudformation_is_no_mark(tmp_path):
    text = NODE + "x: '{{resolve:ssm:name}}'\ny: z: 1\n"
    (problem,) = read(tmp_path, "a.yaml", text).problems
    assert problem.text.startswith("is not valid YAML: ")


def test_many_marks_cost_little(tmp_path):
    text = NODE + "handler: " + "a." * 200_000 + "\n" + "{{" * 200_000
    assert read(tmp_path, "a.yaml", text).problems == ()


def test_placeholder_is_no_value(tmp_path):
    found = read(tmp_path, "a.yaml", SAM.replace("python3.8", "{{ runtime }}"))
    assert found.runtimes == found.problems == ()


DEEP = 100_000

#: Hostile text; all of it ends at once, with at most one problem.
HOSTILE = {
    "open brackets in YAML": ("a.yaml", SAM + "x: " + "[" * DEEP, 1),
    "brackets in YAML": ("a.yaml", SAM + "x: " + "[" * DEEP + "]" * DEEP, 1),
    "mappings in YAML": ("a.yaml", SAM + "x: " + "{a: " * DEEP, 1),
    "lists in YAML": ("a.yaml", SAM + "x:\n  " + "- " * DEEP, 1),
    "brackets alone": ("template.yaml", "[" * DEEP, 1),
    "open brackets in JSON": ("a.json", JSON[:-3] + ', "x": ' + "[" * DEEP, 1),
    "brackets in JSON": (
        "a.json",
        JSON[:-2] + ', "x": ' + "[" * DEEP + "]" * DEEP + "}",
        1,
    ),
    "open brackets in Terraform": ("a.tf", TERRAFORM + "x = " + "[" * DEEP, 1),
    "brackets in Terraform": (
        "a.tf",
        TERRAFORM + "locals {\n x = " + "[" * DEEP + "]" * DEEP + "\n}\n",
        0,
    ),
    "blocks in Terraform": ("a.tf", TERRAFORM + "a {\n" * DEEP + "}\n" * DEEP, 0),
    "laughs": (
        "a.yaml",
        "a0: &a0 [x]\n"
        + "".join(f"a{i}: &a{i} [{f'*a{i - 1},' * 9}]\n" for i in range(1, 40))
        + SAM,
        0,
    ),
    "laughing conditions": (
        "a.yaml",
        "a0: &a0 !If [c, python3.8, python3.9]\n"
        + "".join(f"a{i}: &a{i} !If [c, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
        + SAM.replace("python3.8", "*a39"),
        0,
    ),
    "laughing text": (
        "a.yaml",
        "a0: &a0 python3.8\n"
        + "".join(
            f'a{i}: &a{i} !Sub ["${{v}}${{v}}", {{v: *a{i - 1}}}]\n'
            for i in range(1, 40)
        )
        + SAM.replace("python3.8", "*a39"),
        0,
    ),
    "laughing locals": (
        "a.tf",
        'locals {\n  x0 = "python3.8"\n'
        + "".join(
            f'  x{i} = "${{local.x{i - 1}}}${{local.x{i - 1}}}"\n' for i in range(1, 40)
        )
        + "}\n"
        + TERRAFORM.replace('"python3.8"', "local.x39"),
        0,
    ),
    "merge keys in a chain": (
        "a.yaml",
        "m0: &m0 {k: v}\n"
        + "".join(f"m{i}: &m{i} {{<<: *m{i - 1}, k{i}: v}}\n" for i in range(1, 5000))
        + SAM.replace("{Handler", "{<<: *m4999, Handler"),
        0,
    ),
    "merge keys in a circle": (
        "a.yaml",
        SAM.replace("{Handler", "&p {<<: [*p, *p], Handler"),
        0,
    ),
    "alias of its own parent": (
        "a.yaml",
        SAM.replace("Resources:", "Resources: &r") + "  B: *r\n",
        0,
    ),
    "long line": ("a.yaml", SAM + "x: " + "y" * 3_000_000 + "\n", 0),
    "variables in variables": (
        "serverless.yml",
        SERVERLESS.replace("python3.8", f"'{'${self:a.' * 300}'"),
        0,
    ),
    "loops in loops": (
        "a.yaml",
        "Resources:\n"
        + "".join(
            f"{'    ' * i}  Fn::ForEach::L{i}:\n{'    ' * i}  - V{i}\n"
            f"{'    ' * i}  - [{'x, ' * 100}]\n{'    ' * i}  -\n"
            for i in range(8)
        )
        + f"{'    ' * 8}  A: {{Type: AWS::Lambda::Function}}\n",
        0,
    ),
    "many branches": (
        "a.tf",
        "locals {\n  x = "
        + 'var.a ? "python3.8" : ' * 5000
        + "null\n}\n"
        + TERRAFORM.replace('"python3.8"', "local.x"),
        0,
    ),
}


@pytest.mark.parametrize(("name", "text", "problems"), HOSTILE.values(), ids=HOSTILE)
def test_hostile(tmp_path, name, text, problems):
    (tmp_path / name).write_bytes(text.encode())
    # A process of its own: some of these used to kill the process.
    script = (
        "import sys; from flake8_lambda_handler import templates\n"
        "found = templates.read(sys.argv[1])\n"
        "print(len(found.problems), len(found.runtimes))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert int(ended.stdout.split()[0]) == problems


def test_laughing_conditions_keep_their_branches(tmp_path):
    _, text, _ = HOSTILE["laughing conditions"]
    found = read(tmp_path, "a.yaml", text)
    assert [use.identifier for use in found.runtimes] == ["python3.8", "python3.9"]


def test_what_comes_before_a_broken_document_counts(tmp_path):
    found = read(tmp_path, "a.yaml", SAM + "---\na: b: c\n")
    assert places(found) == [("python3.8", 4, 44)]
    assert [problem.place.line for problem in found.problems] == [6]


#: What can stand where a template is expected: how it is made, and the problem.
def _folder(path):
    path.mkdir()


def _dangling(path):
    path.symlink_to("nowhere")


def _circle(path):
    path.symlink_to(path.name)


def _pipe(path):
    os.mkfifo(path)


def _missing(path):
    pass


def _huge(path):
    path.touch()
    os.truncate(path, 17 * 1024 * 1024)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (_folder, "is a folder, not a file"),
        (_dangling, "is a symbolic link that leads nowhere"),
        (_circle, "is a symbolic link that leads nowhere"),
        (_pipe, "is not a regular file"),
        (_missing, "cannot be opened: no such file or directory"),
        (_huge, "is larger than 16 MB; too large for a template"),
    ],
)
@pytest.mark.parametrize("name", ["template.yaml", "serverless.yml", "template.json"])
def test_what_is_no_file(tmp_path, name, make, text):
    path = tmp_path / name
    make(path)
    found = templates.read(str(path))
    assert [tuple(x) for x in found.problems] == [((str(path), 1, 0), text)]


@pytest.mark.parametrize("name", ["any.yaml", "any.json", "main.tf"])
def test_folder_with_the_suffix_of_a_template(tmp_path, name):
    (tmp_path / name).mkdir()
    assert templates.read(str(tmp_path / name)).problems == ()


@pytest.mark.parametrize("name", ["any.yaml", "any.json", "main.tf"])
@pytest.mark.parametrize("make", [_dangling, _circle, _missing])
def test_what_cannot_be_opened(tmp_path, name, make):
    make(tmp_path / name)
    assert len(templates.read(str(tmp_path / name)).problems) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the super-user may read every file")
def test_no_permission(tmp_path):
    path = write(tmp_path, "any.yaml", SAM)
    path.chmod(0)
    (problem,) = templates.read(str(path)).problems
    assert problem.text == "cannot be opened: permission denied"


@pytest.mark.parametrize("name", GOOD)
def test_read_again_when_it_changed(tmp_path, name):
    path = write(tmp_path, name, GOOD[name])
    assert places(templates.read(str(path)))[0][0] == "python3.8"
    assert templates.read(str(path)) is not None
    path.write_text(GOOD[name].replace("python3.8", "python3.12"))
    assert places(templates.read(str(path)))[0][0] == "python3.12"
    path.unlink()
    assert len(templates.read(str(path)).problems) == 1


def test_read_again_when_a_file_beside_it_changed(tmp_path):
    files = {
        "main.tf": TERRAFORM.replace('"python3.8"', "var.rt"),
        "rt.tf": 'variable "rt" {}\n',
    }
    path = write(tmp_path, "main.tf", files)
    assert templates.read(str(path)).runtimes == ()
    (tmp_path / "rt.tf").write_text('variable "rt" { default = "python3.8" }\n')
    assert len(templates.read(str(path)).runtimes) == 1
    (tmp_path / "terraform.tfvars").write_text('rt = "python3.10"\n')
    assert places(templates.read(str(path)))[0][0] == "python3.10"


def test_read_again_when_an_included_file_changed(tmp_path):
    files = {
        "serverless.yml": SERVERLESS.replace("python3.8", "'${file(rt.yml):rt}'"),
        "rt.yml": "rt: python3.8\n",
    }
    path = write(tmp_path, "serverless.yml", files)
    assert places(templates.read(str(path)))[0][0] == "python3.8"
    (tmp_path / "rt.yml").write_text("rt: python3.10\n")
    assert places(templates.read(str(path)))[0][0] == "python3.10"
    (tmp_path / "rt.yml").unlink()
    assert templates.read(str(path)).runtimes == ()


def test_each_file_of_a_folder_is_opened_once(tmp_path, monkeypatch):
    names = [f"f{number}.tf" for number in range(20)]
    for number, name in enumerate(names):
        write(tmp_path, name, TERRAFORM.replace('"a"', f'"f{number}"'))
    opened = []
    monkeypatch.setattr(
        "builtins.open", lambda path, *rest: opened.append(path) or _open(path, *rest)
    )
    for name in names:
        assert len(templates.read(str(tmp_path / name)).runtimes) == 1
    assert sorted(opened) == sorted(str(tmp_path / name) for name in names)


_open = open


@pytest.mark.parametrize(
    ("name", "loads"),
    [
        ("a.yaml", "yaml"),
        ("c.tf", "tree_sitter_hcl"),
        ("d.json", "tree_sitter_json"),
    ],
)
def test_parsers_are_loaded_for_templates_only(tmp_path, name, loads):
    write(tmp_path, name, GOOD[name])
    write(tmp_path, f"other/{name}", "x\n")
    script = (
        "import sys; from flake8_lambda_handler import templates\n"
        "parsers = {'yaml', 'tree_sitter', 'tree_sitter_hcl', 'tree_sitter_json'}\n"
        "templates.read(sys.argv[1]); print(*parsers & set(sys.modules))\n"
        "templates.read(sys.argv[2]); print(*parsers & set(sys.modules))\n"
    )
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            script,
            str(tmp_path / "other" / name),
            str(tmp_path / name),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    before, after = ended.stdout.split("\n")[:2]
    assert before == ""
    assert set(after.split()) - {"tree_sitter"} == {loads}


def test_without_the_c_parser(tmp_path, monkeypatch):
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    found = read(
        tmp_path, "a.yaml", "# é😀\n" + SAM.replace("python", "!!str &a python")
    )
    assert places(found) == [("python3.8", 5, 53)]
    found = read(tmp_path, "b.yaml", SAM + "x: é\x07\n")
    assert [(x.place.line, x.place.column) for x in found.problems] == [(5, 4)]


@pytest.mark.parametrize(
    "name",
    [
        "template.yaml",
        "x.yml",
        "x.json",
        "x.template",
        "main.tf",
        "x.tofu",
        "x.tf.json",
    ],
)
def test_template_names(name):
    assert templates.is_template_name(name)


@pytest.mark.parametrize(
    "name",
    ["app.py", "README.md", "template.yaml.jinja", "yaml", "tf", "x.tfstate", ""],
)
def test_other_names(name):
    assert not templates.is_template_name(name)


#: One value that several functions use: files, where it is written, and the functions.
SHARED = {
    "SAM globals": (
        {
            "template.yaml": """
                Globals: {Function: {Runtime: python3.8}}
                Resources:
                  A: {Type: AWS::Serverless::Function}
                  B: {Type: AWS::Serverless::Function}
                  C: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13}}
            """
        },
        ("template.yaml", 1),
        ["A", "B"],
    ),
    "a parameter": (
        {
            "template.yaml": """
                Parameters: {P: {Type: String, Default: python3.8}}
                Resources:
                  A: {Type: AWS::Serverless::Function, Properties: {Runtime: !Ref P}}
                  B: {Type: AWS::Serverless::Function, Properties: {Runtime: !Ref P}}
                  C: {Type: AWS::Serverless::Function, Properties: {Runtime: !Ref P}}
            """
        },
        ("template.yaml", 1),
        ["A", "B", "C"],
    ),
    "a loop": (
        {
            "template.yaml": """
                Resources:
                  Fn::ForEach::F:
                  - V
                  - [X, Y]
                  - F${V}:
                      Type: AWS::Lambda::Function
                      Properties: {Runtime: python3.8, Handler: a.b}
            """
        },
        ("template.yaml", 7),
        ["FX", "FY"],
    ),
    "a provider": (
        {
            "serverless.yml": """
                provider: {name: aws, runtime: python3.8}
                functions:
                  a: {handler: a.b}
                  b: {handler: a.c}
                  c: {handler: a.d, runtime: python3.13}
            """
        },
        ("serverless.yml", 1),
        ["a", "b"],
    ),
    "a variable in another file": (
        {
            "main.tf": """
                resource "aws_lambda_function" "a" { runtime = var.runtime }
            """,
            "more.tf": """
                resource "aws_lambda_function" "b" { runtime = var.runtime }
            """,
            "variables.tf": """
                variable "runtime" { default = "python3.8" }
            """,
        },
        ("variables.tf", 1),
        ["aws_lambda_function.a", "aws_lambda_function.b"],
    ),
}


@pytest.mark.parametrize(("files", "place", "users"), SHARED.values(), ids=SHARED)
def test_a_shared_value_names_its_users_in_every_file(tmp_path, files, place, users):
    for name in files:
        found = read(tmp_path, name, files)
        old = [use for use in found.runtimes if use.identifier == "python3.8"]
        (use,) = old
        assert (os.path.basename(use.place.path), use.place.line) == place
        assert list(use.users) == users


@pytest.mark.parametrize("name", GOOD)
def test_a_value_of_one_function_names_nobody(tmp_path, name):
    (use,) = read(tmp_path, name, {name: GOOD[name]}).runtimes
    assert use.users == ()
