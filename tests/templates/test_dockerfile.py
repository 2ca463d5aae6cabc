"""Dockerfiles: the runtimes of their images, the handlers, and what is copied there."""

from __future__ import annotations

import re
import textwrap

import pytest
from support import assert_marked as assert_findings
from support import project
from support import run
from template_marks import handlers
from template_marks import read

#: A comment that names the runtimes of the next line, each as it is written there.
_MARK = re.compile(r"^#= (.*)\n(.*)$", re.M)

#: Dockerfiles with the runtimes in force: `#= identifier written`, above the line.
RUNTIMES = {
    "AWS's image": """
        #= python3.8 3.8
        FROM public.ecr.aws/lambda/python:3.8
    """,
    "other places of it": """
        #= python3.8 3.8
        FROM 123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/lambda/python:3.8 AS a
        #= python3.9 3.9
        FROM amazon/aws-lambda-python:3.9 AS b
        #= python3.10 3.10
        FROM docker.io/amazon/aws-lambda-python:3.10 AS c
        FROM scratch
        COPY --from=a / /
        COPY --from=b / /
        COPY --from=2 / /
    """,
    "architectures, days and digests": """
        #= python3.8 3.8-arm64
        FROM public.ecr.aws/lambda/python:3.8-arm64 AS a
        #= python3.9 3.9.2023.01.01.12
        FROM public.ecr.aws/lambda/python:3.9.2023.01.01.12 AS b
        #= python3.10 3.10@sha256:0123abcd
        FROM public.ecr.aws/lambda/python:3.10@sha256:0123abcd AS c
        FROM a
        RUN --mount=type=bind,from=b,target=/b --mount=from=c,target=/c true
    """,
    "build images": """
        #= python3.8 python3.8
        FROM public.ecr.aws/sam/build-python3.8 AS a
        #= python3.9 python3.9
        FROM public.ecr.aws/sam/build-python3.9:latest-x86_64 AS b
        #= python3.10 python3.10:1.103.0-20231116224730
        FROM public.ecr.aws/sam/build-python3.10:1.103.0-20231116224730 AS c
        #= python3.7 lambci/lambda:build-python3.7
        FROM lambci/lambda:build-python3.7 AS d
        #= python3.6 amazon/aws-sam-cli-build-image-python3.6:latest
        FROM amazon/aws-sam-cli-build-image-python3.6:latest AS e
        #= python3.9 mlupin/docker-lambda:python3.9-build
        FROM mlupin/docker-lambda:python3.9-build AS f
        FROM scratch
        COPY --from=a /a /
        COPY --chown=1 --from=b /a /
        COPY --from=C /a /
        ADD --from=d /a /
        COPY --from=e /a /
        COPY --from=f /a /
    """,
    "arguments": """
        #= python3.8 3.8
        ARG PYTHON="3.8"
        ARG AGAIN=$PYTHON ALIAS=base
        FROM --platform=$BUILDPLATFORM public.ecr.aws/lambda/python:${AGAIN} AS base
        FROM ${ALIAS}
    """,
    "arguments with a tail": """
        #= python3.8 3.8
        ARG PYTHON=3.8
        ARG ARCH=x86_64
        FROM public.ecr.aws/lambda/python:${PYTHON}-${ARCH}
    """,
    "arguments that make a day": """
        ARG PYTHON=3.8
        #= python3.8 public.ecr.aws/lambda/python:${PYTHON}.2023.01.01
        FROM public.ecr.aws/lambda/python:${PYTHON}.2023.01.01
    """,
    "arguments in the middle": """
        ARG MINOR=8
        #= python3.8 public.ecr.aws/lambda/python:3.$MINOR
        FROM public.ecr.aws/lambda/python:3.$MINOR
    """,
    "the whole image": """
        #= python3.8 3.8
        ARG BASE=public.ecr.aws/lambda/python:3.8
        FROM $BASE
    """,
    "a fallback": """
        ARG PYTHON
        #= python3.8 3.8
        FROM public.ecr.aws/lambda/python:${PYTHON:-3.8}
    """,
    "small letters, continuations, comments": """
        # syntax=docker/dockerfile:1

          # a comment
        from \\
        # and one in between
            --platform=linux/arm64 \\
        #= python3.8 3.8
            public.ecr.aws/lambda/python:3.8 \\
            as base
    """,
    "another escape": """
        # escape=`
        FROM --platform=windows `
        #= python3.8 3.8
          public.ecr.aws/lambda/python:3.8
    """,
    "texts that come along": """
        FROM python:3.12 AS other
        RUN <<A cat && <<-"B" cat
        FROM public.ecr.aws/lambda/python:3.6
        A
        \tB
        COPY <<EOF /there
        FROM public.ecr.aws/lambda/python:3.6
        EOF
        #= python3.8 3.8
        FROM public.ecr.aws/lambda/python:3.8
    """,
}

