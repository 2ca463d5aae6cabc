from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

GOOD = {
    "a mean, or nothing": """
        import statistics

        def lambda_handler(event, context):
            sizes = [one["size"] for one in event["Records"]]
            return {"mean": statistics.fmean(sizes) if sizes else None}
    """,
    "finite numbers": """
        def lambda_handler(event, context):
            return [1.5, float("1.5"), 1e300, float(event["n"])]
    """,
    "None instead": """
        import math

        def lambda_handler(event, context):
            mean = event["mean"]
            return {"mean": None if math.isnan(mean) else mean}
    """,
    "where a search starts": """
        def lambda_handler(event, context):
            least = float("inf")
            for record in event["Records"]:
                if record["size"] < least:
                    least = record["size"]
            return {"least": least}
    """,
    "where a search over known numbers starts": """
        import math

        def lambda_handler(event, context):
            least = math.inf
            for size in [3, 1, 2]:
                if size < least:
                    least = size
            return {"least": least}
    """,
    "min and max": """
        def lambda_handler(event, context):
            least = float("inf")
            for record in event["Records"]:
                least = min(least, record["size"])
            return {"least": least}
    """,
    "added up from nothing": """
        def lambda_handler(event, context):
            total = 0.0
            for record in event["Records"]:
                total += record["size"]
            return {"total": total}
    """,
    "what is left of a limit": """
        import math
        def lambda_handler(event, context):
            return {"left": min(event["size"], math.inf) - 1}
    """,
    "as text": """
        def lambda_handler(event, context):
            return [str(float("nan")), f"{float('inf')}", repr(float("inf"))]
    """,
    "as a key": """
        def lambda_handler(event, context):
            return {float("inf"): 1}
    """,
    "for a call": """
        import asyncio
        import math
        from elsewhere import wait

        def lambda_handler(event, context):
            return wait(timeout=math.inf)
    """,
    "decimals": """
        from decimal import Decimal

        def lambda_handler(event, context):
            return {"a": Decimal("1.5"), "b": -Decimal("1"), "c": Decimal(event["n"])}
    """,
    "what json.dumps writes is the reader's business": """
        import json

        def lambda_handler(event, context):
            return json.dumps({"a": float("nan")})
    """,
    "compared": """
        import math

        def lambda_handler(event, context):
            return {"a": event["n"] == math.inf, "b": math.nan != math.nan}
    """,
    "what a large number is divided by": """
        def lambda_handler(event, context):
            return [1e308 / 10, 1e308 / 0]
    """,
}

BAD = {
    "a mean, or not a number": """
        import math
        import statistics

        def lambda_handler(event, context):
            sizes = [one["size"] for one in event["Records"]]
            return {"mean": statistics.fmean(sizes) if sizes else math.nan}  # LMB403
    """,
    "NaN": """
        def lambda_handler(event, context):
            return {"mean": float("nan")}  # LMB403
    """,
    "infinities": """
        def lambda_handler(event, context):
            return [float("inf"), float("-Infinity")]  # LMB403 LMB403
    """,
    "constants of math": """
        import math
        from math import nan

        def lambda_handler(event, context):
            if event:
                return {"limit": math.inf}  # LMB403
            return {"mean": nan}  # LMB403
    """,
    "minus infinity": """
        import math

        def lambda_handler(event, context):
            return {"limit": -math.inf}  # LMB403
    """,
    "a literal that is too large": """
        def lambda_handler(event, context):
            return 1e999  # LMB403
    """,
    "decimals": """
        from decimal import Decimal

        def lambda_handler(event, context):
            return [Decimal("NaN"), Decimal("-Infinity")]  # LMB403 LMB403
    """,
    "numpy's": """
        import numpy as np

        def lambda_handler(event, context):
            return {"mean": np.nan}  # LMB403
    """,
    "on one of the paths": """
        def lambda_handler(event, context):
            mean = None
            if event.get("undefined"):
                mean = float("nan")
            return {"mean": mean}  # LMB403
    """,
    "a module variable": """
        NO_LIMIT = float("inf")

        def lambda_handler(event, context):
            return {"limits": [NO_LIMIT, 3]}  # LMB403
    """,
    "from a helper": """
        def mean(numbers):
            if not numbers:
                return float("nan")
            return 1.5

        def lambda_handler(event, context):
            return {"mean": mean(event["numbers"])}  # LMB403
    """,
    "added up": """
        def lambda_handler(event, context):
            total = float("-inf")
            for record in event["Records"]:
                total += record["size"]
            return {"total": total}  # LMB403
    """,
    "taken away from": """
        import math
        def lambda_handler(event, context):
            return {"left": event["size"] - math.inf}  # LMB403
    """,
    "an attribute": """
        class Limits:
            def __init__(self):
                self.high = float("inf")

        def lambda_handler(event, context):
            return {"high": Limits().high}  # LMB403
    """,
    "what NaN is multiplied with, and more than a float holds": """
        def lambda_handler(event, context):
            return [float("nan") * 2, 1e308 * 10]  # LMB403 LMB403
    """,
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(source)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB403" in source
    assert_marked(source)


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)


def test_message():
    source = "def lambda_handler(event, context):\n    return {'a': {'b': [1e999]}}\n"
    (found,) = violations(source)
    text = (
        "an element of `a.b` in the response is `Infinity`; Lambda sends "
        "`Infinity`, which is not JSON; use `None`"
    )
    assert found == ("app.py", 2, 24, "LMB403", text)


@pytest.mark.parametrize(
    "value, word",
    [
        ("Decimal('NaN')", "NaN"),
        ("Decimal('Infinity')", "Infinity"),
        ("Decimal('-Infinity')", "-Infinity"),
        ("-Decimal('Infinity')", "-Infinity"),
        ("-Decimal('-Infinity')", "Infinity"),
    ],
)
def test_what_a_decimal_is_posted_as(value, word):
    source = "from decimal import Decimal\ndef lambda_handler(event, context):\n"
    (found,) = violations(f"{source}    return {value}\n")
    assert f"Lambda sends `{word}`, " in found.text
