"""What a finding is known by, again and elsewhere, whatever its line number.

The rule, the path from the top of the checkout, the function around it and the text of
its line, without regard to white space. What stands there more than once is counted.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from typing import NamedTuple

from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.root import checkout


class Identity(NamedTuple):
    """What stays of a finding when lines are added above it."""

    code: str
    #: From the top of the checkout, with slashes.
    path: str
    #: The function, class or block around it.
    scope: str
    #: The line, each white space one blank.
    source: str


class Paths:
    """Paths from the top of the checkout, which is what services know files by.

    Outside of one they start at the current folder.
    """

    def __init__(self) -> None:
        here = os.getcwd()
        self._top = checkout(here) or here

    def get(self, path: str) -> str:
        """Return a path as it is from the top, with slashes."""
        full = os.path.abspath(path)
        try:
            full = os.path.relpath(full, self._top)
        except ValueError:  # another drive, on Windows
            pass
        return full.replace(os.sep, "/")

    def full(self, path: str) -> str:
        """Return the file that a path leads to from the top."""
        return os.path.join(self._top, *path.split("/"))


class Fingerprints:
    """Gives each finding of a run a fingerprint of its own."""

    def __init__(self) -> None:
        self.paths = Paths()
        self._seen: Counter[Identity] = Counter()

    def identity(self, finding: Finding) -> Identity:
        """Return what a finding is known by, perhaps among others like it."""
        return Identity(
            finding.code,
            self.paths.get(finding.path),
            finding.scope,
            " ".join(finding.source.split()),
        )

    def get(self, finding: Finding) -> str:
        """Return the fingerprint of the next finding, 32 hexadecimal digits."""
        identity = self.identity(finding)
        number = self._seen[identity]
        self._seen[identity] += 1
        text = "\0".join([*identity, str(number)])
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:32]
