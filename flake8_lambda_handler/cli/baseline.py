"""Findings that are known already: what they are kept in, and what is new beside them.

The file holds what stays of a finding when lines move, in words, so that a change of
it can be read.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import reading
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.findings import Inspection
from flake8_lambda_handler.cli.fingerprints import Fingerprints
from flake8_lambda_handler.cli.fingerprints import Identity
from flake8_lambda_handler.settings import SettingsError

_VERSION = 1


class Baseline:
    """Leaves out the findings that a file holds."""

    def __init__(self, path: str) -> None:
        """Read the file.

        Raises:
            SettingsError: it is not there, or not one of ours.
        """
        self._known = _load(path)
        self._left_out = 0

    @property
    def note(self) -> str:
        return f"{self._left_out} in the baseline" if self._left_out else ""

    def __call__(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that the file does not hold; of equal ones the last."""
        fingerprints = Fingerprints()
        for finding in findings:
            identity = fingerprints.identity(finding)
            if self._known[identity]:
                self._known[identity] -= 1
                self._left_out += 1
            else:
                yield finding


class NewBaseline:
    """Writes the findings of our rules into a file, at the end of the run."""

    def __init__(self, path: str, inspection: Inspection) -> None:
        """Take the path.

        Raises:
            SettingsError: there is a file that is none of ours.
        """
        if os.path.lexists(path):
            _load(path)
        self._path = path
        self._inspection = inspection
        self.note = ""

    def __call__(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield what no baseline holds: a file that cannot be read is nothing known.

        All of them, and nothing is written, when the user has stopped the run.
        """
        found = list(findings)
        ours = [one for one in found if one.code.startswith("LMB")]
        if self._inspection.is_interrupted:
            yield from found
            return
        fingerprints = Fingerprints()
        _write(self._path, Counter(map(fingerprints.identity, ours)))
        self.note = f"{len(ours)} written to the baseline"
        yield from (one for one in found if not one.code.startswith("LMB"))


def _load(path: str) -> Counter[Identity]:
    try:
        data = json.loads(reading.read(path))
        if data["version"] != _VERSION:
            raise ValueError
        known: Counter[Identity] = Counter()
        for one in data["findings"]:
            identity = Identity(*(str(one[name]) for name in Identity._fields))
            known[identity] += int(one["count"])
        return known
    except FileNotFoundError as error:
        raise SettingsError(
            f"--baseline: `{path}` is not there; --write-baseline writes it"
        ) from error
    except OSError as error:
        raise SettingsError(
            f"--baseline: `{path}`: {error.strerror or error}"
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SettingsError(f"--baseline: `{path}` is no baseline") from error


def _write(path: str, known: Counter[Identity]) -> None:
    findings = [
        {**identity._asdict(), "count": count}
        for identity, count in sorted(known.items())
    ]
    text = json.dumps({"version": _VERSION, "findings": findings}, indent=2) + "\n"
    folder = os.path.dirname(os.path.abspath(path))
    handle, beside = tempfile.mkstemp(prefix=".baseline.", dir=folder)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
