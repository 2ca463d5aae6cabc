"""AWS CDK apps in TypeScript and JavaScript."""

from __future__ import annotations

import pytest
from support import project
from support import run
from support import violations
from template_marks import handlers
from template_marks import read

from flake8_lambda_handler import templates

HEAD = """\
import * as path from 'path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PythonFunction, PythonLayerVersion } from '@aws-cdk/aws-lambda-python-alpha';
"""

#: Programs in which `//= python3.8 PYTHON_3_8` ends each line that writes a runtime.
RUNTIMES = {
    "the class of the module": """
        new lambda.Function(this, 'A', {
          runtime: lambda.Runtime.PYTHON_3_8, //= python3.8 PYTHON_3_8
          handler: 'app.run',
          code: lambda.Code.fromAsset('src'),
        });
    """,
    "other names": """
        import { Function as F, Runtime } from 'aws-cdk-lib/aws-lambda';
        import { aws_lambda as other } from 'aws-cdk-lib';
        import old = require('@aws-cdk/aws-lambda');
        const { Runtime: R } = require('aws-cdk-lib/aws-lambda');
        const m = require("monocdk");
        new F(this, 'A', { runtime: Runtime.PYTHON_3_6, handler: 'a.b' }); //= python3.6 PYTHON_3_6
        new other.Function(this, 'B', { runtime: other.Runtime.PYTHON_3_7 }); //= python3.7 PYTHON_3_7
        new old.Function(this, 'C', { runtime: old.Runtime.PYTHON_3_8 }); //= python3.8 PYTHON_3_8
        new F(this, 'D', { runtime: R.PYTHON_3_9 }); //= python3.9 PYTHON_3_9
        new F(this, 'E', { runtime: m.aws_lambda.Runtime.PYTHON_3_10 }); //= python3.10 PYTHON_3_10
        new F(this, 'F', { runtime: cdk.aws_lambda.Runtime.PYTHON_2_7 }); //= python2.7 PYTHON_2_7
    """,
    "a runtime by its text": """
        new lambda.Function(this, 'A', {
          runtime: new lambda.Runtime('python3.8', lambda.RuntimeFamily.PYTHON), //= python3.8 python3.8
        });
        new lambda.CfnFunction(this, 'B', { runtime: `python3.9` }); //= python3.9 python3.9
        new lambda.CfnFunction(this, 'C', {
          runtime: lambda.Runtime.PYTHON_3_10.name, //= python3.10 PYTHON_3_10
        });
    """,
    "constants, defaults and properties that are handed on": """
        const RUNTIME = lambda.Runtime.PYTHON_3_8; //= python3.8 PYTHON_3_8
        const TEXT = 'python3.9'; //= python3.9 python3.9
        const common: Partial<lambda.FunctionProps> = { runtime: RUNTIME, timeout: x };
        const all = { ...common, handler: 'app.run' } as const;
        const Config = { runtime: lambda.Runtime.PYTHON_3_10 }; //= python3.10 PYTHON_3_10
        new lambda.Function(this, 'A', { ...all, code: lambda.Code.fromAsset('x') });
        new lambda.CfnFunction(this, 'B', { runtime: TEXT });
        new lambda.Function(this, 'C', { runtime: Config.runtime });
        new lambda.Function(this, 'D', {
          runtime: props.runtime ?? lambda.Runtime.PYTHON_3_7, //= python3.7 PYTHON_3_7
        });
        function f(runtime = lambda.Runtime.PYTHON_3_6) {} //= python3.6 PYTHON_3_6
    """,
    "layers": """
        new lambda.LayerVersion(this, 'A', {
          compatibleRuntimes: [
            lambda.Runtime.PYTHON_3_8, //= python3.8 PYTHON_3_8
            lambda.Runtime.NODEJS_20_X,
          ],
        });
        new PythonLayerVersion(this, 'B', {
          entry: 'x', compatibleRuntimes: [lambda.Runtime.PYTHON_3_9], //= python3.9 PYTHON_3_9
        });
        new lambda.CfnLayerVersion(this, 'C', { compatibleRuntimes: ['python3.7'] }); //= python3.7 python3.7
    """,
    "other constructs": """
        new PythonFunction(this, 'A', { entry: 'x', runtime: lambda.Runtime.PYTHON_3_8 }); //= python3.8 PYTHON_3_8
        new lambda.SingletonFunction(this, 'B', { runtime: lambda.Runtime.PYTHON_3_9 }); //= python3.9 PYTHON_3_9
        lambda.Code.fromAsset('x', {
          bundling: { image: lambda.Runtime.PYTHON_3_7.bundlingImage }, //= python3.7 PYTHON_3_7
        });
        new Mine(this, 'C', { lambdaRuntime: lambda.Runtime.PYTHON_3_6 }); //= python3.6 PYTHON_3_6
    """,
    "fields of classes": """
        class Mine extends cdk.Stack {
          private readonly runtime = 'python3.8'; //= python3.8 python3.8
          static OLD = 'python3.7'; //= python3.7 python3.7
          constructor(scope, id) {
            this.other = 'python3.9'; //= python3.9 python3.9
            new lambda.CfnFunction(this, 'A', { runtime: this.runtime });
            new lambda.CfnFunction(this, 'B', { runtime: this.other });
            new lambda.CfnFunction(this, 'C', { runtime: Mine.OLD });
          }
        }
        class More extends Mine {
          build() { new lambda.CfnFunction(this, 'D', { runtime: this.runtime }); }
        }
    """,
    "constructs of the project": """
        interface Props { version: string; runtime: string }
        class Service extends Construct {
          constructor(scope: Construct, id: string, private readonly props: Props) {
            super(scope, id);
            const { runtime } = props;
            new lambda.CfnFunction(this, 'A', { runtime });
            new lambda.CfnFunction(this, 'B', { runtime: props.version });
          }
        }
        new Service(this, 'One', { version: 'python3.8', //= python3.8 python3.8
          runtime: 'python3.7' }); //= python3.7 python3.7
    """,
    "classes derived from constructs": """
        class Mine extends lambda.CfnFunction {
          constructor(scope, id, props) {
            super(scope, id, { runtime: 'python3.8', ...props }); //= python3.8 python3.8
          }
        }
        class More extends Mine {
          constructor(scope, id) { super(scope, id, { handler: 'a.b' }); }
        }
        new Mine(this, 'A', { handler: 'a.b' });
    """,
    "functions and methods that make functions": """
        function make(scope, id, runtime = 'python3.9') { //= python3.9 python3.9
          return new lambda.CfnFunction(scope, id, { runtime });
        }
        const pick = (scope, { runtime: r }) => new lambda.CfnFunction(scope, 'x', { runtime: r });
        class Mine extends cdk.Stack {
          build() { this.add('A', 'python3.7'); } //= python3.7 python3.7
          add(id, runtime) { make(this, id, runtime); }
        }
        make(this, 'B', 'python3.8'); //= python3.8 python3.8
        make(this, 'C');
        pick(this, { runtime: 'python3.10' }); //= python3.10 python3.10
    """,
    "images to build in": """
        import { DockerImage as D } from 'aws-cdk-lib';
        lambda.Code.fromAsset('x', {
          bundling: { image: cdk.DockerImage.fromRegistry('lambci/lambda:build-python3.8') }, //= python3.8 lambci/lambda:build-python3.8
        });
        const IMAGE = 'public.ecr.aws/sam/build-python3.9'; //= python3.9 python3.9
        D.fromRegistry(IMAGE);
        new D('public.ecr.aws/sam/build-python3.7:latest'); //= python3.7 python3.7
    """,
    "what is set afterwards": """
        const fn = new lambda.Function(this, 'A', {
          runtime: lambda.Runtime.PYTHON_3_6, handler: 'a.b',
        });
        const cfn = fn.node.defaultChild as lambda.CfnFunction;
        cfn.addPropertyOverride('Runtime', 'python3.8'); //= python3.8 python3.8
        (layer.node.defaultChild as any).addOverride(
          'Properties.CompatibleRuntimes', ['python3.9']); //= python3.9 python3.9
        const low = new lambda.CfnFunction(this, 'B', { runtime: 'python3.6' });
        low.runtime = lambda.Runtime.PYTHON_3_7.name; //= python3.7 PYTHON_3_7
    """,
}

