"""What is said of a whole run: the last line, and how often each rule spoke."""

from __future__ import annotations

from collections import Counter

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.explain import summary
from flake8_lambda_handler.cli.findings import Inspection


class Counts:
    """Counts the findings that are shown."""

    def __init__(self) -> None:
        self.codes: Counter[str] = Counter()
        self._paths: set[str] = set()

    def add(self, finding: Finding) -> None:
        self.codes[finding.code] += 1
        self._paths.add(finding.path)

    def table(self) -> str:
        """Return a line for each code: how often it was found, and what it is."""
        lines = []
        for code, number in sorted(self.codes.items()):
            rule = engine.rule(code)
            about = f" {engine.name(rule)}: {summary(rule)}" if rule else ""
            lines.append(f"{number:<6} {code}{about}\n")
        return "".join(lines)

    def last_line(self, inspection: Inspection) -> str:
        """Return one line about a run, and what to read next."""
        if self.codes:
            found = count(sum(self.codes.values()), "finding")
            around = [
                count(number, noun)
                for number, noun in (
                    (inspection.handlers, "handler"),
                    (inspection.templates, "template"),
                )
                if number
            ]
            inside = f" ({', '.join(around)})" if around else ""
            files = count(len(self._paths), "file")
            return f"{found} in {files}{inside}{self._advice()}"
        if inspection.is_empty:
            return "no files to check"
        if not inspection.handlers and not inspection.templates:
            return 'no handlers found: see "handlers", or set lambda-handlers'
        text = f"no finding in {count(inspection.files + inspection.templates, 'file')}"
        text += f", {count(inspection.handlers, 'handler')}"
        return (
            f"{text}, {count(inspection.templates, 'template')}"
            if inspection.templates
            else text
        )

    def _advice(self) -> str:
        """Return which page to read: that of the rule that spoke most."""
        ours = [code for code in sorted(self.codes) if engine.rule(code)]
        if not ours:
            return ""
        return f"; explain {max(ours, key=self.codes.__getitem__)} for more"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