#: Dockerfiles that declare nothing for Lambda.
SILENT = {
    "look-alikes": """
        FROM ghcr.io/astral-sh/uv:python3.8 AS lambda
        FROM python:3.8 AS a
        FROM python3.8 AS b
        FROM public.ecr.aws/docker/library/python:3.8
        COPY --from=a /lambda /lambda
        COPY --from=b /lambda /lambda
        COPY --from=lambda /lambda /lambda
        ENV IMAGE=public.ecr.aws/lambda/python:3.8
        LABEL base=public.ecr.aws/lambda/python:3.8
        RUN docker pull public.ecr.aws/lambda/python:3.8
        ONBUILD FROM public.ecr.aws/lambda/python:3.8
        CMD ["app.handler"]
    """,
    "no version": """
        FROM public.ecr.aws/lambda/python
        FROM public.ecr.aws/lambda/python:latest
        FROM public.ecr.aws/lambda/python:3
        FROM public.ecr.aws/lambda/python@sha256:0123
        FROM lambci/lambda-base:build
        FROM public.ecr.aws/lambda/provided:al2023
        FROM public.ecr.aws/lambda/nodejs:18
    """,
    "what cannot be known": """
        ARG PYTHON
        FROM public.ecr.aws/lambda/python:${PYTHON} AS a
        FROM public.ecr.aws/lambda/python:${PYTHON#3} AS b
        FROM public.ecr.aws/lambda/python:{{ version }} AS c
        FROM $MISSING/lambda/python:3.8
        COPY --from=a / /
        COPY --from=b / /
        COPY --from=c / /
    """,
    "stages that are not built": """
        FROM public.ecr.aws/lambda/python:3.8 AS test
        FROM public.ecr.aws/lambda/provided:al2023
    """,
    "an argument of a stage": """
        FROM scratch AS a
        ARG PYTHON=3.8
        FROM public.ecr.aws/lambda/python:${PYTHON}
    """,
    "a text without an end": """
        FROM scratch
        RUN <<EOF
        FROM public.ecr.aws/lambda/python:3.8
    """,
    "nothing at all": "# lambda\n",
}


def written(text):
    return [
        (number, *mark.split(" ", 1))
        for number, line in enumerate(text.split("\n"), 2)
        if (mark := line.strip().removeprefix("#= ")) != line.strip()
    ]


def dedented(text):
    return textwrap.dedent(text).lstrip("\n")


@pytest.mark.parametrize("text", [*RUNTIMES.values(), *SILENT.values()])
def test_runtimes(tmp_path, text):
    found = read(tmp_path, "Dockerfile", text)
    lines = dedented(text).split("\n")
    for use in found.runtimes:
        assert lines[use.place.line - 1].startswith(use.written, use.place.column)
    assert sorted(
        (use.place.line, use.identifier, use.written) for use in found.runtimes
    ) == written(dedented(text))
    assert {use.kind for use in found.runtimes} <= {"image"}
    assert found.problems == ()


def test_every_field(tmp_path):
    text = 'ARG V=3.12\nFROM amazon/aws-lambda-python:$V\nCOPY . .\nCMD [ "app.run" ]\n'
    found = read(tmp_path, "api.dockerfile", text)
    path = str(tmp_path / "api.dockerfile")
    name = "api.dockerfile"
    use = ("python3.12", (path, 1, 6), (path, 2, 5), name, "image", "3.12", ())
    assert found.runtimes == (use,)
    (declared,) = found.declarations
    here = (str(tmp_path),)
    assert declared[:7] == (
        "dockerfile",
        name,
        "app.run",
        (path, 4, 7),
        here,
        (use,),
        (),
    )
    assert not declared.is_fixed


BASE = "FROM public.ecr.aws/lambda/python:3.12\n"
CLIENT = "FROM python:3.12\nRUN pip install awslambdaric\n"

