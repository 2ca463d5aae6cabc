"""Write `flake8_lambda_handler/libraries/data/boto3.json` from the installed botocore.

    pip install --upgrade botocore
    python scripts/make_boto3_shapes.py

The table says, for every method of every client, where its response holds datetimes,
bytes and streams, and records the version of botocore it was made from. The same
botocore gives the same bytes. The reduction itself is `boto_shapes.compact`, which the
package also applies to the models of a botocore installed beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import botocore  # noqa: E402

from flake8_lambda_handler.libraries import boto_shapes  # noqa: E402

TARGET = ROOT / "flake8_lambda_handler" / "libraries" / "data" / "boto3.json"

#: Their models describe two more responses each: as a resource decodes them.
RESOURCES = ("dynamodb",)


def services(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the reduced model of every service, in order."""
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        model = boto_shapes.read_model(path) if os.path.isdir(path) else None
        if model is None:
            continue
        for operation in model["operations"]:
            # What `boto_shapes.boto3_operation` relies on.
            method = botocore.xform_name(operation)
            if method.replace("_", "") != operation.lower():
                raise SystemExit(f"{name}: unexpected name {method} for {operation}")
        yield boto_shapes.service_key(name, False), boto_shapes.compact(model)
        if name in RESOURCES:
            yield (
                boto_shapes.service_key(name, True),
                boto_shapes.compact(model, items=True),
            )


def table() -> str:
    """Return the text of the table: JSON with one service per line."""
    folder = os.path.join(os.path.dirname(botocore.__file__), "data")
    lines = [f'"botocore version": {json.dumps(botocore.__version__)}']
    for key, service in services(folder):
        text = json.dumps(service, separators=(",", ":"))
        lines.append(f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--target", type=Path, default=TARGET, help="file to write")
    target = parser.parse_args().target
    target.write_text(table(), encoding="utf-8")
    print(f"{target}: botocore {botocore.__version__}, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