#: Programs that write no runtime of Python in force.
SILENT = {
    "other classes of this name": """
        import { Runtime } from './runtimes';
        new lambda.Function(this, 'A', { runtime: Runtime.PYTHON_3_8 });
        new lambda.Function(this, 'B', { runtime: synthetics.Runtime.PYTHON_3_8 });
        new glue.Job(this, 'C', { runtime: 'python3.8' });
        const other = { Runtime: { PYTHON_3_8: 'python3.8' } };
    """,
    "what is only looked at": """
        if (runtime === lambda.Runtime.PYTHON_3_8) {}
        const isOld = lambda.Runtime.PYTHON_3_6 == props.runtime;
        switch (runtime) { case lambda.Runtime.PYTHON_3_7: break; }
        const table = { '3.8': lambda.Runtime.PYTHON_3_8, '3.9': lambda.Runtime.PYTHON_3_9 };
        const names = { [lambda.Runtime.PYTHON_3_8.name]: 'old' };
        const one = version === '3.8' ? lambda.Runtime.PYTHON_3_8 : undefined;
        if (version === '3.9') { runtime = lambda.Runtime.PYTHON_3_9; }
    """,
    "comments and texts": """
        // new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_8 });
        /* lambda.Runtime.PYTHON_3_8 */
        const text = "lambda.Runtime.PYTHON_3_8 and 'python3.8'";
        const runtime = 'python3.8';
        template.hasResourceProperties('AWS::Lambda::Function', { Runtime: 'python3.8' });
    """,
    "other languages, and what cannot be known": """
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.NODEJS_20_X, handler: 'a.b' });
        new lambda.CfnFunction(this, 'B', { runtime: props.runtime ?? `python${version}` });
        let twice = 'python3.8'; twice = 'x';
        new lambda.CfnFunction(this, 'C', { runtime: twice });
        const self = { ...self, runtime: self.runtime };
        new lambda.CfnFunction(this, 'PYTHON_3', self);
    """,
    "other images, and other things that are set": """
        cdk.DockerImage.fromRegistry('python:3.8');
        cdk.DockerImage.fromRegistry(`public.ecr.aws/sam/build-python${VERSION}`);
        ecs.ContainerImage.fromRegistry('public.ecr.aws/sam/build-python3.8');
        cfn.addPropertyOverride('Description', 'python3.8');
        cfn.addOverride('Metadata.Runtime', 'python3.8');
        options.runtime = 'python3.8';
        this.runtime = 'python3.8';
    """,
    "fields that are set twice, and classes of other projects": """
        class Mine extends cdk.Stack {
          runtime = 'python3.8';
          constructor() {
            this.runtime = 'python3.9';
            new lambda.CfnFunction(this, 'A', { runtime: this.runtime });
            new Other(this, 'B', { runtime: 'python3.8' });
            this.missing('python3.8');
            super('python3.8');
          }
        }
        class Circle extends Circle {}
        new Circle(this, 'C', { runtime: 'python3.8' });
        class Endless { constructor(r) { new Endless(r); new lambda.CfnFunction(this, 'D', { runtime: x }); } }
        new Endless('python3.8');
    """,
    "names that a function takes": """
        function f(lambda) { return lambda.Runtime.PYTHON_3_8; }
    """,
}


