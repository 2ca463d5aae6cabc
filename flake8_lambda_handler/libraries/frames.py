"""Arrays of numpy and frames of pandas: which calls, methods and attributes give which.

A type is written as in `objects`. What may give a number of Python's own as well as one
of numpy's, such as `.sum()` of who knows what, is left out. Run with numpy 2.4 and pandas
3.1, 2026-11-22.
"""

from __future__ import annotations

NDARRAY = "numpy.ndarray"
#: Numbers of numpy; only `float64` is one of Python's.
NUMPY = (
    "float16",
    "float32",
    "int16",
    "int32",
    "int64",
    "int8",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
)
INT64 = "numpy.int64"
#: An array of integers, and what is at a place of it: a number, or a row of numbers.
INTEGERS = "numpy.ndarray of int"
PLACE = "numpy.int64 or numpy.ndarray"
#: What numpy calls a truth value; up to numpy 1, it says `bool_`.
BOOL = "numpy.bool"
NUMBERS = frozenset({BOOL, *[f"numpy.{name}" for name in NUMPY]})
FRAME = "pandas.DataFrame"
SERIES = "pandas.Series"
#: The same of truth values, which can be counted.
BOOL_FRAME = "pandas.DataFrame of bool"
BOOL_SERIES = "pandas.Series of bool"
INDEX = "pandas.Index"
#: An array of numpy, or one of pandas.
VALUES = "pandas.array"
#: What `.iloc` gives rows of.
ROWS = "pandas.DataFrame.iloc"
GROUPS = "pandas.core.groupby.GroupBy"
TIMESTAMP = "pandas.Timestamp"

#: What calling a name gives.
RESULTS = {
    **{
        f"numpy.{name}": NDARRAY
        for name in (
            "arange",
            "column_stack",
            "concatenate",
            "empty",
            "eye",
            "frombuffer",
            "full",
            "hstack",
            "identity",
            "linspace",
            "ones",
            "stack",
            "vstack",
            "zeros",
        )
    },
    "numpy.argsort": INTEGERS,
    "numpy.all": BOOL,
    "numpy.any": BOOL,
    "numpy.argmax": INT64,
    "numpy.argmin": INT64,
    "numpy.count_nonzero": INT64,
    **{f"numpy.{name}": f"numpy.{name}" for name in NUMPY},
    "pandas.DataFrame": FRAME,
    "pandas.DataFrame.from_records": FRAME,
    "pandas.Series": SERIES,
    "pandas.Timedelta": "pandas.Timedelta",
    "pandas.Timestamp": TIMESTAMP,
    "pandas.Timestamp.now": TIMESTAMP,
    "pandas.Timestamp.utcnow": TIMESTAMP,
    "pandas.concat": FRAME,
    "pandas.json_normalize": FRAME,
    "pandas.merge": FRAME,
    "pandas.read_csv": FRAME,
    "pandas.read_excel": FRAME,
    "pandas.read_json": FRAME,
    "pandas.read_parquet": FRAME,
}

_ARRAY: dict[str, str | None] = {
    "all": BOOL,
    "any": BOOL,
    "argmax": INT64,
    "argmin": INT64,
    "argsort": INTEGERS,
    "astype": NDARRAY,
    "copy": NDARRAY,
    "cumsum": NDARRAY,
    "flatten": NDARRAY,
    "reshape": NDARRAY,
    "round": NDARRAY,
    "tobytes": "builtins.bytes",
    "transpose": NDARRAY,
}

#: What methods give, by type; `None` for the value `None`.
METHODS: dict[str, dict[str, str | None]] = {
    NDARRAY: _ARRAY,
    INTEGERS: {
        **_ARRAY,
        **dict.fromkeys(("max", "min", "prod", "sum"), INT64),
        "copy": INTEGERS,
        "cumsum": INTEGERS,
        "flatten": INTEGERS,
    },
    FRAME: {
        **dict.fromkeys(("isna", "isnull", "notna", "notnull"), BOOL_FRAME),
        **dict.fromkeys(("count", "max", "mean", "min", "nunique", "sum"), SERIES),
        "copy": FRAME,
        "corr": FRAME,
        "describe": FRAME,
        "drop_duplicates": FRAME,
        "dropna": FRAME,
        "duplicated": BOOL_SERIES,
        "fillna": FRAME,
        "groupby": GROUPS,
        "head": FRAME,
        "merge": FRAME,
        "nlargest": FRAME,
        "nsmallest": FRAME,
        "query": FRAME,
        "rename": FRAME,
        "reset_index": FRAME,
        "set_index": FRAME,
        "sort_values": FRAME,
        "tail": FRAME,
        "to_csv": "builtins.str",
        "to_json": "builtins.str",
        "to_numpy": NDARRAY,
    },
    SERIES: {
        **dict.fromkeys(
            ("between", "duplicated", "isin", "isna", "isnull", "notna", "notnull"),
            BOOL_SERIES,
        ),
        "count": INT64,
        "cumsum": SERIES,
        "head": SERIES,
        "sort_values": SERIES,
        "tail": SERIES,
        "to_frame": FRAME,
        "to_json": "builtins.str",
        "to_numpy": NDARRAY,
        "unique": VALUES,
        "value_counts": SERIES,
    },
    BOOL_FRAME: {"all": BOOL_SERIES, "any": BOOL_SERIES, "sum": SERIES},
    BOOL_SERIES: {"all": BOOL, "any": BOOL, "sum": INT64, "to_numpy": NDARRAY},
    GROUPS: {"size": SERIES},
    TIMESTAMP: {
        "date": "datetime.date",
        "isoformat": "builtins.str",
        "strftime": "builtins.str",
        "timestamp": "builtins.float",
        "to_pydatetime": "datetime.datetime",
    },
}

ATTRIBUTES: dict[str, dict[str, str]] = {
    INTEGERS: {"T": INTEGERS, "size": "builtins.int", "ndim": "builtins.int"},
    NDARRAY: {"T": NDARRAY, "size": "builtins.int", "ndim": "builtins.int"},
    SERIES: {"index": INDEX, "size": "builtins.int", "values": VALUES},
    FRAME: {
        "T": FRAME,
        "columns": INDEX,
        "iloc": ROWS,
        "index": INDEX,
        "size": "builtins.int",
        "values": NDARRAY,
    },
}
