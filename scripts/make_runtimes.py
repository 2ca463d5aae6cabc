"""Bring `flake8_lambda_handler/runtimes.json` up to what cfn-lint and botocore know.

    pip install --upgrade cfn-lint botocore
    python scripts/make_runtimes.py

Dates come from cfn-lint's table, identifiers that it does not have yet from the Lambda
API of botocore, as previews without dates: whoever runs this looks them up. What has
changed is printed; the same packages give the same bytes.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "flake8_lambda_handler" / "runtimes.json"

#: The names of the dates in cfn-lint's table.
DATES = {
    "deprecated": "deprecated",
    "create_blocked": "create-block",
    "update_blocked": "update-block",
}


def lifecycle() -> dict[str, dict[str, str]]:
    """Return the Python rows of cfn-lint's table, with our names of the dates.

    Raises:
        ModuleNotFoundError: cfn-lint is not installed.
    """
    found = importlib.util.find_spec("cfnlint")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("cfn-lint is not installed")
    folder = Path(found.origin).parent / "data" / "AdditionalSpecs"
    text = (folder / "LmbdRuntimeLifecycle.json").read_text(encoding="utf-8")
    return {
        identifier: {ours: row[theirs][:10] for ours, theirs in DATES.items()}
        for identifier, row in json.loads(text).items()
        if identifier.startswith("python")
    }


def identifiers() -> set[str]:
    """Return the Python runtimes that the Lambda API of botocore names.

    Raises:
        ModuleNotFoundError: botocore is not installed.
    """
    found = importlib.util.find_spec("botocore")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("botocore is not installed")
    folder = Path(found.origin).parent / "data" / "lambda"
    model = sorted(folder.glob("*/service-2.json*"))[-1]
    data = model.read_bytes()
    text = gzip.decompress(data) if model.suffix == ".gz" else data
    known = json.loads(text)["shapes"]["Runtime"]["enum"]
    return {one for one in known if one.startswith("python")}


def updated(data: dict[str, Any]) -> dict[str, Any]:
    """Return the table with what the installed packages know."""
    rows = {row["identifier"]: dict(row) for row in data["runtimes"]}
    for identifier, dates in lifecycle().items():
        row = rows.setdefault(identifier, {"identifier": identifier, "sources": []})
        if any(row.get(name) != day for name, day in dates.items()):
            row.update(dates)
            row.pop("preview", None)
            row["as_of"] = data["as_of"]
            row["sources"] = ["cfn-lint"]
            print(f"{identifier}: {dates}")
    for identifier in sorted(identifiers() - rows.keys()):
        none = dict.fromkeys(DATES)
        rows[identifier] = {"identifier": identifier, **none, "preview": True}
        rows[identifier] |= {"as_of": data["as_of"], "sources": ["botocore"]}
        print(f"{identifier}: new; look up its dates")
    found = sorted(rows.values(), key=lambda row: minor(row["identifier"]))
    return {**data, "runtimes": found}


def minor(identifier: str) -> tuple[int, ...]:
    """Return the version of a runtime, to sort by."""
    return tuple(map(int, identifier.removeprefix("python").split(".")))


def text(data: dict[str, Any]) -> str:
    """Return the table as it is kept: one line for each runtime."""
    head = json.dumps({"as_of": data["as_of"], "sources": data["sources"]}, indent=1)
    rows = ",\n  ".join(map(json.dumps, data["runtimes"]))
    return f'{head[:-2]},\n "runtimes": [\n  {rows}\n ]\n}}\n'


def main(arguments: list[str]) -> None:
    data = json.loads(TARGET.read_text(encoding="utf-8"))
    if arguments:
        data["as_of"] = arguments[0]
    for package in ("cfn-lint", "botocore"):
        print(f"{package} {version(package)}; in the table: {data['sources'][package]}")
    TARGET.write_text(text(updated(data)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
