"""What holds for the rewrite of any valid module."""

from __future__ import annotations

import ast
import asyncio
import warnings

import hypothesmith
from hypothesis import HealthCheck
from hypothesis import assume
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from tests.migrate.rewriting import command
from tests.migrate.rewriting import rewritten
from tests.support import project

some = settings(
    deadline=None,
    max_examples=20,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
many = settings(some, max_examples=200)

HANDLER = "async def lambda_handler(event, context):\n    return await work(event)\n"


def is_valid(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text.encode(), "app.py", "exec")
        except (SyntaxError, ValueError, UnicodeError):
            return False
    return "\r" not in text.replace("\r\n", "")


@some
@given(hypothesmith.from_node(auto_target=False))
def test_any_module_without_a_handler_and_with_one(text):
    assume(is_valid(text) and "handler" not in text)
    with project({"app.py": text}) as folder:
        assert command("--report", "json") == 0
        assert (folder / "app.py").read_bytes() == text.encode()
    text = f"{text}\n{HANDLER}"
    assume(is_valid(text))
    result = rewritten(text.encode())
    if result.refusals:
        assert result.data == text.encode()
        return
    assert is_kept(text, result.data.decode())
    tree = ast.parse(result.data)
    assert not [
        node
        for node in tree.body
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "lambda_handler"
    ]


parameters = st.lists(
    st.sampled_from(["number=3", "text: str = 'a'", "table=None"]),
    unique=True,
    max_size=3,
)
comments = st.sampled_from(["", "# comment", "#! noqa: LMB", "# é"])
docstrings = st.sampled_from(
    ["", '"""Doc."""', "'Doc.'", 'r"""Two\nlines."""', "'a' 'b'", '"""Doc."""  # c']
)


@st.composite
def handlers(draw):
    """Draw a module whose handler gives back everything that it is called with."""
    indentation = draw(st.sampled_from(["    ", "  ", "\t"]))
    names = ["event", "context"]
    given = draw(parameters)
    names += [
        parameter.partition("=")[0].partition(":")[0].strip() for parameter in given
    ]
    head = ["event", "context", *given]
    if draw(st.booleans()):
        head.insert(draw(st.integers(1, 2)), "/")
    if draw(st.booleans()):
        head.append("*rest")
        names.append("rest")
        head.append("last=1")
        names.append("last")
    if draw(st.booleans()):
        head.append("**more")
        names.append("more")
    if draw(st.booleans()):
        header = f"async def lambda_handler({', '.join(head)}):"
    else:
        joined = "".join(f"{indentation}{one},\n" for one in head)
        header = f"async  def lambda_handler(  {draw(comments)}\n{joined}) -> dict :"
    body = [draw(docstrings), draw(comments)]
    body += ["", "return await work(locals())"] if draw(st.booleans()) else []
    body += ["return locals()"]
    lines = [f"{indentation}{line}" if line else "" for line in body]
    before = draw(
        st.lists(
            st.sampled_from(
                ['"""Doc."""', "import os", "import asyncio", "import asyncio as aio"]
                + ["# comment", "", "asyncio = None", "from os import path"]
            ),
            max_size=4,
        )
    )
    decorators = draw(
        st.lists(st.sampled_from(["@same", "@same  # c", "# c"]), max_size=3)
    )
    work = "async def work(value):\n    return value\ndef same(f):\n    return f\n"
    text = "\n".join([*before, work, *decorators, header + draw(comments), *lines])
    text += draw(st.sampled_from(["", "\n", "\n\n# end", "\nx = 1\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@many
@given(handlers())
def test_the_same_results(text):
    assume(is_valid(text))
    result = rewritten(text.encode())
    assert result.refusals == ()
    new = result.data.decode()
    assert is_kept(text, new)
    before, after = {}, {}
    exec(compile(text.encode(), "before.py", "exec"), before)
    exec(compile(result.data, "after.py", "exec"), after)
    old_handler, new_handler = before["lambda_handler"], after["lambda_handler"]
    for number in range(3):
        assert new_handler(number, "c") == asyncio.run(old_handler(number, "c"))
    assert new_handler.__doc__ == old_handler.__doc__
    assert new_handler.__defaults__ == old_handler.__defaults__


def is_kept(old: str, new: str) -> bool:
    """Do the old lines stand in the new text, all of them and in their order?"""

    def plain(line: str) -> str:
        return line.replace("async", "", 1).strip()

    remaining = map(plain, new.splitlines())
    return all(line in remaining for line in map(plain, old.splitlines()))