#: What Lambda calls, and where its code comes from: name, handler, runtimes and code.
HANDLERS = {
    "the task root by its variable": (
        BASE + 'COPY src/ ${LAMBDA_TASK_ROOT}/\nCMD ["app.run"]',
        "app.run python3.12 src",
    ),
    "the task root by its path": (
        BASE + 'COPY src /var/task\nCMD ["pkg.app.run"]',
        "pkg.app.run python3.12 src",
    ),
    "a file": (
        BASE + 'COPY src/app.py "$LAMBDA_TASK_ROOT"\nCMD ["app.run"]',
        "app.run python3.12 src",
    ),
    "files by a pattern": (
        BASE + 'COPY src/*.py ./\nCMD ["app.run"]',
        "app.run python3.12 src",
    ),
    "a list": (
        BASE + 'COPY ["a.txt", "src/app.py", "./"]\nCMD ["app.run"]',
        "app.run python3.12 src",
    ),
    "a package under its name": (
        BASE + 'COPY --chown=1:1 --link pkg ./pkg\nCMD ["pkg.app.run"]',
        "pkg.app.run python3.12 .",
    ),
    "a package under another name": (
        BASE + 'COPY src/shop ./app\nCMD ["app.jobs.run"]',
        "app.jobs.run python3.12 src/shop/jobs.py,src/shop/jobs/__init__.py",
    ),
    "the folder above, of two": (
        BASE + 'COPY lib ./lib\nCOPY src .\nCMD ["app.run"]',
        "app.run python3.12 src",
    ),
    "another work folder": (
        BASE + 'ARG DIR=/opt/shop\nWORKDIR $DIR\nCOPY src .\nCMD ["app.run"]',
        "app.run python3.12 src",
    ),
    "a stage of its own": (
        BASE.replace("\n", " AS base\n")
        + 'WORKDIR /x\nCOPY src /x\nCMD ["app.run"]\nFROM base\n',
        "app.run python3.12 src",
    ),
    "another stage": (
        "FROM public.ecr.aws/lambda/python:3.11 AS build\nCOPY src $LAMBDA_TASK_ROOT\n"
        + BASE
        + 'COPY --from=build /var/task /var/task\nCMD ["app.run"]',
        "app.run python3.12 src",
    ),
    "nothing is copied": (BASE + 'CMD ["app.run"]', "app.run python3.12 -"),
    "the last command counts": (
        BASE + 'CMD ["old.run"]\nCMD ["app.run"]',
        "app.run python3.12 -",
    ),
    "the entry script of the image": (
        BASE + 'ENTRYPOINT ["/lambda-entrypoint.sh"]\nCMD ["app.run"]',
        "app.run python3.12 -",
    ),
    "lambci": (
        'FROM lambci/lambda:python3.8\nCMD ["app.run"]',
        "app.run python3.8 -",
    ),
    "the runtime client": (
        "ARG DIR=/function\n" + CLIENT + "ARG DIR\nCOPY app $DIR\nWORKDIR ${DIR}\n"
        'ENTRYPOINT ["/usr/local/bin/python", "-m", "awslambdaric"]\nCMD ["app.run"]',
        "app.run - app",
    ),
    "the runtime client with the handler": (
        CLIENT + 'ENTRYPOINT ["python", "-m", "awslambdaric", "app.run"]',
        "app.run - -",
    ),
    "the runtime client by a shell": (
        CLIENT + "ENTRYPOINT exec python -m awslambdaric 'app.run'\nCMD [\"x.y\"]",
        "app.run - -",
    ),
    "the runtime client as the command": (
        CLIENT + "CMD python -m awslambdaric app.run",
        "app.run - -",
    ),
}

#: Images whose handler is not known, or that run none.
NO_HANDLER = {
    "no command": BASE,
    "a shell, which would be the handler": BASE + "CMD app.run",
    "two arguments, which the entry script refuses": BASE + 'CMD ["app.run", "x"]',
    "a program": BASE + 'CMD ["python", "app.py"]',
    "a variable": BASE + 'CMD ["${HANDLER}"]',
    "another entry": BASE + 'ENTRYPOINT ["/run.sh"]\nCMD ["app.run"]',
    "a new entry takes the command away": BASE.replace("\n", " AS a\n")
    + 'CMD ["app.run"]\nFROM a\nENTRYPOINT ["/lambda-entrypoint.sh"]',
    "a build image": 'FROM public.ecr.aws/sam/build-python3.12\nCMD ["app.run"]',
    "no image of Lambda": CLIENT + 'CMD ["app.run"]',
    "a shell after the runtime client": CLIENT
    + 'ENTRYPOINT ["python", "-m", "awslambdaric"]\nCMD app.run',
    "the runtime client without a handler": CLIENT
    + 'ENTRYPOINT ["python", "-m", "awslambdaric"]',
    "a stage that is not the last": BASE + 'CMD ["app.run"]\n' + CLIENT,
}


@pytest.mark.parametrize(("text", "expected"), HANDLERS.values(), ids=HANDLERS)
def test_handlers(tmp_path, text, expected):
    (tmp_path / ".git").mkdir()
    found = read(tmp_path, "Dockerfile", text)
    assert handlers(tmp_path, found.declarations) == [f"Dockerfile {expected}"]