@pytest.mark.parametrize("text", [*RUNTIMES.values(), *SILENT.values()])
@pytest.mark.parametrize("name", ["stack.ts", "stack.js", "lib/app.mts"])
def test_runtimes(tmp_path, name, text):
    found = read(tmp_path, name, HEAD + text)
    assert found.problems == ()
    lines = (tmp_path / name).read_text().split("\n")
    expected = [
        (number, *line.partition("//= ")[2].split())
        for number, line in enumerate(lines, 1)
        if "//= " in line
    ]
    for use in found.runtimes:
        assert lines[use.place.line - 1].startswith(use.written, use.place.column)
    actual = [(use.place.line, use.identifier, use.written) for use in found.runtimes]
    assert sorted(actual) == expected


#: What constructs declare: name, handler, runtimes and code.
HANDLERS = {
    "beside cdk.json": (
        """new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'app.run', code: lambda.Code.fromAsset('src') });""",
        "A app.run python3.12 src,lib/src",
    ),
    "beside the file": (
        """const code = lambda.Code.fromAsset(path.join(__dirname, '..', 'src'));
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'pkg/app.run', code });""",
        "A pkg/app.run python3.12 src",
    ),
    "beside the file, put together": (
        """new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'app.run', code: new lambda.AssetCode(`${__dirname}/../src`) });
        """,
        "A app.run python3.12 src",
    ),
    "by addition": (
        """new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: NAME + '.run', code: lambda.Code.asset(__dirname + '/fn') });
        const NAME = 'app';""",
        "A app.run python3.12 lib/fn",
    ),
    "PythonFunction": (
        """new PythonFunction(this, 'A', { entry: path.join(__dirname, 'fn'),
          index: 'pkg/main.py', handler: 'run', runtime: lambda.Runtime.PYTHON_3_12 });
        """,
        "A pkg/main.run python3.12 lib/fn",
    ),
    "PythonFunction with its defaults": (
        """new PythonFunction(this, 'A', { entry: 'fn' });""",
        "A index.handler - fn,lib/fn",
    ),
    "an image": (
        """new lambda.DockerImageFunction(this, 'A', {
          code: lambda.DockerImageCode.fromImageAsset(path.join(__dirname, '../img')),
        });""",
        "A image.run python3.11 img",
    ),
    "an image with a command": (
        """new lambda.DockerImageFunction(this, 'A', {
          code: lambda.DockerImageCode.fromImageAsset('img', {
            cmd: ['image.go'], file: 'Dockerfile' }),
        });""",
        "A image.go python3.11 img",
    ),
    "an image with a file and arguments": (
        """const options = { file: 'other', target: 'last', buildArgs: { NAME: 'go' } };
        new lambda.DockerImageFunction(this, 'A', {
          code: lambda.DockerImageCode.fromImageAsset('img', options) });
        """,
        "A image.go python3.12 img",
    ),
    "the text of a file": (
        """import * as fs from 'fs';
        const code = fs.readFileSync(path.join(__dirname, 'fn/orders.py'), 'utf8');
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'index.run', code: lambda.Code.fromInline(code) });
        """,
        "A orders.run python3.12 lib/fn/orders.py",
    ),
    "constructs and constants of other files": (
        """import { Service } from './services';
        new Service(this, 'A', { handler: 'app.run', folder: '../src' });
        """,
        "Function app.run python3.9 src",
    ),
    "a construct that is the default of its file": (
        """import Job from './jobs';
        new Job(this, 'A', 'app.run');
        """,
        "Job app.run python3.9 src",
    ),
    "names that files import from one another": (
        """import { one, Two } from './circle';
        new Two(this, 'B', one);
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_9,
          handler: 'app.run', code: lambda.Code.fromAsset(path.join(__dirname, '../src')), x: one.x });
        """,
        "A app.run python3.9 src",
    ),
    "an image of a function": (
        """new lambda.Function(this, 'A', { runtime: lambda.Runtime.FROM_IMAGE,
          handler: lambda.Handler.FROM_IMAGE, code: lambda.Code.fromAssetImage('img') });
        """,
        "A image.run python3.11 img",
    ),
}

