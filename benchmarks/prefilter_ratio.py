"""Measure what it costs to pass over files, as a ratio of the time to parse them.

Usage: python benchmarks/prefilter_ratio.py FOLDER [--runs N]

Asks for each Python file of a folder whether it concerns the plugin, as a run of flake8
does, and has `ast.parse` parse the same texts. The start of a process is not in it;
`flake8_ratio.py --start-up` measures that. Django without its async half:

    pip download --no-deps --dest=/tmp/cost Django==5.2
    python -m zipfile -e /tmp/cost/*.whl /tmp/cost/django && mkdir /tmp/cost/django/.git
    grep -rlZ 'async def' /tmp/cost/django --include='*.py' | xargs -0 rm
    python benchmarks/prefilter_ratio.py /tmp/cost/django
"""

from __future__ import annotations

import argparse
import ast
import datetime
import gc
import os
import statistics
import time
import warnings
from collections.abc import Callable

from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings


def seconds(work: Callable[[], object]) -> float:
    """Return the time of this process that some work takes."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def texts_of(folder: str) -> dict[str, str]:
    """Return the texts of the Python files below a folder that can be parsed."""
    found = {}
    for path in sorted(Tree(folder).python_files()):
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        found[path] = text
    return found


def main() -> None:
    """Print the ratio of each pair, and their least, median and greatest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    folder = os.path.abspath(chosen.folder)
    if not os.path.isdir(folder):
        parser.error(f"`{chosen.folder}` is no folder")
    warnings.simplefilter("ignore")
    os.chdir(folder)
    texts = texts_of(folder)
    settings = Settings((), folder, (), datetime.date.today(), 0)
    async_apis.async_packages()  # loaded once for a process
    ratios = []
    for _ in range(chosen.runs):
        session = Session(settings)
        parsing = seconds(lambda: [ast.parse(text) for text in texts.values()])
        concerned: list[bool] = []
        passing = seconds(
            lambda: concerned.extend(map(session.concerns, texts, texts.values()))
        )
        ratios.append(passing / parsing)
        print(
            f"parse {parsing:7.3f} s   pass over {passing:7.3f} s   "
            f"ratio {ratios[-1]:.3f}   let through {sum(concerned)} of {len(texts)}",
            flush=True,
        )
    print(
        f"ratio: min {min(ratios):.3f}, median {statistics.median(ratios):.3f}, "
        f"max {max(ratios):.3f}"
    )


if __name__ == "__main__":
    main()
