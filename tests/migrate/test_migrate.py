"""The command `migrate`, as users run it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys

import pytest

from flake8_lambda_handler import progress
from flake8_lambda_handler.cli import main
from tests.migrate.rewriting import command
from tests.support import project
from tests.support import run

pytestmark = pytest.mark.usefixtures("with_and_without_git")

ASYNC = "async def lambda_handler(event, context):\n    return await work(event)\n"
SYNC = """import asyncio


def lambda_handler(event, context):
    return asyncio.run(_lambda_handler(event, context))


async def _lambda_handler(event, context):
    return await work(event)
"""
REFUSED = (
    "import trio\nasync def lambda_handler(event, context):\n    await trio.sleep(1)\n"
)
BROKEN = "def lambda_handler(event, context:\n"


def migrate(*arguments, stdin=""):
    """Run the command in this process and the current folder."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        try:
            code = main(["migrate", *arguments])
        except SystemExit as stopped:  # argparse
            code = stopped.code
    return subprocess.CompletedProcess(arguments, code, *map(written, streams))


def written(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()


def migrate_as_users_do(*arguments, cwd):
    done = run("flake8_lambda_handler", "migrate", *arguments, cwd=cwd)
    assert "Traceback" not in done.stderr
    return done


def test_rewrites_in_place():
    with project({"src/app.py": ASYNC, "other.py": "x = 1\n"}) as folder:
        done = migrate_as_users_do(cwd=folder)
        assert (folder / "src/app.py").read_text() == SYNC
        assert done.returncode == 0
        assert done.stdout == ""
        assert done.stderr == "Rewrote src/app.py (lambda_handler)\n1 file rewritten\n"
        again = migrate_as_users_do("--check", cwd=folder)
        assert (again.returncode, again.stderr) == (0, "0 files to rewrite\n")


def test_check_writes_nothing():
    with project({"app.py": ASYNC}) as folder:
        done = migrate("--check")
        assert (folder / "app.py").read_text() == ASYNC
        assert done.returncode == 1
        assert (
            done.stderr == "Would rewrite app.py (lambda_handler)\n1 file to rewrite\n"
        )


def test_diff_is_applied_by_git():
    with project({"src/app.py": ASYNC.rstrip("\n"), "b.py": ASYNC}) as folder:
        shutil.rmtree(folder / ".git", ignore_errors=True)
        clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True, env=clean)
        done = migrate_as_users_do("--diff", cwd=folder)
        assert done.returncode == 1
        assert (folder / "b.py").read_text() == ASYNC
        subprocess.run(
            ["git", "apply", "-"],
            cwd=folder,
            input=done.stdout.encode(),
            check=True,
            env=clean,
        )
        assert (folder / "b.py").read_text() == SYNC
        assert (folder / "src/app.py").read_text() == SYNC.rstrip("\n")


def test_goes_on_after_a_refusal_and_a_broken_file():
    files = {"a.py": REFUSED, "b.py": BROKEN, "c.py": ASYNC, "d/e.py": "\0"}
    with project(files) as folder:
        done = migrate_as_users_do(cwd=folder)
        assert done.returncode == 3
        assert (folder / "c.py").read_text() == SYNC
        for path in ("a.py", "b.py", "d/e.py"):
            assert (folder / path).read_text() == files[path]
        lines = done.stderr.splitlines()
        assert "a.py:3: `lambda_handler` uses trio, which asyncio does not run" in lines
        assert any(line.startswith("b.py:1: SyntaxError") for line in lines)
        assert any(line.startswith("d/e.py:1: ") for line in lines)
        assert lines[-1] == "1 file rewritten, 1 refused, 2 files unread"


UNTOUCHED = {
    "an unknown decorator": (
        f"import vendor\n@vendor.wrap(1)\n{ASYNC}",
        "app.py:2: `lambda_handler` has a decorator `vendor.wrap` of unknown effect",
    ),
    "an async generator": (
        ASYNC.replace("return", "yield"),
        "app.py:1: `lambda_handler` is an async generator",
    ),
    "made by something unknown": (
        f"import vendor\n{ASYNC}lambda_handler = vendor.wrap(lambda_handler)\n",
        "app.py:4: `lambda_handler` is made of `lambda_handler` by `vendor.wrap` "
        "of unknown effect",
    ),
}


@pytest.mark.parametrize("mode", [[], ["--check"], ["--diff"]])
@pytest.mark.parametrize(("text", "line"), UNTOUCHED.values(), ids=UNTOUCHED)
def test_async_handler_that_is_not_touched_is_refused(text, line, mode):
    template = (
        "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        "      {CodeUri: ., Handler: app.lambda_handler, Runtime: python3.14}\n"
    )
    with project({"app.py": text, "template.yaml": template}) as folder:
        done = migrate(*mode)
        assert (folder / "app.py").read_text() == text
        verb = "to rewrite" if mode else "rewritten"
        assert done.stderr == f"{line}\n0 files {verb}, 1 refused\n"
        assert (done.returncode, done.stdout) == (3, "")
        # Who asks for another fix has not asked for this one.
        assert migrate("--fix=LMB202", *mode).returncode == 0