@pytest.mark.parametrize("text", NO_HANDLER.values(), ids=NO_HANDLER)
def test_no_handler(tmp_path, text):
    assert read(tmp_path, "Dockerfile", text).declarations == ()


ASYNC = "async def run(event, context):  # LMB101\n    return {}\n"
SYNC = ASYNC.replace("async ", "").replace("  # LMB101", "")

#: Copies under another name, with the files of the project: only marks are found.
RENAMED = {
    "a file": (
        'COPY src/handler.py ${LAMBDA_TASK_ROOT}/app.py\nCMD ["app.run"]',
        {"src/handler.py": ASYNC},
    ),
    "a file of a package": (
        'COPY src/handler.py ${LAMBDA_TASK_ROOT}/shop/app.py\nCMD ["shop.app.run"]',
        {"src/handler.py": ASYNC},
    ),
    "a folder": (
        'COPY src/ ./app/\nCMD ["app.handler.run"]',
        {"src/handler.py": ASYNC},
    ),
    "a folder that hands its handler on": (
        'COPY src/ ./app/\nCMD ["app.run"]',
        {"src/__init__.py": "from .main import run\n", "src/main.py": ASYNC},
    ),
    "from another stage": (
        "COPY --from=build /x/handler.py ./app.py\nCMD ['app.run']".replace("'", '"'),
        {"src/handler.py": ASYNC},
    ),
    "another file has the name": (
        'COPY src/handler.py ${LAMBDA_TASK_ROOT}/app.py\nCMD ["app.run"]',
        {"src/handler.py": SYNC, "src/app.py": ASYNC.replace("  # LMB101", "")},
    ),
    "a file that is fine": (
        'COPY src/handler.py ${LAMBDA_TASK_ROOT}/app.py\nCMD ["app.run"]',
        {"src/handler.py": SYNC},
    ),
    "the last copy counts": (
        'COPY src/a.py app.py\nCOPY src/b.py app.py\nCMD ["app.run"]',
        {"src/a.py": ASYNC.replace("  # LMB101", ""), "src/b.py": SYNC},
    ),
    "a file that is not there": (
        'COPY gone.py app.py\nCMD ["app.run"]',
        {"src/handler.py": ASYNC.replace("  # LMB101", "")},
    ),
}


@pytest.mark.parametrize(("text", "files"), RENAMED.values(), ids=RENAMED)
def test_copies_under_another_name(text, files):
    build = "FROM python:3.12 AS build\nCOPY src /x\n"
    assert_findings({"Dockerfile": build + BASE + text + "\n", **files})


def test_a_handler_under_another_name_is_rewritten_where_it_is_written():
    text, files = RENAMED["a file"]
    with project({"Dockerfile": BASE + text, **files}) as folder:
        done = run("flake8_lambda_handler", "migrate", cwd=folder)
        assert (done.returncode, done.stderr) == (
            0,
            "Rewrote src/handler.py (run)\n1 file rewritten\n",
        )
        text = (folder / "src/handler.py").read_text(encoding="utf-8")
    assert text.startswith("def run(event, context):")


def test_images_may_be_built_from_a_folder_above(tmp_path):
    (tmp_path / ".git").mkdir()
    text = BASE + 'COPY src .\nCMD ["app.run"]'
    found = read(tmp_path, "ops/docker/Dockerfile", text)
    assert handlers(tmp_path, found.declarations) == [
        "Dockerfile app.run python3.12 ops/docker/src,ops/src,src"
    ]


@pytest.mark.parametrize(
    "text",
    [
        BASE + "COPY --from=1 / /\n" * 3,
        (BASE[:-1] + " AS a\nCOPY --from=a /var/task /var/task\n") * 30
        + 'CMD ["app.run"]',
        "".join(
            f"FROM scratch AS s{i}\n" + f"COPY --from=s{i - 1} / /\n" * 9
            for i in range(60)
        )
        + 'CMD ["app.run"]# lambda',
        "ARG A=$A$A\n" * 100 + "FROM lambda$A\n",
        "ARG A=lambda\n" + "ARG A=$A$A\n" * 100 + "FROM $A\n",
        "# lambda\n" + "FROM \\\n" * 5000,
        "FROM lambda\nRUN " + "<<A " * 5000,
        "FROM lambda\nCMD " + "[" * 50_000,
        "FROM lambda\nCOPY " + "\"'" * 9000,
        "FROM lambda\nCMD " + '"\\' * 9000,
    ],
    ids=range(10),
)
def test_hostile_text(tmp_path, text):
    assert read(tmp_path, "Dockerfile", text).problems == ()


