"""A coroutine that is used as a plain value is told at the call that makes it."""

from __future__ import annotations

import asyncio
import builtins
import gc
import importlib
import importlib.util
import re
import textwrap
import warnings
from typing import Any

import pytest

from tests.support import assert_marked
from tests.support import violations

WORK = """
import asyncio

async def work(x=1):
    return x

"""

#: Each of them fails or lies, wherever the coroutine was made.
BAD = {
    "matched by a mapping that binds names": """
        async def f():
            match work():  # LMB201
                case {"a": found}:
                    return found
                case _:
                    return 1
    """,
    "matched by a sequence, lines later": """
        async def f():
            found = work()  # LMB201
            match found:
                case [first, *others]:
                    return first, others
    """,
    "the default of what data gives": """
        async def f(data, key):
            found = data.get(key, work())  # LMB201
            return found["x"]
    """,
    "set by default in what is given": """
        async def f(data, key):
            return data.setdefault(key, work())["x"]  # LMB201
    """,
    "set by default in a global": """
        CACHE = {}
        async def f(key):
            return CACHE.setdefault(key, work())["x"]  # LMB201
    """,
    "items of it in a list": """
        async def f():
            return [1, *work()]  # LMB201
    """,
    "an item of a global": """
        SETTINGS = work()  # LMB201
        NAME = SETTINGS["name"]
    """,
    "an item of what a nested function reads": """
        async def f():
            found = work()  # LMB201
            def inner():
                return found
            return found["a"], inner
    """,
    "what is an attribute of tasks only": """
        async def f():
            job = work()  # LMB201
            return job.result()
    """,
    "a model's validator": """
        from pydantic import BaseModel
        class Model(BaseModel):
            x: int
        async def f():
            return Model.model_validate(work())  # LMB201
    """,
    "a model's keywords": """
        from pydantic import BaseModel
        class Model(BaseModel):
            x: int
        async def f():
            data = work()  # LMB201
            return Model(**data)
    """,
    "its text, lines later": """
        async def f():
            x = work()  # LMB201
            return str(x)
    """,
    "an attribute, lines later": """
        async def f():
            x = work()  # LMB201
            y = 3
            print(y)
            return x.name
    """,
    "an item, lines later": """
        async def f():
            x = work()  # LMB201
            y = 3
            print(y)
            return x["name"]
    """,
    "encoded in a dict": """
        import json
        async def f():
            d = {"user": work()}  # LMB201
            return {"statusCode": 200, "body": json.dumps(d)}
    """,
    "encoded deep in a dict": """
        import json
        async def f():
            d = {"data": {"user": work()}}  # LMB201
            return json.dumps(d)
    """,
    "encoded in a dict that is filled": """
        import json
        async def f():
            d = {}
            d["user"] = work()  # LMB201
            return json.dumps(d)
    """,
    "matched": """
        async def f():
            match work():  # LMB201
                case 1:
                    return 1
                case _:
                    return 2
    """,
    "matched, lines later": """
        async def f():
            status = work()  # LMB201
            match status:
                case "a":
                    return 1
                case "b":
                    return 2
    """,
    "one arm of a conditional expression": """
        async def f(flag):
            x = work() if flag else None  # LMB201
            return x["a"]
    """,
    "an arm beside a dict": """
        async def f(flag):
            x = work() if flag else {}  # LMB201
            return x.get("a")
    """,
    "both arms": """
        async def f(flag):
            x = work(1) if flag else work(2)  # LMB201
            return x["a"]
    """,
    "behind an `or`": """
        async def f(flag):
            x = flag or work()  # LMB201
            return x["a"]
    """,
    "before an `or`": """
        async def f(flag):
            x = work() or {}  # LMB201
            return x
    """,
    "what `setdefault` gives": """
        async def f(k):
            d = {}
            x = d.setdefault(k, work())  # LMB201
            return x["a"]
    """,
    "a walrus, compared": """
        async def f(k):
            if (x := work(k)) > 3:  # LMB201
                return x
    """,
    "a walrus, compared with None": """
        async def f(k):
            if (x := work(k)) is not None:  # LMB201
                return x["a"]
    """,
    "values of a comprehension": """
        async def f(ks):
            xs = [work(k) for k in ks]  # LMB201
            return [x["a"] for x in xs]
    """,
    "encoded values of a comprehension": """
        import json
        async def f(ks):
            return json.dumps({k: work(k) for k in ks})  # LMB201
    """,
    "an encoded comprehension": """
        import json
        async def f(ks):
            return json.dumps([work(k) for k in ks])  # LMB201
    """,
    "summed": """
        async def f(ks):
            return sum(work(k) for k in ks)  # LMB201
    """,
    "summed, lines later": """
        async def f(ks):
            xs = [work(k) for k in ks]  # LMB201
            return sum(xs)
    """,
    "sorted": """
        async def f(ks):
            return sorted([work(k) for k in ks])  # LMB201
    """,
    "the largest": """
        async def f(ks):
            return max(work(k) for k in ks)  # LMB201
    """,
    "the larger": """
        async def f(ks):
            return max(work(1), 3)  # LMB201
    """,
    "ordered, lines later": """
        async def f():
            x = work()  # LMB201
            if x > 3:
                return 1
    """,
    "searched": """
        async def f(k):
            return k in work()  # LMB201
    """,
    "searched, lines later": """
        async def f(k):
            x = work()  # LMB201
            if k in x:
                return 1
    """,
    "its length, lines later": """
        async def f(k):
            x = work()  # LMB201
            return len(x)
    """,
    "iterated, lines later": """
        async def f(k):
            xs = work()  # LMB201
            for x in xs:
                print(x)
    """,
    "iterated in a comprehension": """
        async def f(k):
            xs = work()  # LMB201
            return [x for x in xs]
    """,
    "unpacked, lines later": """
        async def f(k):
            xs = work()  # LMB201
            a, b = xs
            return a
    """,
    "keywords of a call": """
        async def f(k):
            xs = work()  # LMB201
            return dict(**xs)
    """,
    "merged into a dict": """
        async def f(k):
            return {"a": 1, **work(k)}  # LMB201
    """,
    "arguments of a call": """
        async def f(k):
            return print(*work(k))  # LMB201
    """,
    "the end of a condition": """
        async def f(k):
            if k and work(k):  # LMB201
                return 1
    """,
    "the end of a condition, lines later": """
        async def f(k):
            ok = work(k)  # LMB201
            if k and ok:
                return 1
            return 2
    """,
    "a truth test, lines later": """
        async def f(k):
            ok = work(k)  # LMB201
            if ok:
                return 1
            return 2
    """,
    "denied, lines later": """
        async def f(k):
            ok = work(k)  # LMB201
            if not ok:
                raise ValueError(k)
            return 2
    """,
    "the condition of a loop": """
        async def f(k):
            while work(k):  # LMB201
                print(k)
    """,
    "an item is assigned": """
        async def f(k):
            x = work()  # LMB201
            x["a"] = 1
            return 3
    """,
    "formatted, lines later": """
        async def f(d):
            x = work()  # LMB201
            return f"a {x}"
    """,
    "added in place": """
        async def f(d):
            total = 0
            total += work()  # LMB201
            return total
    """,
    "raised": """
        async def f(d):
            raise work()  # LMB201
    """,
    "an attribute is assigned": """
        async def f(d):
            work().x = 1  # LMB201
    """,
    "called": """
        async def f(d):
            return work()()  # LMB201
    """,
    "a method": """
        async def f(d):
            return work().get("a")  # LMB201
    """,
    "an item is deleted": """
        async def f(d):
            x = work()  # LMB201
            del x["a"]
    """,
    "read as JSON": """
        import json
        async def f(d):
            return json.loads(work())  # LMB201
    """,
    "encoded as base64": """
        import base64
        async def f(d):
            return base64.b64encode(work())  # LMB201
    """,
    "read as a date": """
        from datetime import datetime
        async def f(d):
            return datetime.fromisoformat(work())  # LMB201
    """,
    "made a number": """
        from decimal import Decimal
        async def f(d):
            return Decimal(work())  # LMB201
    """,
    "searched by a pattern": """
        import re
        async def f(d):
            return re.match("a", work())  # LMB201
    """,
    "made a dict": """
        from dataclasses import asdict
        async def f(d):
            return asdict(work())  # LMB201
    """,
    "a part of a path": """
        import os
        async def f(d):
            return os.path.join("a", work())  # LMB201
    """,
    "an item of a table": """
        import boto3
        table = boto3.resource("dynamodb").Table("x")
        async def f(d):
            table.put_item(Item={"a": work()})  # LMB201
    """,
    "an object's body": """
        import boto3
        client = boto3.client("s3")
        async def f(d):
            client.put_object(Bucket="a", Key="b", Body=work())  # LMB201
    """,
    "seconds to wait": """
        import time
        async def f(d):
            time.sleep(work())  # LMB201
    """,
    "copied as a dict": """
        async def f(d):
            return dict(work())  # LMB201
    """,
    "zipped": """
        async def f(d):
            return list(zip(d, work()))  # LMB201
    """,
    "each one's text": """
        async def f(ks):
            return list(map(str, [work(k) for k in ks]))  # LMB201
    """,
    "a printed list": """
        async def f(ks):
            print([work(k) for k in ks])  # LMB201
    """,
    "logged in a dict": """
        import logging
        logger = logging.getLogger()
        async def f(ks):
            logger.info("x", extra={"a": work()})  # LMB201
    """,
}

