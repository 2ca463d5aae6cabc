"""Arrays of numpy and frames of pandas: which calls, methods and attributes give which.

A type is written as in `objects`. What may give a number of Python's own as well as one
of numpy's, such as `.sum()`, is left out.
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
NUMBERS = frozenset(f"numpy.{name}" for name in NUMPY)
FRAME = "pandas.DataFrame"
SERIES = "pandas.Series"
TIMESTAMP = "pandas.Timestamp"

#: What calling a name gives.
RESULTS = {
    **{
        f"numpy.{name}": NDARRAY
        for name in (
            "arange",
            "array",
            "asarray",
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
            "unique",
            "vstack",
            "zeros",
        )
    },
    "numpy.argmax": INT64,
    "numpy.argmin": INT64,
    **{f"numpy.{name}": f"numpy.{name}" for name in NUMPY},
    "pandas.DataFrame": FRAME,
    "pandas.DataFrame.from_records": FRAME,
    "pandas.Series": SERIES,
    "pandas.Timedelta": "pandas.Timedelta",
    "pandas.Timestamp": TIMESTAMP,
    "pandas.Timestamp.now": TIMESTAMP,
    "pandas.Timestamp.utcnow": TIMESTAMP,
    "pandas.json_normalize": FRAME,
    "pandas.merge": FRAME,
    "pandas.read_csv": FRAME,
    "pandas.read_excel": FRAME,
    "pandas.read_json": FRAME,
    "pandas.read_parquet": FRAME,
}

#: What methods give, by type; `None` for the value `None`.
METHODS: dict[str, dict[str, str | None]] = {
    NDARRAY: {
        "astype": NDARRAY,
        "copy": NDARRAY,
        "flatten": NDARRAY,
        "reshape": NDARRAY,
        "round": NDARRAY,
        "tobytes": "builtins.bytes",
        "transpose": NDARRAY,
    },
    FRAME: {
        "copy": FRAME,
        "describe": FRAME,
        "drop_duplicates": FRAME,
        "dropna": FRAME,
        "fillna": FRAME,
        "head": FRAME,
        "merge": FRAME,
        "nlargest": FRAME,
        "nsmallest": FRAME,
        "query": FRAME,
        "rename": FRAME,
        "reset_index": FRAME,
        "sort_values": FRAME,
        "tail": FRAME,
        "to_csv": "builtins.str",
        "to_json": "builtins.str",
    },
    SERIES: {
        "head": SERIES,
        "sort_values": SERIES,
        "tail": SERIES,
        "to_frame": FRAME,
        "to_json": "builtins.str",
        "value_counts": SERIES,
    },
    TIMESTAMP: {
        "date": "datetime.date",
        "isoformat": "builtins.str",
        "strftime": "builtins.str",
        "timestamp": "builtins.float",
        "to_pydatetime": "datetime.datetime",
    },
}

ATTRIBUTES: dict[str, dict[str, str]] = {
    NDARRAY: {"T": NDARRAY, "size": "builtins.int", "ndim": "builtins.int"},
    SERIES: {"size": "builtins.int"},
    FRAME: {"T": FRAME, "size": "builtins.int"},
}