def test_folders_and_unknown_bytes(tmp_path):
    (tmp_path / "Dockerfile").mkdir()
    path = tmp_path / "a.dockerfile"
    path.write_bytes(b"FROM x\n# \xe9\n")
    assert read(tmp_path, "b.dockerfile", BASE).runtimes != ()
    from flake8_lambda_handler import templates

    for name in ("Dockerfile", "a.dockerfile"):
        assert templates.read(str(tmp_path / name)).problems == ()
    path.write_bytes(BASE.encode() + b"# \xe9\n")
    assert len(templates.read(str(path)).problems) == 1


OLD = """\
ARG PYTHON=3.9
FROM public.ecr.aws/lambda/python:3.9-arm64 AS build
FROM public.ecr.aws/lambda/python:${PYTHON}
COPY --from=build /opt /opt
COPY src/ ${LAMBDA_TASK_ROOT}/
CMD ["app.main"]
"""
CODE = "async def main(event, context):\n    return {}\n"
AS_OF = ["--lambda-as-of", "2026-11-20"]


@pytest.mark.parametrize("place", ["Dockerfile", "build/images/api.Dockerfile"])
def test_check_and_migrate(place):
    files = {place: OLD, "src/app.py": CODE, "src/other.py": CODE, ".git/x": ""}
    with project(files) as folder:
        command = ["flake8_lambda_handler", "check", *AS_OF]
        found = run(*command, cwd=folder).stdout.splitlines()
        assert [line.split(" ", 2)[:2] for line in found] == sorted(
            [
                [f"{place}:1:12:", "LMB501"],
                [f"{place}:2:35:", "LMB501"],
                ["src/app.py:1:1:", "LMB101"],
            ]
        )
        assert "use `3.14-arm64`" in "".join(found)
        command = ["flake8_lambda_handler", "migrate", "--fix=LMB5xx", *AS_OF]
        assert run(*command, cwd=folder).returncode == 0
        assert (folder / place).read_text() == OLD.replace("3.9", "3.14")


@pytest.mark.parametrize(
    "image",
    [
        "public.ecr.aws/lambda/python:3.9.2023.01.01.12",
        "public.ecr.aws/lambda/python:3.9@sha256:0123",
        "lambci/lambda:build-python3.9",
        "public.ecr.aws/sam/build-python3.9:1.103.0",
    ],
)
def test_what_names_one_build_is_refused(image):
    with project({"Dockerfile": f"FROM {image}\n"}) as folder:
        command = ["flake8_lambda_handler", "migrate", "--fix=LMB5xx", *AS_OF]
        done = run(*command, cwd=folder)
        assert done.returncode == 3
        assert "names one build of an image" in done.stdout + done.stderr
        assert (folder / "Dockerfile").read_text() == f"FROM {image}\n"


UNKNOWN = "FROM 1.dkr.ecr.eu-west-1.amazonaws.com/base:1\nRUN pip install x\nCOPY . .\n"
SAM = """
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image}
    Metadata: {Dockerfile: api.dockerfile, DockerContext: ./img}
"""
CDK = """
{"Resources": {"A": {"Type": "AWS::Lambda::Function",
  "Properties": {"PackageType": "Image", "Code": {"ImageUri": {"Fn::Sub": "x"}}},
  "Metadata": {"aws:asset:path": "img", "aws:asset:dockerfile-path": "api.dockerfile",
    "aws:asset:property": "Code.ImageUri"}}}}
"""
BUILT = BASE + 'COPY src .\nCMD ["app.run"]'