#: Constructs that declare no function of Python with a code that is known.
NO_HANDLER = {
    "code that lies elsewhere": """
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'app.run', code: lambda.Code.fromBucket(bucket, 'key') });
        new lambda.Function(this, 'B', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'index.run', code: lambda.Code.fromInline('def run(e, c): pass') });
    """,
    "other languages": """
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.NODEJS_20_X,
          handler: 'app.run', code: lambda.Code.fromAsset('src') });
    """,
    "a handler that is not known": """
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: props.handler, code: lambda.Code.fromAsset('src') });
    """,
    "other constructs": """
        new mine.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_12,
          handler: 'app.run', code: lambda.Code.fromAsset('src') });
    """,
}

OTHER = """\
FROM public.ecr.aws/lambda/python:3.12 AS last
ARG NAME=run
COPY . .
CMD ["image.go"]
FROM public.ecr.aws/lambda/python:3.11
"""
SETTINGS = """\
import { aws_lambda } from 'aws-cdk-lib';
export const Settings = { runtime: aws_lambda.Runtime.PYTHON_3_9 };
"""
JOBS = """\
import * as path from 'path';
import { aws_lambda as lambda } from 'aws-cdk-lib';
import { Settings } from './settings';

class Job extends lambda.Function {
  constructor(scope: Construct, id: string, handler: string) {
    const code = lambda.Code.fromAsset(path.join(__dirname, '../src'));
    super(scope, 'Job', { ...Settings, handler, code });
  }
}
export default Job;
"""
SERVICE = """\
import * as path from 'path';
import { Function, Code } from 'aws-cdk-lib/aws-lambda';
import { Settings } from '../settings.js';

export class Service extends Construct {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    new Function(this, 'Function', {
      runtime: Settings.runtime,
      handler: props.handler,
      code: Code.fromAsset(path.join(__dirname, '..', props.folder)),
    });
  }
}
"""
IMAGE = 'FROM public.ecr.aws/lambda/python:3.11\nCOPY . .\nCMD ["image.run"]\n'


