"""The rewrite of one file, byte for byte."""

from __future__ import annotations

import re

import pytest

from flake8_lambda_handler.migrate import header
from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import rewrite
from tests.migrate.rewriting import dedented
from tests.migrate.rewriting import rewritten

#: Before and after.
REWRITTEN = {
    "nothing awaited: only the word goes": (
        """
        async def lambda_handler(event, context):
            return {"id": event["id"]}
        """,
        """
        def lambda_handler(event, context):
            return {"id": event["id"]}
        """,
    ),
    "the body runs a loop of its own": (
        """
        import asyncio

        async def lambda_handler(event, context):
            return asyncio.run(work(event))
        """,
        """
        import asyncio

        def lambda_handler(event, context):
            return asyncio.run(work(event))
        """,
    ),
    "the body reaches a loop through another function": (
        """
        import asyncio

        def start(event):
            return asyncio.get_event_loop().run_until_complete(work(event))

        async def lambda_handler(event, context):
            return start(event)
        """,
        """
        import asyncio

        def start(event):
            return asyncio.get_event_loop().run_until_complete(work(event))

        def lambda_handler(event, context):
            return start(event)
        """,
    ),
    "a task is made in a function that is called": (
        """
        import asyncio

        def schedule(event):
            return asyncio.create_task(work(event))

        async def lambda_handler(event, context):
            schedule(event)
        """,
        """
        import asyncio

        def schedule(event):
            return asyncio.create_task(work(event))

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            schedule(event)
        """,
    ),
    "awaits in a nested function are its own": (
        """
        async def lambda_handler(event, context):
            async def inner():
                await work()
            return {}
        """,
        """
        def lambda_handler(event, context):
            async def inner():
                await work()
            return {}
        """,
    ),
    "an await": (
        """
        async def lambda_handler(event, context):
            return await work(event)
        """,
        """
        import asyncio


        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            return await work(event)
        """,
    ),
    "async with": (
        """
        import os

        async def lambda_handler(event, context):
            async with session() as client:
                return client
        """,
        """
        import asyncio
        import os

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            async with session() as client:
                return client
        """,
    ),
    "an asynchronous comprehension": (
        """
        import asyncio

        async def lambda_handler(event, context):
            return [row async for row in rows()]
        """,
        """
        import asyncio

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            return [row async for row in rows()]
        """,
    ),
    "a task without an await": (
        """
        import asyncio

        async def lambda_handler(event, context):
            asyncio.create_task(work(event))
        """,
        """
        import asyncio

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            asyncio.create_task(work(event))
        """,
    ),
    "a docstring stays with the wrapper": (
        '''
        import asyncio

        async def lambda_handler(event, context):  # noqa: D400
            # Comments above the docstring stay with it.
            r"""Handle
            an order."""  # and behind it

            # This one belongs to the body.
            return await work(event)
        ''',
        '''
        import asyncio

        def lambda_handler(event, context):  # noqa: D400
            # Comments above the docstring stay with it.
            r"""Handle
            an order."""  # and behind it
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):

            # This one belongs to the body.
            return await work(event)
        ''',
    ),
    "comments above the body go with it": (
        """
        import asyncio

        async def lambda_handler(event, context):  # type: (dict, object) -> dict

            # First the order.
            return await work(event)
        """,
        """
        import asyncio

        def lambda_handler(event, context):  # type: (dict, object) -> dict
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):

            # First the order.
            return await work(event)
        """,
    ),
    "decorators and the comments between them stay": (
        """
        import asyncio

        # Before.
        @logger.inject_lambda_context(log_event=True)  # first
        # Between.
        @tracer.capture_lambda_handler
        async def lambda_handler(event, context):
            return await work(event)
        """,
        """
        import asyncio

        # Before.
        @logger.inject_lambda_context(log_event=True)  # first
        # Between.
        @tracer.capture_lambda_handler
        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            return await work(event)
        """,
    ),
    "every parameter is handed on": (
        """
        import asyncio

        async def lambda_handler(
            event: dict,  # the order
            /,
            context: Context = None,
            *rest: int,
            retries: int = 3,
            **options: object,
        ) -> dict:
            return await work(event)
        """,
        """
        import asyncio

        def lambda_handler(
            event: dict,  # the order
            /,
            context: Context = None,
            *rest: int,
            retries: int = 3,
            **options: object,
        ) -> dict:
            return asyncio.run(
                _lambda_handler(event, context, *rest, retries=retries, **options)
            )


        async def _lambda_handler(
            event: dict,
            /,
            context: Context,
            *rest: int,
            retries: int,
            **options: object,
        ) -> dict:
            return await work(event)
        """,
    ),
    "keyword-only behind a bare star": (
        """
        import asyncio

        async def lambda_handler(event, context, *, table=None): await work(table)
        """,
        """
        import asyncio

        def lambda_handler(event, context, *, table=None):
            return asyncio.run(_lambda_handler(event, context, table=table))


        async def _lambda_handler(event, context, *, table): await work(table)
        """,
    ),
    "an awaitable return annotation is unwrapped": (
        """
        import asyncio

        async def lambda_handler(event, context) -> t.Coroutine[None, None, dict]:
            return await work(event)
        """,
        """
        import asyncio

        def lambda_handler(event, context) -> dict:
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context) -> dict:
            return await work(event)
        """,
    ),
    "a body that begins with a decorated function": (
        """
        import asyncio

        async def lambda_handler(event, context):
            @cache
            def inner():
                return 1
            return await work(inner())
        """,
        """
        import asyncio

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            @cache
            def inner():
                return 1
            return await work(inner())
        """,
    ),
    "overloads describe the wrapper": (
        """
        import asyncio

        @overload
        async def lambda_handler(event: dict, context: object) -> dict: ...
        @typing.overload
        async def lambda_handler(event: str, context: object) -> str: ...
        async def lambda_handler(event, context):
            return await work(event)
        """,
        """
        import asyncio

        @overload
        def lambda_handler(event: dict, context: object) -> dict: ...
        @typing.overload
        def lambda_handler(event: str, context: object) -> str: ...
        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            return await work(event)
        """,
    ),
    "a name that is taken gets a number": (
        """
        import asyncio

        def _lambda_handler(event, context):
            return event

        async def lambda_handler(event, context):
            return await work(_lambda_handler(event, context))
        """,
        """
        import asyncio

        def _lambda_handler(event, context):
            return event

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler_2(event, context))


        async def _lambda_handler_2(event, context):
            return await work(_lambda_handler(event, context))
        """,
    ),
    "multi-line strings are not indented": (
        '''
        import asyncio

        async def lambda_handler(event, context):
            query = """
        SELECT *
            FROM orders"""
            return await work(query)
        ''',
        '''
        import asyncio

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            query = """
        SELECT *
            FROM orders"""
            return await work(query)
        ''',
    ),
    "match, walrus and except": (
        """
        import asyncio

        async def lambda_handler(event, context):
            match event:
                case {"id": str(key)} if (order := await work(key)):
                    return order
                case _:
                    return None
        """,
        """
        import asyncio

        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            match event:
                case {"id": str(key)} if (order := await work(key)):
                    return order
                case _:
                    return None
        """,
    ),
}