BAD["a limit of what is drawn, and the text that is copied"] = """
    import copy
    import random
    async def f(entry):
        random.uniform(0, work())  # LMB201
        return copy.deepcopy(work())  # LMB201
"""
BAD["asserted to be something else, then given away"] = """
    class Model: ...
    async def f(make):
        found = work()  # LMB201
        assert isinstance(found, dict)
        other = work()  # LMB201
        assert other is not None and isinstance(other, (list, Model))
        return make(found, other)
"""

#: The same uses of values that are no coroutines any more, or are run after all.
GOOD = {
    "matched as a whole": """
        async def f():
            match work():
                case {"a": found}:
                    return found
                case other:
                    return await other
    """,
    "matched by a class, as a whole": """
        from collections.abc import Coroutine
        async def f():
            match work():
                case Coroutine() as job:
                    return await job
    """,
    "matched once it is awaited": """
        async def f():
            match await work():
                case {"a": found}:
                    return found
    """,
    "the default of what data gives, awaited": """
        async def f(data, key):
            return await data.get(key, work())
    """,
    "the default of what data gives, awaited later": """
        async def f(data, key):
            found = data.get(key, work())
            return (await found)["x"]
    """,
    "awaited by whoever is asked": """
        async def f(cache, key):
            return await cache.get(key, work())
    """,
    "set by default in a global, awaited later": """
        CACHE = {}
        async def f(key):
            return (await CACHE.setdefault(key, work()))["x"]
    """,
    "items of its result in a list": """
        async def f():
            return [1, *await work()]
    """,
    "a global that is run first": """
        SETTINGS = work()
        VALUES = asyncio.run(SETTINGS)
        NAME = VALUES["name"]
    """,
    "an item of what a nested function awaits": """
        async def f():
            job = work()
            async def inner():
                return await job
            return (await inner())["a"]
    """,
    "what is an attribute of tasks": """
        async def f():
            job = asyncio.create_task(work())
            await job
            return job.result()
    """,
    "awaited before it is used": """
        async def f():
            x = await work()
            return x["a"], x.name, str(x), len(x)
    """,
    "arms correlated": """
        def plain(): return {}
        async def f(is_async):
            x = work() if is_async else plain()
            if is_async:
                return (await x)["a"]
            return x["a"]
    """,
    "arms correlated, rebound": """
        def plain(): return {}
        async def f(is_async):
            x = work() if is_async else plain()
            if is_async:
                x = await x
            return x["a"]
    """,
    "isinstance": """
        async def f(flag):
            x = work() if flag else {}
            if isinstance(x, dict):
                return x["a"]
            return await x
    """,
    "isinstance in helper": """
        def show(x):
            if isinstance(x, dict):
                return x["a"]
            return x
        async def f(flag):
            return await show(work())
    """,
    "helper drives": """
        def go(c):
            print(c)
            return asyncio.run(c)
        def f():
            return go(work())
    """,
    "helper, hasattr": """
        async def resolve(x):
            if hasattr(x, "__await__"):
                x = await x
            return x["a"]
        async def f():
            return await resolve(work())
    """,
    "helper, isawaitable": """
        import inspect
        async def resolve(x):
            if inspect.isawaitable(x):
                x = await x
            return x["a"]
        async def f():
            return await resolve(work())
    """,
    "helper, iscoroutine else": """
        import inspect
        async def resolve(x):
            if not inspect.iscoroutine(x):
                return x["a"]
            return await x
        async def f():
            return await resolve(work())
    """,
    "helper try": """
        async def resolve(x):
            try:
                return await x
            except TypeError:
                return x["a"]
        async def f():
            return await resolve(work())
    """,
    "tested and awaited": """
        async def f(flag):
            x = work() if flag else None
            if x:
                return (await x)["a"]
            return None
    """,
    "tested not and awaited": """
        async def f(flag):
            x = work() if flag else None
            if not x:
                return None
            return (await x)["a"]
    """,
    "tested certain and awaited": """
        async def f(flag):
            x = work()
            if x is None:
                return None
            return (await x)["a"]
    """,
    "match, case awaits": """
        async def f():
            x = work()
            match x:
                case None:
                    return 1
                case _:
                    return await x
    """,
    "match, captured": """
        async def f():
            match work():
                case None:
                    return 1
                case x:
                    return await x
    """,
    "match awaited": """
        async def f():
            match await work():
                case 1:
                    return 1
                case _:
                    return 2
    """,
    "pydantic": """
        from pydantic import BaseModel
        class Model(BaseModel):
            x: int
        async def f():
            return Model.model_validate(await work())
    """,
    "pydantic own": """
        from pydantic import BaseModel
        class Model(BaseModel):
            x: int
            @classmethod
            async def model_validate(cls, data):
                return cls(**await data)
        async def f():
            return await Model.model_validate(work())
    """,
    "pydantic other class": """
        class Model:
            @classmethod
            def parse_obj(cls, data):
                return asyncio.run(data)
        def f():
            return Model.parse_obj(work())
    """,
    "dict of coroutines": """
        async def f(k):
            d = {"a": work(), "b": work()}
            return await d[k]
    """,
    "get default awaited": """
        async def f(d, k):
            return await d.get(k, work())
    """,
    "get default local, awaited": """
        async def f(k):
            d = {"a": work(1)}
            x = d.get(k, work())
            return await x
    """,
    "setdefault awaited": """
        PENDING = {}
        async def f(k):
            x = PENDING.setdefault(k, work(k))
            return await x
    """,
    "or awaited": """
        async def f(c=None):
            x = c or work()
            return (await x)["a"]
    """,
    "walrus awaited": """
        async def f():
            if (x := await work()) is not None:
                return x["a"]
    """,
    "walrus coroutine": """
        async def f(flag):
            if (x := work() if flag else None) is not None:
                return await x
    """,
    "values of a comprehension, awaited": """
        async def f(ks):
            xs = [work(k) for k in ks]
            return [(await x)["a"] for x in xs]
    """,
    "gathered and used": """
        async def f(ks):
            xs = [work(k) for k in ks]
            return sum(await asyncio.gather(*xs)), len(xs), sorted(ks)
    """,
    "gathered in a dict": """
        async def f(ks):
            jobs = {k: work(k) for k in ks}
            return dict(zip(jobs, await asyncio.gather(*jobs.values())))
    """,
    "compared identity": """
        async def f(other):
            c = work()
            if c is other:
                print("same")
            return await c
    """,
    "membership": """
        async def f(ks):
            todo = [work(k) for k in ks]
            c = todo[0]
            if c in todo:
                print("x")
            for c in todo:
                await c
    """,
    "task attribute": """
        async def f():
            t = asyncio.create_task(work())
            t.add_done_callback(print)
            await t
            return t.result()["a"]
    """,
    "sorted by key": """
        async def f(ks):
            jobs = sorted([(k, work(k)) for k in ks], key=lambda one: one[0])
            for k, job in jobs:
                await job
    """,
    "asserted to be what it may be": """
        import inspect
        from collections.abc import Awaitable
        from typing import Protocol
        class Closable(Protocol):
            def close(self): ...
        async def f(make, is_new):
            one, two, three = work(), work(), work()
            assert isinstance(one, (dict, Awaitable))
            assert isinstance(two, Closable)
            assert inspect.iscoroutine(three)
            four = work() if is_new else {}
            assert isinstance(four, dict)
            return make(one, two, three, four)
    """,
    "put into another order, or into another object": """
        import random
        from dataclasses import dataclass, replace
        @dataclass(frozen=True)
        class Entry:
            stream: object = None
        async def parts(stream):
            async for one in stream:
                yield one
        async def f(entry: Entry, stream, keys):
            jobs = [work(key) for key in keys]
            random.shuffle(jobs)
            await asyncio.gather(*random.sample(jobs, len(jobs)))
            return replace(entry, stream=parts(stream))
    """,
    "its text, and it is awaited": """
        async def f():
            c = work()
            name = str(c)
            return name, await c
    """,
    "cr_frame": """
        def f():
            c = work()
            print(c.cr_frame, c.__name__)
            c.close()
    """,
    "json.loads awaited": """
        import json
        async def f():
            return json.loads(await work())
    """,
    "copy later": """
        async def f(flag):
            c = work()
            d = c
            return await d
    """,
    "raise awaited": """
        async def f():
            raise await work()
    """,
    "** awaited": """
        async def f():
            return dict(**await work()), {**await work()}
    """,
    "asyncio.sleep": """
        import time
        async def f():
            time.sleep(await work())
            await asyncio.sleep(1)
    """,
    "returned by branch, told by driver": """
        def start(flag):
            return work() if flag else None
        async def f(flag):
            x = start(flag)
            if x is not None:
                await x
    """,
    "sync or async client": """
        class Sync:
            def get(self): return {}
        class Async:
            async def get(self): return {}
        async def f(flag):
            client = Async() if flag else Sync()
            x = client.get()
            if flag:
                x = await x
            return x["a"]
    """,
    "setattr on task": """
        async def f():
            t = asyncio.create_task(work())
            t.name = 1
            await t
    """,
    "closure": """
        async def f(pool):
            c = work()
            def g():
                return asyncio.run(c)
            return pool.call(g)
    """,
    "event loop": """
        def f():
            loop = asyncio.new_event_loop()
            c = work()
            if loop.is_running():
                return loop.create_task(c)
            return loop.run_until_complete(c)
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_awaited(source):
    awaited = re.sub(r"(work\([^()]*\))", r"(await \1)", source)
    assert_marked(WORK + textwrap.dedent(awaited.replace("# LMB201", "")))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(WORK + textwrap.dedent(source))


FUTURES = {
    "iterated": "for x in asyncio.gather(work(), work()): print(x)",
    "unpacked": "a, b = asyncio.gather(work(), work())",
    "an item": "print(asyncio.gather(work(), work())[0])",
    "its length": "print(len(asyncio.gather(work(), work())))",
    "encoded": "json.dumps({'a': asyncio.gather(work(), work())})",
    "an attribute": "print(asyncio.shield(work()).name)",
}


@pytest.mark.parametrize("line", FUTURES.values(), ids=FUTURES)
def test_futures(line):
    source = f"import json\n{WORK}async def f():\n    {line}"
    assert_marked(source + "  # LMB201")
    awaited = re.sub(r"(asyncio\.(gather|shield)\(.*?\(\)\))", r"(await \1)", source)
    assert "await asyncio" in awaited
    assert_marked(awaited)


PLACES = """
import asyncio
from helper import price

async def work(x=1):
    return x

def show(order):
    return order["name"]

async def told(ks):
    here = work()["a"]
    later = work()
    print(later)
    show(work())
    price(work())
    return later["a"], here
"""
HELPER = """
def price(order):
    return order.price
"""


def test_words():
    found = violations({"app.py": PLACES, "helper.py": HELPER})
    assert [(one.line, one.column, one.text) for one in found] == [
        (11, 11, "`work()` is never awaited; a subscript raises TypeError; `await` it"),
        (
            12,
            12,
            "`work()` is never awaited; a subscript (line 16) raises TypeError; `await` "
            "it",
        ),
        (
            14,
            9,
            "`work()` is never awaited; a subscript (line 8) raises TypeError; `await` it",
        ),
        (
            15,
            10,
            "`work()` is never awaited; attribute `price` (helper.py:2) raises "
            "AttributeError; `await` it",
        ),
    ]


#: What a use comes to; `async` before a word makes the other kinds.
USES = {
    "print(made)": "`print()` gets the coroutine, not its result",
    "f'{made}'": "an f-string gets the coroutine, not its result",
    "bool(made)": "`bool()` gets the coroutine, not its result",
    "1 if made else 2": "a truth test finds it always true",
    "made == 1": "a comparison gets the coroutine, not its result",
    "made + 1": "arithmetic gets the coroutine, not its result",
    "made['id']": "a subscript raises TypeError",
    "made.price": "attribute `price` raises AttributeError",
    "[one for one in made]": "a plain `for` raises TypeError",
    "made()": "a call raises TypeError",
    "dict(**made)": "`**` raises TypeError",
}


@pytest.mark.parametrize("use, words", USES.items(), ids=USES)
def test_words_of_a_use(use, words):
    source = f"""
        async def work(): return {{}}
        async def main():
            made = work()
            return {use}
    """
    (found,) = violations(source)
    assert found.text.startswith("`work()` is never awaited; ")
    assert words in found.text.replace(" (line 4)", "")
    if " raises " in words:
        _, _, error = words.rpartition(" ")
        with pytest.raises(getattr(builtins, error)):
            _run(textwrap.dedent(source))


def _run(source: str) -> None:
    namespace: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(source, namespace)
        asyncio.run(namespace["main"]())
        gc.collect()


#: A function of each module whose functions take nothing but data, and others.
TAKING_DATA = """
    base64.b64encode binascii.hexlify bz2.compress datetime.date decimal.Decimal
    fractions.Fraction gzip.compress hashlib.sha256 hmac.new html.escape
    ipaddress.ip_address math.sqrt os.path.join re.escape requests.get shlex.quote
    statistics.mean struct.calcsize textwrap.dedent time.sleep urllib.parse.quote
    urllib.request.urlopen uuid.UUID zlib.crc32
    bytes chr divmod float hex open ord pow range copy.deepcopy dataclasses.asdict
    fastapi.encoders.jsonable_encoder fastapi.responses.JSONResponse
    flask.jsonify json.load json.loads orjson.dumps os.listdir os.makedirs os.remove
    pathlib.Path pathlib.PurePath random.randint random.uniform starlette.responses.JSONResponse
    subprocess.check_output subprocess.run tarfile.open zipfile.ZipFile
    ast.literal_eval csv.DictReader csv.reader io.BytesIO io.StringIO
""".split()


def test_what_takes_nothing_but_data():
    modules = sorted({one.rpartition(".")[0] for one in TAKING_DATA} - {""})
    head = "".join(f"import {one}\n" for one in modules)
    head += "async def work():\n    return 1\nasync def main():\n"
    calls = [f"    print({one}(work()))" for one in TAKING_DATA]
    assert_marked(head + "".join(f"{one}  # LMB201\n" for one in calls))
    assert_marked(
        head + "".join(f"{one}\n" for one in calls).replace("work", "await work")
    )


def test_python_refuses_a_coroutine_there():
    async def work():
        return 1

    found = []
    for name in TAKING_DATA:
        module, _, function = name.rpartition(".")
        if importlib.util.find_spec(module.partition(".")[0] or "builtins") is None:
            continue
        called = getattr(importlib.import_module(module or "builtins"), function)
        more = {
            "divmod": 1,
            "pow": 1,
            "range": 1,
            "random.randint": 1,
            "random.uniform": 1,
        }
        made = work()
        try:
            called(made, *[more[name]] * (name in more))
        except Exception:
            continue
        finally:
            made.close()
        found.append(name)
    assert found == []
