"""Findings that are known already: what they are kept in, and what is new beside them.

The file holds what stays of a finding when lines move, in words, so that a change of
it can be read.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import reading
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.findings import Inspection
from flake8_lambda_handler.cli.fingerprints import Fingerprints
from flake8_lambda_handler.cli.fingerprints import Identity
from flake8_lambda_handler.cli.fingerprints import Paths
from flake8_lambda_handler.cli.summary import count
from flake8_lambda_handler.migrate.output import obstacle
from flake8_lambda_handler.migrate.output import write
from flake8_lambda_handler.settings import SettingsError

_VERSION = 1

#: Most findings that are gone that the last line names.
MOST_NAMED = 3


class Baseline:
    """Leaves out the findings that a file holds."""

    def __init__(self, path: str, inspection: Inspection) -> None:
        """Read the file.

        Raises:
            SettingsError: it is not there, or not one of ours.
        """
        self._path = path
        self._inspection = inspection
        self._known = _load(path)
        self._left_out = 0

    @property
    def note(self) -> str:
        notes = [f"{self._left_out} in the baseline"] if self._left_out else []
        return "; ".join([*notes, *self._gone()])

    def _gone(self) -> Iterator[str]:
        """Yield the words for what the file holds and the run would have found."""
        paths = Paths()
        checked = set(map(paths.get, self._inspection.paths))
        gone = [
            identity
            for identity in sorted(self._known)
            for _ in range(self._known[identity])
            if identity.path in checked or not os.path.exists(paths.full(identity.path))
            if self._inspection.tells(identity.code, identity.path)
        ]
        if gone:
            named = list(dict.fromkeys(f"{x.code} in {x.path}" for x in gone))
            more = [f"{len(named) - MOST_NAMED} more"] * (len(named) > MOST_NAMED)
            yield (
                f"{count(len(gone), 'finding')} of `{self._path}` "
                f"{'is' if len(gone) == 1 else 'are'} gone "
                f"({', '.join([*named[:MOST_NAMED], *more])}): "
                "--write-baseline writes it anew"
            )

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
            SettingsError: there is a file that is none of ours, or no folder for one.
        """
        folder = os.path.dirname(path) or os.curdir
        if not os.path.isdir(folder):
            raise SettingsError(f"--baseline: there is no folder `{folder}`")
        if os.path.lexists(path):
            _load(path)
            if reason := obstacle(path):
                raise SettingsError(f"--baseline: `{path}` {reason}")
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
        text = _text(Counter(map(fingerprints.identity, ours)))
        try:
            write(self._path, None, text.encode())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise SettingsError(
                f"--baseline: `{self._path}` cannot be written: {reason}"
            ) from error
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


def _text(known: Counter[Identity]) -> str:
    findings = [
        {**identity._asdict(), "count": number}
        for identity, number in sorted(known.items())
    ]
    return json.dumps({"version": _VERSION, "findings": findings}, indent=2) + "\n"