#: Templates with the image of a function: what its Dockerfile says, what is declared.
JOINED = {
    "SAM": ("template.yaml", SAM, BUILT, ["A app.run python3.12 img/src"]),
    "CloudFormation of the CDK": (
        "x.template.json",
        CDK,
        BUILT,
        ["A app.run python3.12 img/src"],
    ),
    "a command of its own": (
        "template.yaml",
        SAM.replace("Image}", "Image, ImageConfig: {Command: [app.go]}}"),
        BUILT,
        ["A app.go python3.12 img/src"],
    ),
    "an entry of its own": (
        "template.yaml",
        SAM.replace(
            "Image}",
            "Image, ImageConfig: {EntryPoint: [python, -m, awslambdaric], "
            "Command: [app.go]}}",
        ),
        UNKNOWN,
        ["A app.go - img"],
    ),
    "a program as the entry": (
        "template.yaml",
        SAM.replace("Image}", "Image, ImageConfig: {EntryPoint: [uvicorn, x.y]}}"),
        BUILT,
        [],
    ),
    "a base that only the template makes Lambda's": (
        "template.yaml",
        SAM,
        UNKNOWN + 'CMD ["app.run"]',
        ["A app.run - img"],
    ),
    "another language": (
        "template.yaml",
        SAM,
        'FROM public.ecr.aws/lambda/nodejs:20\nCOPY . .\nCMD ["app.run"]',
        [],
    ),
    "a stage of its own": (
        "template.yaml",
        SAM.replace("DockerContext", "DockerBuildTarget: one, DockerContext"),
        BUILT.replace("\n", " AS one\n", 1) + "\nFROM scratch\n",
        ["A app.run python3.12 img/src"],
    ),
    "arguments of the build": (
        "template.yaml",
        SAM.replace("Metadata: {", "Metadata: {DockerBuildArgs: {V: '3.11'}, "),
        "ARG V=3.9\n" + BUILT.replace("3.12", "$V"),
        ["A app.run python3.11 img/src"],
    ),
    "a folder outside of the project": (
        "template.yaml",
        SAM.replace("./img", "../img"),
        BUILT,
        [],
    ),
    "no image": ("template.yaml", SAM.replace("Image", "Zip"), BUILT, []),
    "another work folder": (
        "template.yaml",
        SAM.replace("Image}", "Image, ImageConfig: {WorkingDirectory: /x}}"),
        UNKNOWN.replace("COPY . .", "COPY src /x\nWORKDIR /y") + 'CMD ["app.run"]',
        ["A app.run - img/src"],
    ),
    "an image from elsewhere with a command": (
        "template.yaml",
        SAM.partition("    Metadata")[0].replace(
            "Image}", "Image, ImageUri: x, ImageConfig: {Command: [app.go]}}"
        ),
        BUILT,
        ["A app.go - -"],
    ),
    "an image from elsewhere with a program": (
        "template.yaml",
        SAM.partition("    Metadata")[0].replace(
            "Image}", "Image, ImageConfig: {EntryPoint: [a, b], Command: [app.go]}}"
        ),
        BUILT,
        [],
    ),
}

SERVICE = """
service: s
provider:
  name: aws
  runtime: python3.13
  ecr:
    images:
      api: {path: ./img, file: api.dockerfile}
      old: {path: ./img, file: api.dockerfile, buildArgs: {V: "3.11"}}
      far: {uri: 1.dkr.ecr.eu-west-1.amazonaws.com/x@sha256:0}
      out: {path: ../img, file: api.dockerfile}
      gone: {path: ./gone}
functions:
  f:
    image: %s
"""

#: Values of `image`, the Dockerfile, and what is declared.
SERVERLESS = {
    "a name": ("api", BUILT, ["f app.run python3.12 img/src"]),
    "a name in an object": ("{name: api}", BUILT, ["f app.run python3.12 img/src"]),
    "a command of its own": (
        "{name: api, command: [app.go]}",
        BUILT,
        ["f app.go python3.12 img/src"],
    ),
    "a command that is a text": (
        "{name: api, command: app.go}",
        BUILT,
        ["f app.go python3.12 img/src"],
    ),
    "an entry of its own": (
        "{name: api, entryPoint: [python, -m, awslambdaric], command: [app.go]}",
        UNKNOWN,
        ["f app.go - img"],
    ),
    "a program as the entry": (
        "{name: api, entryPoint: [uvicorn, x.y]}",
        BUILT,
        [],
    ),
    "a work folder of its own": (
        "{name: api, workingDirectory: /x}",
        UNKNOWN.replace("COPY . .", "COPY src /x") + 'CMD ["app.run"]',
        ["f app.run - img/src"],
    ),
    "arguments of the build": (
        "old",
        "ARG V=3.9\n" + BUILT.replace("3.12", "$V"),
        ["f app.run python3.11 img/src"],
    ),
    "a variable": (
        "${self:custom.image, 'api'}",
        BUILT,
        ["f app.run python3.12 img/src"],
    ),
    "an address": ("1.dkr.ecr.eu-west-1.amazonaws.com/x:latest", BUILT, []),
    "an address with a command": (
        "{uri: 1.dkr.ecr.eu-west-1.amazonaws.com/x:1, command: [app.go]}",
        BUILT,
        ["f app.go - -"],
    ),
    "the name of an address": ("far", BUILT, []),
    "a name that the service does not know": ("none", BUILT, []),
    "a folder outside of the project": ("out", BUILT, []),
    "a folder that is not there": ("{name: gone, command: [app.go]}", BUILT, []),
    "another language": ("api", BUILT.replace("python", "nodejs"), []),
}


@pytest.mark.parametrize(
    ("image", "text", "expected"), SERVERLESS.values(), ids=SERVERLESS
)
def test_images_of_serverless(tmp_path, image, text, expected):
    test_images_of_templates(
        tmp_path, "serverless.yml", SERVICE % image, text, expected
    )