#: Uses in the same file: before and after. The handler awaits in all of them.
USES = {
    "await": (
        "return await lambda_handler(1, 2)",
        "return await _lambda_handler(1, 2)",
    ),
    "a task": (
        "asyncio.create_task(lambda_handler(1, 2))",
        "asyncio.create_task(_lambda_handler(1, 2))",
    ),
    "gather of a comprehension": (
        "return await asyncio.gather(*[lambda_handler(e, None) for e in events])",
        "return await asyncio.gather(*[_lambda_handler(e, None) for e in events])",
    ),
    "a call in async code that is kept": (
        "coroutine = lambda_handler(1, 2)",
        "coroutine = _lambda_handler(1, 2)",
    ),
    "a name of the function itself": (
        "lambda_handler = work\n    lambda_handler(1, 2)",
        "lambda_handler = work\n    lambda_handler(1, 2)",
    ),
    "a string": ("patch('app.lambda_handler')", "patch('app.lambda_handler')"),
    "an attribute": ("lambda_handler.calls = 1", "lambda_handler.calls = 1"),
}
SYNC_USES = {
    "asyncio.run": (
        "asyncio.run(lambda_handler({}, None))",
        "asyncio.run(_lambda_handler({}, None))",
    ),
    "a loop": (
        "loop.run_until_complete(asyncio.wait([lambda_handler(1, 2)]))",
        "loop.run_until_complete(asyncio.wait([_lambda_handler(1, 2)]))",
    ),
    "a coroutine that is kept and run": (
        "coroutine = lambda_handler({}, None)\n    return asyncio.run(coroutine)",
        "coroutine = _lambda_handler({}, None)\n    return asyncio.run(coroutine)",
    ),
    "async_to_sync": (
        "return async_to_sync(lambda_handler)({}, None)",
        "return async_to_sync(_lambda_handler)({}, None)",
    ),
    "print": ("print(lambda_handler({}, None))", "print(lambda_handler({}, None))"),
    "a result that is looked into": (
        "assert lambda_handler({}, None)['statusCode'] == 200",
        "assert lambda_handler({}, None)['statusCode'] == 200",
    ),
    "a bare call": ("lambda_handler({}, None)", "lambda_handler({}, None)"),
}