def test_a_file_in_no_encoding():
    data = b"# caf\xe9\n" + ASYNC.encode()
    with project({}) as folder:
        (folder / "app.py").write_bytes(data)
        done = migrate()
        assert done.returncode == 3
        assert done.stderr.startswith("app.py:1: ")
        assert (folder / "app.py").read_bytes() == data


BOUND = """import asyncio

LIMIT = asyncio.Semaphore(1)


async def work():
    async with LIMIT:
        await asyncio.sleep(0.01)


async def lambda_handler(event, context):
    await asyncio.gather(work(), work())
"""


@pytest.mark.parametrize(
    ("strategy", "driver", "note"),
    [
        ("auto", "_loop.run_until_complete", "so one loop is kept for it"),
        ("run", "asyncio.run", "and the next invocation has another one"),
    ],
)
def test_says_what_is_bound_to_a_loop(strategy, driver, note):
    with project({"app.py": BOUND}) as folder:
        done = migrate("--strategy", strategy)
        assert done.returncode == 0
        assert f"app.py:3: `LIMIT` is bound to a loop, {note}\n" in done.stderr
        assert f"return {driver}(_lambda_handler(" in (folder / "app.py").read_text()
        assert migrate("--strategy", strategy, "--check").returncode == 0


def test_a_kept_loop_takes_a_runtime_that_can():
    template = (
        "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        "      {CodeUri: ., Handler: app.lambda_handler, Runtime: python3.9}\n"
    )
    with project({"app.py": BOUND, "template.yaml": template}) as folder:
        done = migrate("--check")
        assert done.returncode == 3
        reason = "uses `LIMIT`, which is bound to a loop; keeping one takes python3.10"
        assert f"app.py:11: `lambda_handler` {reason}\n" in done.stderr


def test_a_loop_inside_the_loop():
    text = (
        "import asyncio\nfrom sync import start\n\n"
        "async def lambda_handler(event, context):\n"
        "    await asyncio.sleep(0)\n    return start()\n"
    )
    other = (
        "import asyncio\n\nasync def work():\n    return 1\n\n"
        "def start():\n    return asyncio.run(work())\n"
    )
    with project({"app.py": text, "sync.py": other}) as folder:
        done = migrate()
        assert done.returncode == 3
        assert "runs a loop inside the loop that would drive it" in done.stderr
        assert (folder / "app.py").read_text() == text


def test_report_as_json():
    with project({"a.py": REFUSED, "b.py": BROKEN, "c.py": ASYNC}) as folder:
        done = migrate("--report", "json")
        assert done.returncode == 3
        report = json.loads(done.stdout)
    assert report["changed"] == ["c.py"]
    assert report["rewritten"] == [
        {
            "path": "c.py",
            "line": 1,
            "name": "lambda_handler",
            "code": "LMB101",
            "to": "run",
        }
    ]
    assert report["refused"] == [
        {
            "path": "a.py",
            "line": 3,
            "name": "lambda_handler",
            "reason": "uses trio, which asyncio does not run",
        }
    ]
    assert [unread["path"] for unread in report["unread"]] == ["b.py"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fix", "LMB999"), "`LMB999` has no fix"),
        (("--runtime", "3.13"), "`3.13` is no runtime"),
        (("--jobs", "0"), "`0` is no number of processes"),
        (("--strategy", "both"), "invalid choice: 'both'"),
        (("--diff", "--check"), "not allowed with argument"),
        (("--diff", "--report", "json"), "both print to stdout"),
        (("--files-from", "none.txt"), "`none.txt`: No such file or directory"),
        (("-",), "`-` has no file to rewrite"),
        (("--lambda-as-of", "tomorrow"), "`tomorrow` is no date"),
    ],
)
def test_usage_errors(arguments, message):
    with project({"app.py": ASYNC}) as folder:
        done = migrate(*arguments)
        assert done.returncode == 2
        assert message in done.stderr
        assert (folder / "app.py").read_text() == ASYNC


def test_a_path_that_does_not_exist():
    with project({"app.py": ASYNC}) as folder:
        done = migrate("none.py", "app.py")
        assert done.returncode == 3
        assert "none.py:" in done.stderr
        assert (folder / "app.py").read_text() == SYNC


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\0"])
@pytest.mark.parametrize("source", ["-", "list.txt"])
def test_files_from(separator, source):
    with project({"my app.py": ASYNC, "b.py": ASYNC, "c.py": ASYNC}) as folder:
        text = separator.join(["my app.py", "b.py", ""])
        (folder / "list.txt").write_bytes(text.encode())
        done = migrate("--files-from", source, stdin=text)
        assert done.returncode == 0
        assert (folder / "my app.py").read_text() == SYNC
        assert (folder / "b.py").read_text() == SYNC
        assert (folder / "c.py").read_text() == ASYNC