def test_image_functions_inherit_no_runtime(tmp_path):
    (tmp_path / ".git").mkdir()
    files = {"serverless.yml": SERVICE % "api", "img/api.dockerfile": BUILT}
    found = read(tmp_path, "serverless.yml", files)
    uses = [(use.identifier, use.resource, use.kind) for use in found.runtimes]
    assert uses == [("python3.13", "provider", "global"), ("python3.12", "f", "image")]


def test_callers_of_image_functions(tmp_path):
    (tmp_path / ".git").mkdir()
    text = SERVICE % "api" + "    events: [{http: {path: /, method: get}}]\n"
    found = read(
        tmp_path,
        "serverless.yml",
        {"serverless.yml": text, "img/api.dockerfile": BUILT},
    )
    assert [one.callers for one in found.declarations] == [("rest",)]


@pytest.mark.parametrize(
    ("name", "template", "text", "expected"), JOINED.values(), ids=JOINED
)
def test_images_of_templates(tmp_path, name, template, text, expected):
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    for place in (folder, tmp_path):
        (place / "img").mkdir()
        (place / "img/api.dockerfile").write_text(text)
    found = read(folder, name, template)
    assert found.problems == ()
    assert handlers(folder, found.declarations) == expected


def test_functions_share_an_image(tmp_path):
    (tmp_path / ".git").mkdir()
    two = SAM.replace("  A:", "  B:", 1).partition("Resources:\n")[2]
    files = {"template.yaml": SAM + two, "img/api.dockerfile": BUILT}
    found = read(tmp_path, "template.yaml", files)
    (use,) = found.runtimes
    assert use.users == ("A", "B")
    assert use.place == (str(tmp_path / "img/api.dockerfile"), 1, 34)


FUNCTION = """
resource "aws_lambda_function" "a" {
  package_type = "Image"
  image_uri    = %s
  image_config {
    %s
  }
}
"""
BUILD = """
resource "docker_image" "x" {
  name = "${aws_ecr_repository.r.repository_url}:1"
  build {
    context    = "${path.module}/img"
    dockerfile = "api.dockerfile"
  }
}
resource "docker_registry_image" "x" { name = docker_image.x.name }
module "build" {
  source           = "terraform-aws-modules/lambda/aws//modules/docker-build"
  source_path      = "img"
  docker_file_path = "api.dockerfile"
  build_args       = { V = "3.11" }
}
"""
MODULE = """
module "f" {
  source               = "terraform-aws-modules/lambda/aws"
  package_type         = "Image"
  image_uri            = module.build.image_uri
  image_config_command = ["app.go"]
}
"""
LATE = "ARG V=3.9\n" + BUILT.replace("3.12", "$V")

#: Functions of Terraform: the text after `BUILD`, the Dockerfile, what is declared.
TERRAFORM = {
    "an image of the module": (
        FUNCTION % ("docker_image.x.repo_digest", ""),
        BUILT,
        ["aws_lambda_function.a app.run python3.12 img/src"],
    ),
    "an image that is pushed, with a command of its own": (
        FUNCTION % ("docker_registry_image.x.name", 'command = ["app.go"]'),
        BUILT,
        ["aws_lambda_function.a app.go python3.12 img/src"],
    ),
    "a module that builds": (
        MODULE,
        LATE,
        ["module.f app.go python3.11 img/src"],
    ),
    "an image from elsewhere": (
        FUNCTION % ('"${aws_ecr_repository.r.repository_url}:1"', ""),
        BUILT,
        [],
    ),
    "a program as the entry": (
        FUNCTION % ("docker_image.x.name", 'entry_point = ["uvicorn", "app.x"]'),
        BUILT,
        [],
    ),
    "no image of a function": ("", BUILT, []),
    "an image from elsewhere with a command": (
        FUNCTION % ("var.image", 'command = ["app.go"]'),
        BUILT,
        ["aws_lambda_function.a app.go - -"],
    ),
    "another work folder": (
        FUNCTION % ("docker_image.x.name", 'working_directory = "/x"'),
        UNKNOWN.replace("COPY . .", "COPY src /x") + 'CMD ["app.run"]',
        ["aws_lambda_function.a app.run - img/src"],
    ),
}


@pytest.mark.parametrize(
    ("template", "text", "expected"), TERRAFORM.values(), ids=TERRAFORM
)
def test_images_of_terraform(tmp_path, template, text, expected):
    (tmp_path / ".git").mkdir()
    files = {"main.tf": template or "#", "build.tf": BUILD, "img/api.dockerfile": text}
    found = read(tmp_path, "main.tf", files)
    assert found.problems == ()
    assert handlers(tmp_path, found.declarations) == expected
    for declared in found.declarations:
        path, line, column = declared.place
        written = (tmp_path / path).read_text().split("\n")[line - 1]
        assert written.startswith(declared.handler, column)