HANDLER = (
    "import asyncio\n\nasync def lambda_handler(event, context):\n    await work()\n"
)

#: Sources that stay as they are, with the facts about the target; the reason stands at
#: the line marked `# here`.
REFUSED = {
    "async generator": (
        """
        async def lambda_handler(event, context):
            await work()
            yield 1  # here
        """,
        {},
        "is an async generator",
    ),
    "trio": (
        """
        import trio
        async def lambda_handler(event, context):
            await trio.sleep(1)  # here
        """,
        {},
        "uses trio",
    ),
    "trio in a function that is called": (
        """
        import trio
        async def pause():
            await trio.sleep(1)
        async def lambda_handler(event, context):
            await pause()  # here
        """,
        {},
        "uses trio",
    ),
    "a loop of its own, and an await": (
        """
        import asyncio
        async def lambda_handler(event, context):
            asyncio.run(work())  # here
            await work()
        """,
        {},
        "runs a loop of its own, and awaits",
    ),
    "a loop of its own, and awaited": (
        """
        import asyncio
        async def lambda_handler(event, context):
            asyncio.run(work())  # here
        async def main():
            await lambda_handler(1, 2)
        """,
        {},
        "runs a loop of its own, and is awaited",
    ),
    "unknown decorator": (
        """
        @vendor.wrap(1)  # here
        async def lambda_handler(event, context):
            await work()
        """,
        {"decorators": ("unknown",)},
        "has a decorator `vendor.wrap` of unknown effect",
    ),
    "async decorator outside a sync one": (
        """
        @retry  # here
        @log
        async def lambda_handler(event, context):
            await work()
        """,
        {"decorators": ("async", "sync")},
        "has an async decorator outside a sync one",
    ),
    "used as a value": (
        """
        async def lambda_handler(event, context):
            await work()
        ROUTES = {"/": lambda_handler}  # here
        """,
        {},
        "is used here",
    ),
    "handed to who knows what": (
        """
        async def lambda_handler(event, context):
            await work()
        drive(lambda_handler({}, None))  # here
        """,
        {},
        "is used here",
    ),
    "kept, and both run and looked at": (
        """
        import asyncio
        async def lambda_handler(event, context):
            await work()
        def test():
            coroutine = lambda_handler({}, None)  # here
            print(coroutine)
            asyncio.run(coroutine)
        """,
        {},
        "is used here",
    ),
    "wrapped and bound again": (
        """
        async def lambda_handler(event, context):
            await work()
        lambda_handler = wrap(lambda_handler)  # here
        """,
        {},
        "is used here",
    ),
    "awaited, and bound to something else as well": (
        """
        import os
        async def lambda_handler(event, context):
            await work()
        async def main():
            await lambda_handler(1, 2)
        if os.environ.get("LOCAL"):
            def lambda_handler(event, context):  # here
                return {}
        """,
        {},
        "is bound here too",
    ),
    "a default with a side effect, and a caller that relies on it": (
        """
        async def lambda_handler(event, context, table=connect()):
            await work()
        async def main():
            await lambda_handler(1, 2)  # here
        """,
        {},
        "is called here without what its defaults give",
    ),
    "code on the line of the docstring": (
        '''
        async def lambda_handler(event, context):
            """Doc."""; await work()  # here
        ''',
        {},
        "has code on the line of its docstring",
    ),
    "code on the line of the docstring and of the header": (
        """
        async def lambda_handler(event, context): "Doc."; await work()  # here
        """,
        {},
        "has code on the line of its docstring",
    ),
    "a header that libcst does not give back": (
        f"""
        async def lambda_handler(event, context, number={"+".join("1" * 700)}):  # here
            await work()
        """,
        {},
        "libcst does not give back",
    ),
    "an object bound to a loop, on a runtime that cannot keep one": (
        """
        async def lambda_handler(event, context):  # here
            await work()
        """,
        {"bound": "`SESSION` (app.py:3)", "runtimes": ("python3.9",)},
        "uses `SESSION` (app.py:3), which is bound to a loop",
    ),
}


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=REWRITTEN)
def test_rewritten(before, after):
    result = rewritten(dedented(before).encode())
    assert result.refusals == ()
    assert result.data.decode() == dedented(after)