@pytest.mark.parametrize(("text", "expected"), HANDLERS.values(), ids=HANDLERS)
def test_handlers(tmp_path, text, expected):
    (tmp_path / ".git").mkdir()
    files = {
        "cdk.json": "{}",
        "img/Dockerfile": IMAGE,
        "img/other": OTHER,
        "lib/stack.ts": HEAD + text,
        "lib/services/index.ts": "export * from './service';\nexport { x } from '../y';",
        "lib/services/service.ts": SERVICE,
        "lib/settings.ts": SETTINGS,
        "lib/circle.ts": "export * from './again'; export { Two } from './again';",
        "lib/again.ts": "export * from './circle'; import { Two } from './circle';",
        "lib/jobs.ts": JOBS,
    }
    found = read(tmp_path, "lib/stack.ts", files)
    assert handlers(tmp_path, found.declarations) == [expected]


@pytest.mark.parametrize("text", NO_HANDLER.values(), ids=NO_HANDLER)
def test_no_handler(tmp_path, text):
    assert read(tmp_path, "stack.ts", HEAD + text).declarations == ()


OLD = "new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_9 });\n"


@pytest.mark.parametrize(
    "name",
    ["stack.test.ts", "stack.spec.js", "test/stack.ts", "lib/__tests__/x.ts", "a.d.ts"],
)
def test_tests_deploy_nothing(tmp_path, name):
    (tmp_path / ".git").mkdir()
    assert read(tmp_path, name, HEAD + OLD).runtimes == ()