JOINED = {
    "template.yaml": """
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {PackageType: Image, ImageConfig: {Command: [app.go]}}
            Metadata: {Dockerfile: Dockerfile, DockerContext: img}
    """,
    "img/Dockerfile": """
        FROM public.ecr.aws/lambda/python:3.13
        COPY app.py ./
        CMD ["app.run"]
    """,
}
GO, RUN = (
    f"async def {x}(event, context):  # LMB101\n    return 1\n" for x in ("go", "run")
)
#: What else deploys the image, and what is a handler then.
COMMANDS = {
    "only with a command": ({}, GO + RUN.replace("  # LMB101", "")),
    "also without": (
        {
            "template.yaml": JOINED["template.yaml"]
            + """
          B:
            Type: AWS::Serverless::Function
            Properties: {PackageType: Image}
            Metadata: {Dockerfile: Dockerfile, DockerContext: img}
"""
        },
        GO + RUN,
    ),
    "never with a command": (
        {"template.yaml": JOINED["template.yaml"].replace("Command: [app.go]", "")},
        GO.replace("  # LMB101", "") + RUN,
    ),
    "in another folder": (
        {"template.yaml": JOINED["template.yaml"].replace("img", "other")},
        GO.replace("  # LMB101", "") + RUN,
    ),
}


@pytest.mark.parametrize("more, code", COMMANDS.values(), ids=COMMANDS)
def test_a_command_takes_the_place_of_the_one_in_the_image(more, code):
    files = {name: textwrap.dedent(text) for name, text in {**JOINED, **more}.items()}
    assert_findings({**files, "img/app.py": code})


FROM_AWS = "FROM public.ecr.aws/lambda/python:3.13\n"
MISSING = FROM_AWS + 'COPY app.py ./\nCMD ["app.go"]\n'
HAS_RUN = "def run(event, context):\n    return 1\n"
#: Images of a module that is there, and whether its function is missing for good.
FUNCTIONS = {
    "a file": ({"Dockerfile": MISSING, "app.py": HAS_RUN}, True),
    "a folder": (
        {"Dockerfile": MISSING.replace("app.py ./", ". ."), "app.py": HAS_RUN},
        True,
    ),
    "a module of a package": (
        {
            "fn/Dockerfile": MISSING.replace("app.py ./", "pkg ./pkg").replace(
                "app.go", "pkg.app.go"
            ),
            "fn/pkg/app.py": HAS_RUN,
        },
        True,
    ),
    "it is there": (
        {"Dockerfile": MISSING.replace("go", "run"), "app.py": HAS_RUN},
        False,
    ),
    "two folders to build from": (
        {"fn/Dockerfile": MISSING, "fn/app.py": HAS_RUN, "app.py": HAS_RUN},
        False,
    ),
    "no module": ({"Dockerfile": MISSING, "main.py": HAS_RUN}, False),
    "another name": (
        {
            "Dockerfile": MISSING.replace("app.py ./", "main.py app.py"),
            "main.py": HAS_RUN,
        },
        False,
    ),
    "a command that may change it": (
        {
            "Dockerfile": MISSING.replace("CMD", "RUN ./add go app.py\nCMD"),
            "app.py": HAS_RUN,
        },
        False,
    ),
    "an image that is no image of Lambda": (
        {
            "Dockerfile": MISSING.replace(FROM_AWS, "FROM mine/lambda:1\n"),
            "app.py": HAS_RUN,
        },
        False,
    ),
    "names that are made": (
        {"Dockerfile": MISSING, "app.py": "globals()['g' + 'o'] = print\n"},
        False,
    ),
    "another handler where it is deployed": (
        {
            "template.yaml": JOINED["template.yaml"].replace("app.go", "app.run"),
            "img/Dockerfile": MISSING,
            "img/app.py": HAS_RUN,
        },
        False,
    ),
}


@pytest.mark.parametrize("files, is_told", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_that_is_not_in_the_module(files, is_told):
    files = {name: textwrap.dedent(text) for name, text in files.items()}
    with project(files) as folder:
        done = run("flake8_lambda_handler", "check", "--select=LMB", cwd=folder)
    (image,) = (name for name in files if name.endswith("Dockerfile"))
    expected = [f"{image}:3:7: LMB104"] * is_told
    assert [line[: len(image) + 12] for line in done.stdout.splitlines()] == expected