@pytest.mark.parametrize(("before", "after"), USES.values(), ids=USES)
def test_use_in_async_code(before, after):
    text = f"{HANDLER}\nasync def main(events):\n    {before}\n"
    result = rewritten(text.encode())
    assert result.refusals == ()
    assert result.data.decode().endswith(f"async def main(events):\n    {after}\n")


@pytest.mark.parametrize(("before", "after"), SYNC_USES.values(), ids=SYNC_USES)
def test_use_in_sync_code(before, after):
    text = f"{HANDLER}\ndef main(loop):\n    {before}\n"
    result = rewritten(text.encode())
    assert result.refusals == ()
    assert result.data.decode().endswith(f"def main(loop):\n    {after}\n")


@pytest.mark.parametrize(("source", "facts", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(source, facts, reason):
    text = dedented(source)
    result = rewritten(text.encode(), **facts)
    assert result.data == text.encode()
    assert result.done == ()
    (refusal,) = result.refusals
    assert reason in refusal.reason
    assert text.splitlines()[refusal.line - 1].endswith("# here")


def test_use_below_main_and_recursion():
    text = dedented(
        """
        #!/usr/bin/env python3
        async def lambda_handler(event, context=None):
            if event:
                return await lambda_handler(event[1:])
            return await work()

        if __name__ == "__main__":
            import asyncio

            asyncio.run(lambda_handler("abc"))
        """
    )
    result = rewritten(text.encode())
    assert result.data.decode() == dedented(
        """
        #!/usr/bin/env python3
        import asyncio


        def lambda_handler(event, context=None):
            return asyncio.run(_lambda_handler(event, context))


        async def _lambda_handler(event, context):
            if event:
                return await _lambda_handler(event[1:], context=None)
            return await work()

        if __name__ == "__main__":
            import asyncio

            asyncio.run(_lambda_handler("abc", context=None))
        """
    )


def test_async_decorators_go_to_the_implementation():
    text = dedented(
        """
        import asyncio

        @log
        # Between.
        @retry(
            times=3,
        )
        @cache
        async def lambda_handler(event, context):
            return 1
        """
    )
    result = rewritten(text.encode(), decorators=("sync", "async", "async"))
    assert result.data.decode() == dedented(
        """
        import asyncio

        @log
        # Between.
        def lambda_handler(event, context):
            return asyncio.run(_lambda_handler(event, context))


        @retry(
            times=3,
        )
        @cache
        async def _lambda_handler(event, context):
            return 1
        """
    )


def test_a_driving_decorator_leaves_nothing_to_do():
    text = "@run\nasync def lambda_handler(event, context):\n    await work()\n"
    result = rewritten(text.encode(), decorators=("driving",))
    assert result == (text.encode(), (), ())


BRANCHES = dedented(
    """
    import asyncio
    import os

    if os.environ.get("FAST"):
        async def lambda_handler(event, context):
            return await fast(event)
    else:
        try:
            async def lambda_handler(event, context):
                return await slow(event)
        finally:
            pass
    """
)


def test_definitions_in_branches():
    targets = [Target(line, "lambda_handler") for line in (5, 9)]
    result = rewrite(BRANCHES.encode(), targets, header.split)
    assert result.data.decode() == dedented(
        """
        import asyncio
        import os

        if os.environ.get("FAST"):
            def lambda_handler(event, context):
                return asyncio.run(_lambda_handler(event, context))

            async def _lambda_handler(event, context):
                return await fast(event)
        else:
            try:
                def lambda_handler(event, context):
                    return asyncio.run(_lambda_handler(event, context))

                async def _lambda_handler(event, context):
                    return await slow(event)
            finally:
                pass
        """
    )


def test_a_kept_loop_exists_in_every_branch():
    targets = [Target(line, "lambda_handler", bound="`C`") for line in (5, 9)]
    result = rewrite(BRANCHES.encode(), targets, header.split)
    assert result.data.count(b"_loop = None\n") == 2
    assert result.data.count(b"\n        _loop = None\n") == 1


def test_edits_that_would_overlap_are_refused():
    text = dedented(
        """
        import asyncio

        async def first():
            await work()

        async def second(event, value=asyncio.run(first())):
            await work()
        """
    )
    targets = [Target(3, "first"), Target(6, "second")]
    result = rewrite(text.encode(), targets, header.split)
    assert result.data == text.encode()
    assert "without touching other code" in result.refusals[0].reason


def test_keeps_one_loop_for_what_is_bound_to_it():
    result = rewritten(HANDLER.encode(), bound="`CLIENT` (app.py:3)")
    assert result.done[0].form == "loop"
    assert result.data.decode() == dedented(
        """
        import asyncio

        def lambda_handler(event, context):
            # One loop for the life of the environment, never closed:
            # `CLIENT` (app.py:3) is bound to it.
            global _loop
            if _loop is None:
                _loop = asyncio.new_event_loop()  # noqa: LMB301
            return _loop.run_until_complete(_lambda_handler(event, context))


        _loop = None


        async def _lambda_handler(event, context):
            await work()
        """
    )


@pytest.mark.parametrize(
    ("strategy", "bound", "runtimes", "form"),
    [
        ("auto", "", (), "run"),
        ("auto", "", ("python3.7", "python3.13"), "run"),
        ("auto", "", ("python3.6", "python3.13"), "new-loop"),
        ("auto", "`CLIENT`", (), "loop"),
        ("auto", "`CLIENT`", ("python3.10",), "loop"),
        ("run", "`CLIENT`", ("python3.8",), "run"),
        ("run", "", ("python3.6",), "new-loop"),
        ("loop", "", (), "loop"),
        ("loop", "", ("python3.8",), "loop"),
    ],
)
def test_form_of_the_loop(strategy, bound, runtimes, form):
    result = rewritten(HANDLER.encode(), strategy, bound=bound, runtimes=runtimes)
    assert [done.form for done in result.done] == [form]


def test_a_new_loop_without_asyncio_run():
    text = (
        "import asyncio\n\nasync def lambda_handler(event, loop):\n    await work()\n"
    )
    result = rewritten(text.encode(), runtimes=("python3.6",))
    assert result.data.decode() == dedented(
        """
        import asyncio

        def lambda_handler(event, loop):
            _loop = asyncio.new_event_loop()
            try:
                asyncio.set_event_loop(_loop)
                return _loop.run_until_complete(_lambda_handler(event, loop))
            finally:
                _loop.close()


        async def _lambda_handler(event, loop):
            await work()
        """
    )


def test_a_private_handler_is_not_mangled():
    text = b"async def _handler(event, context):\n    await work()\n"
    result = rewrite(text, [Target(1, "_handler")], header.split)
    assert result.done[0].implementation == "_handler_async"


#: What the bytes of a file can be like.
BYTES = {
    "CR LF": HANDLER.replace("\n", "\r\n").encode(),
    "mixed line ends": HANDLER.encode().replace(b"context):\n", b"context):\r\n"),
    "tabs": HANDLER.replace("    ", "\t").encode(),
    "no final newline": HANDLER.rstrip("\n").encode(),
    "byte order mark": b"\xef\xbb\xbf" + HANDLER.encode(),
    "Latin-1": b"# coding: latin-1\n# caf\xe9\n" + HANDLER.encode() + b"# \xe9\xff\n",
    "form feed between functions": HANDLER.replace("\n\n", "\n\x0c\n", 1).encode(),
    "form feed in the body": HANDLER.encode() + b"    x = 1 \x0c + 2\n",
    "text behind non-ASCII on its line": "x = 'é'; ".encode() + HANDLER.encode(),
    "line separators in a string": HANDLER.encode() + "    x = '\u2028\x85'\n".encode(),
    "except with a blank that libcst loses": HANDLER.encode()
    + b"    try: pass\n    except OSError : pass\n",
    "indentation that libcst rejects": HANDLER.encode()
    + b"if 1:\n\tif 1:\n\t  x = 1\n",
    "a long chain that libcst cannot walk": HANDLER.encode()
    + b"x = "
    + b" + ".join([b"1"] * 800)
    + b"\n",
    "very long": HANDLER.encode() + b"x = 1\n" * 20_000,
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_every_other_byte_is_kept(data):
    result = rewritten(data)
    assert result.refusals == ()
    header = re.search(rb"async (def lambda_handler\(event, context\):)(\r?\n)", data)
    indentation = re.compile(rb"[ \t]*").match(data, header.end())[0]
    lines = [
        header[1],
        indentation + b"return asyncio.run(_lambda_handler(event, context))",
        b"",
        b"",
        b"async def _lambda_handler(event, context):",
        b"",
    ]
    expected = data[: header.start()] + header[2].join(lines) + data[header.end() :]
    assert result.data == expected


def test_a_docstring_at_the_very_end():
    data = (
        b'async def main(): await lambda_handler()\nasync def lambda_handler(): "Doc."'
    )
    result = rewritten(data)
    assert "has code on the line of its docstring" in result.refusals[0].reason
    data = data.replace(b' "Doc."', b'\n    "Doc."')
    assert rewritten(data).data.endswith(
        b'\ndef lambda_handler():\n    "Doc."\n'
        b"    return asyncio.run(_lambda_handler())\n\n\n"
        b"async def _lambda_handler():\n    pass"
    )


def test_an_import_that_has_to_go_below_a_line_with_code():
    data = b'"""Doc."""; x = (\n1)\nasync def lambda_handler(event):\n  await w()\n'
    result = rewritten(data)
    assert result.refusals == ()
    assert result.data.startswith(b'"""Doc."""; x = (\n1)\n\nimport asyncio\n')
