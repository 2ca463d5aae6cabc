"""Measure what the plugin adds to a flake8 run, as a ratio of processor times.

Usage: python benchmarks/flake8_ratio.py [FOLDER] [--runs N] [--flake8-jobs N]
       python benchmarks/flake8_ratio.py --start-up [--runs N]

Runs `flake8 --select=LMB,E9` over a folder, by default the standard library, with and
without the plugin in turn, so that a busy machine slows down both. With `--start-up`,
the folder is a new one that holds an empty file alone. The figures of the
README come from installed packages, in a folder with a `.git`, as a clone has one:

    pip install --no-deps --target=/tmp/cost httpx==0.28.1 && mkdir -p /tmp/cost/.git
    python benchmarks/flake8_ratio.py /tmp/cost/httpx --runs 3
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile

#: Hides a distribution from flake8 (it finds plugins by their metadata) before it
#: starts: nothing of it is imported. To look for one costs time, so both runs do.
RUN = """
import importlib.metadata, sys
every = importlib.metadata.distributions
importlib.metadata.distributions = lambda: (
    found for found in every() if found.metadata["Name"] != {hidden!r}
)
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""
WITHOUT = RUN.format(hidden="flake8-lambda-handler")
WITH = RUN.format(hidden="")
#: Python keeps the bytecode of what it imports, as it does where people work.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE"
}


def seconds(script: str, arguments: list[str]) -> float:
    """Return the processor time of one whole process: what else runs says little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1) or done.stderr:
        raise SystemExit(f"flake8 failed:\n{done.stderr}")
    used = after.ru_utime + after.ru_stime
    return used - before.ru_utime - before.ru_stime


def loads_plugin(script: str) -> bool:
    """Does flake8 load the plugin when it is started by the script?"""
    done = subprocess.run(
        [sys.executable, "-c", script, "--version"], capture_output=True, text=True
    )
    return "flake8-lambda-handler" in done.stdout


def main() -> None:
    """Print the ratio of each pair of runs, and their least, median and greatest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", default=sysconfig.get_path("stdlib"))
    parser.add_argument("--start-up", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--flake8-jobs", default="1")
    chosen = parser.parse_args()
    if not os.path.isdir(chosen.folder):
        parser.error(f"`{chosen.folder}` is no folder")
    assert loads_plugin(WITH) and not loads_plugin(WITHOUT)
    if chosen.start_up:
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, ".git"))
            open(os.path.join(folder, "empty.py"), "w").close()
            measure(folder, chosen)
    else:
        measure(os.path.abspath(chosen.folder), chosen)


def measure(folder: str, chosen: argparse.Namespace) -> None:
    """Print the ratios of some pairs of runs over a folder."""
    arguments = [
        "--isolated",
        "--select=LMB,E9",
        "--extend-exclude=site-packages",
        f"--jobs={chosen.flake8_jobs}",
        folder,
    ]
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    seconds(WITH, arguments)  # the first run compiles what it imports
    ratios = []
    for _ in range(chosen.runs):
        without = seconds(WITHOUT, arguments)
        with_plugin = seconds(WITH, arguments)
        ratios.append(with_plugin / without)
        print(
            f"without {without:7.2f} s   with {with_plugin:7.2f} s   "
            f"ratio {ratios[-1]:.3f}",
            flush=True,
        )
    print(
        f"ratio: min {min(ratios):.3f}, median {statistics.median(ratios):.3f}, "
        f"max {max(ratios):.3f}"
    )


if __name__ == "__main__":
    main()