def test_the_configuration_and_noqa_count():
    files = {
        "setup.cfg": "[flake8]\nlambda-handlers = src/*.main\nexclude = old\n"
        "select = E\n",
        "src/a.py": ASYNC.replace("lambda_handler", "main"),
        "src/b.py": ASYNC.replace("lambda_handler", "main").replace(
            ":\n", ":  # noqa: LMB101\n", 1
        ),
        "src/c.py": ASYNC,
        "old/d.py": ASYNC.replace("lambda_handler", "main"),
    }
    with project(files) as folder:
        done = migrate()
        assert done.stderr == "Rewrote src/a.py (main)\n1 file rewritten\n"
        assert done.returncode == 0


def test_files_that_cannot_be_replaced():
    with project({"a.py": ASYNC, "b.py": ASYNC, "c.py": ASYNC}) as folder:
        (folder / "a.py").chmod(0o444)
        os.link(folder / "b.py", folder / "b.txt")
        done = migrate()
        assert done.returncode == 3
        assert "a.py:1: `lambda_handler` is read-only" in done.stderr
        assert "b.py:1: `lambda_handler` has another hard link" in done.stderr
        assert (folder / "a.py").read_text() == (folder / "b.py").read_text() == ASYNC
        assert (folder / "c.py").read_text() == SYNC


def test_a_link_that_is_named():
    with project({"a/app.py": ASYNC}) as folder:
        (folder / "link.py").symlink_to("a/app.py")
        done = migrate("link.py")
        assert done.returncode == 0
        assert (folder / "link.py").is_symlink()
        assert (folder / "a/app.py").read_text() == SYNC


def test_a_link_beside_its_file():
    with project({"z.py": ASYNC}) as folder:
        (folder / "a.py").symlink_to("z.py")
        done = migrate()
        assert done.returncode == 0
        assert done.stderr == "Rewrote z.py (lambda_handler)\n1 file rewritten\n"
        assert (folder / "a.py").is_symlink()


def test_many_files_in_several_processes():
    files = {f"f{number}/app.py": ASYNC for number in range(100)} | {"z.py": BROKEN}
    with project(files) as folder:
        done = migrate_as_users_do("-j", "2", cwd=folder)
        assert done.returncode == 3
        assert all((folder / path).read_text() == SYNC for path in files if "/" in path)
        assert done.stderr.count("Rewrote ") == 100
        assert done.stderr == "".join(
            [
                f"Rewrote {path} (lambda_handler)\n"
                for path in sorted(files)
                if "/" in path
            ]
            + [line for line in done.stderr.splitlines(True) if line.startswith("z.py")]
            + ["100 files rewritten, 1 file unread\n"]
        )


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_shown_on_a_terminal_when_the_work_is_long(monkeypatch):
    with project({"a.py": "x = 1\n", "b.py": "x = 1\n"}):
        monkeypatch.setattr(sys, "stderr", Terminal())
        assert command() == 0
        assert sys.stderr.getvalue() == "0 files rewritten\n"
        monkeypatch.setattr(progress, "_LONG_SECONDS", 0)
        monkeypatch.setattr(progress, "_STEP_SECONDS", 0)
        monkeypatch.setattr(sys, "stderr", Terminal())
        assert command() == 0
        assert "] 2/2\r\033[K0 files rewritten\n" in sys.stderr.getvalue()
        monkeypatch.setattr(sys, "stderr", io.StringIO())
        assert command() == 0
        assert sys.stderr.getvalue() == "0 files rewritten\n"


def test_libcst_is_not_loaded_without_a_handler():
    script = (
        "import sys\n"
        "from flake8_lambda_handler.cli import main\n"
        "from flake8_lambda_handler import sandbox\n"
        "sandbox._started = None\n"
        "print(main(['migrate', '--isolated', '.']), 'libcst' in sys.modules)\n"
    )
    files = {"a.py": "async def load(key):\n    return key\n", "b.py": "x = 1\n"}
    with project(files) as folder:
        (folder / "run.txt").write_text(script)
        done = subprocess.run(
            [sys.executable, "run.txt"], cwd=folder, capture_output=True, text=True
        )
    assert done.stdout == "0 False\n"


def test_drives_a_returned_coroutine():
    text = (
        '"""Orders."""\n\n\nasync def main(event):\n    return event\n\n\n'
        "def lambda_handler(event, context):\n    return main(event)  # the order\n"
    )
    with project({"app.py": text}) as folder:
        assert migrate("--check").returncode == 0
        done = migrate("--fix", "LMB202")
        assert done.returncode == 0
        assert (folder / "app.py").read_text() == text.replace(
            "return main(event)", "return asyncio.run(main(event))"
        ).replace('"""\n', '"""\n\nimport asyncio\n', 1)
        assert migrate("--fix", "LMB202", "--check").returncode == 0


def test_a_future_is_no_coroutine():
    text = (
        "import asyncio\n\nasync def work(): ...\n\n"
        "def lambda_handler(event, context):\n    return [work()]\n"
    )
    with project({"app.py": text}) as folder:
        done = migrate("--fix", "LMB202")
        assert done.returncode == 3
        assert "`lambda_handler` returns a coroutine in another shape" in done.stderr
        assert (folder / "app.py").read_text() == text