def test_what_is_compiled_is_read_once(tmp_path):
    files = {"a.ts": HEAD + OLD, "a.js": HEAD + OLD, "b.js": HEAD + OLD}
    counts = [len(read(tmp_path, name, files).runtimes) for name in files]
    assert counts == [1, 0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_9",
        OLD + "}}}}" * 1000,
        "x = " + "(" * 5000 + "lambda.Runtime.PYTHON_3_9",
        "x = " + "lambda.Runtime.PYTHON_3_9 + " * 5000 + "1",
        "const a = b, b = a; new lambda.Function(a, b, a); // PYTHON_3",
        "new lambda.Function(...x, {...y}); // PYTHON_3",
        "const x = 'a" + "\\" * 9000,
        "a" + ".b" * 20_000 + ".PYTHON_3_9",
        "new lambda.Runtime(); new lambda.Function(this, 'A', []); // PYTHON_3",
        "{'PYTHON_3'" + ": {x" * 5000,
        "class A { constructor(x) {} constructor(y) {} } new A('PYTHON_3');",
        "const a = b + b;" + "const b = a + a;" * 50 + "new lambda.Function(a, b, a);",
    ],
    ids=range(12),
)
def test_hostile_text(tmp_path, text):
    assert read(tmp_path, "stack.ts", HEAD + text).problems == ()


def test_the_command_reads_what_flake8_does_not():
    with project({"lib/stack.ts": HEAD + OLD, "app.py": "x = 1\n"}) as folder:
        day = "--lambda-as-of=2026-11-20"
        found = run("flake8_lambda_handler", "check", day, cwd=folder).stdout
        assert found.splitlines()[0].startswith("lib/stack.ts:5:58: LMB501 runtime")
        assert "use `PYTHON_3_14`" in found
        command = ["flake8_lambda_handler", "migrate", "--fix=LMB5xx", day]
        assert run(*command, cwd=folder).returncode == 0
        assert "PYTHON_3_14 });" in (folder / "lib/stack.ts").read_text()
    assert not templates.is_template_name("stack.ts")


def test_the_command_knows_the_handlers():
    function = HANDLERS["PythonFunction"][0].replace("PYTHON_3_12", "PYTHON_3_9")
    files = {
        ".git/x": "",
        "cdk.json": "{}",
        "lib/stack.ts": HEAD + function,
        "lib/fn/pkg/main.py": "async def run(event, context):\n    return {}\n",
        "lib/fn/pkg/other.py": "async def run(event, context):\n    return {}\n",
    }
    with project(files) as folder:
        day = "--lambda-as-of=2026-11-20"
        command = ["flake8_lambda_handler", "check", "lib/fn", day]
        found = run(*command, cwd=folder).stdout
        assert [x.split(" ")[:2] for x in found.splitlines()] == [
            ["lib/fn/pkg/main.py:1:1:", "LMB101"]
        ]
        assert run("flake8", "--select=LMB", "lib/fn", cwd=folder).stdout == ""
        found = run("flake8_lambda_handler", "handlers", "lib/fn", cwd=folder).stdout
        assert "main.py:1:1: run (template: lib/stack.ts:6, python3.9)" in found


#: Every kind of text; `async` stands once in each, where the finding is.
INLINE = {
    "quotes": """
        const CODE = 'async def run(event, context): return {}';
    """,
    "a template": """
        const CODE = `
import json

async def run(event, context):
    return {}
`;
    """,
    "values, signs and line ends": r"""
        const CODE = `T = '${table.name}'; x = \`é\\n\`.upper() if 0 else 'a'
y = {"a": "\u0041\x41"}
async def run(event, context): return {}`.replace;
    """.replace("\\`é\\\\n\\`.upper() if 0 else 'a'", "1").replace(".replace;", ";"),
    "lines joined": r"""
        const CODE = ['import json', "async def run(event, context):", '\treturn {}'].join('\n');
    """,
    "pieces added, and trimmed": r"""
        const CODE = ('import json\n' +
          'async def run(event, context):\n' + '  return {}').trim();
    """,
}
FUNCTION = """
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_13,
          handler: 'index.run', code: lambda.Code.fromInline(CODE) });
"""


#: The same of the lowest level.
LOWEST = """
        new lambda.CfnFunction(this, 'A', { runtime: 'python3.13', role: 'r',
          handler: 'index.run', code: { zipFile: CODE } });
"""


@pytest.mark.parametrize("function", [FUNCTION, LOWEST])
@pytest.mark.parametrize("text", INLINE.values(), ids=INLINE)
def test_code_in_texts(text, function):
    whole = HEAD + text + function
    before = whole[: whole.index("async")]
    place = before.count("\n") + 1, len(before) - before.rfind("\n") - 1
    found = violations({"stack.ts": whole})
    assert [one[1:4] for one in found] == [(*place, "LMB101")]


@pytest.mark.parametrize(
    "function",
    [
        FUNCTION.replace("PYTHON_3_13", "NODEJS_20_X"),
        FUNCTION.replace("lambda.Code", "other.Code"),
        FUNCTION.replace("lambda.Runtime.PYTHON_3_13", "props.runtime"),
        FUNCTION.replace("CODE", "CODE + props.more"),
        FUNCTION.replace("CODE", "twice(CODE)"),
        LOWEST.replace("zipFile: CODE", "s3Bucket: CODE, s3Key: 'k'"),
        LOWEST.replace("python3.13", "nodejs20.x"),
    ],
)
def test_code_that_is_not_judged(function):
    whole = HEAD + INLINE["quotes"] + "// PYTHON_3" + function
    assert violations({"stack.ts": whole}) == []


CODE = "def run(event, context):\n    return {}\n"
MISSING = """
        new lambda.Function(this, 'A', { runtime: lambda.Runtime.PYTHON_3_13,
          handler: 'app.go', code: lambda.Code.fromAsset(path.join(__dirname, 'fn')) });
"""
SETTLED = {
    "as it is": (MISSING, True),
    "a constant": (MISSING.replace("'app.go'", "GO") + "const GO = 'app.go';", True),
    "a function that is there": (MISSING.replace("go", "run"), False),
    "a folder that the app's place decides": (
        MISSING.replace("path.join(__dirname, 'fn')", "'fn'"),
        False,
    ),
    "code that is built": (MISSING.replace("'fn')", "'fn'), { bundling }"), False),
    "more properties": (MISSING.replace("handler:", "...props, handler:"), False),
    "a program that fills folders": (MISSING + "execSync('make');", False),
    "another language": (MISSING.replace("PYTHON_3_13", "NODEJS_20_X"), False),
    "a layer": (
        MISSING.replace("app.go", "other.go").replace(
            "handler", "layers: [x], handler"
        ),
        False,
    ),
}


@pytest.mark.parametrize(("text", "is_told"), SETTLED.values(), ids=SETTLED)
def test_handlers_that_are_not_there(text, is_told):
    found = violations({"lib/stack.ts": HEAD + text, "lib/fn/app.py": CODE})
    assert [one.code for one in found] == ["LMB104"] * is_told
    assert all(one.path == "lib/stack.ts" for one in found)


@pytest.mark.parametrize(
    ("files", "is_told"),
    [
        ({"cdk.json": "{}", "fn/app.py": CODE}, True),
        ({"cdk.json": "{}", "fn/app.py": CODE, "lib/fn/app.py": CODE}, True),
        ({"cdk.json": "{}", "lib/fn/app.py": CODE}, False),
        ({"cdk.json": "{}", "lib/cdk.json": "{}", "fn/app.py": CODE}, False),
        ({"fn/app.py": CODE}, False),
    ],
    ids=[
        "beside cdk.json",
        "not beside the file",
        "nothing beside cdk.json",
        "beside a cdk.json that is farther",
        "without cdk.json",
    ],
)
def test_handlers_that_are_not_there_where_the_app_is_run(files, is_told):
    text = MISSING.replace("path.join(__dirname, 'fn')", "'fn'")
    found = violations({"lib/stack.ts": HEAD + text, **files})
    assert [one.code for one in found] == ["LMB104"] * is_told
