"""One run over many files: what is to change where, and what has to stay."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from flake8.defaults import NOQA_FILE
from flake8.violation import Violation as Flake8Violation

from flake8_lambda_handler import engine
from flake8_lambda_handler import reports
from flake8_lambda_handler import runtimes
from flake8_lambda_handler.migrate import elsewhere
from flake8_lambda_handler.migrate import forms
from flake8_lambda_handler.migrate import writing
from flake8_lambda_handler.migrate.bump import Move
from flake8_lambda_handler.migrate.bump import bump
from flake8_lambda_handler.migrate.elsewhere import Home
from flake8_lambda_handler.migrate.elsewhere import Undecided
from flake8_lambda_handler.migrate.elsewhere import User
from flake8_lambda_handler.migrate.responses import drive
from flake8_lambda_handler.migrate.rewrite import Refusal
from flake8_lambda_handler.migrate.rewrite import Result
from flake8_lambda_handler.migrate.rewrite import Split
from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import rewrite
from flake8_lambda_handler.migrate.source import Source
from flake8_lambda_handler.migrate.source import Unreadable
from flake8_lambda_handler.migrate.source import parse
from flake8_lambda_handler.migrate.targets import Failure
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.module import Module
from flake8_lambda_handler.project import Project


class Refused(NamedTuple):
    """What stays as it is, and where the reason stands."""

    path: str
    line: int
    #: The handler, or the runtime identifier.
    name: str
    reason: str


class Rewritten(NamedTuple):
    """What was rewritten, and where it stood."""

    path: str
    line: int
    #: The handler, or the runtime identifier.
    name: str
    code: str
    #: The form of the handler, `uses` of it in another file, or the new identifier.
    to: str


#: What is said about an object at module level that is bound to a loop.
_NOTES = {
    "auto": "is bound to a loop, so one loop is kept for it",
    "run": "is bound to a loop, and fails when a second invocation has another one",
}


class Changes:
    """The files of a run as they are to become."""

    def __init__(self) -> None:
        self._old: dict[str, bytes] = {}
        self._new: dict[str, bytes] = {}

    def get(self, path: str) -> bytes:
        """Return the bytes of a file as far as they have been changed.

        Raises:
            OSError: the file cannot be read.
        """
        if path not in self._old:
            self._old[path] = self._new[path] = writing.read(path)
        return self._new[path]

    def put(self, path: str, data: bytes) -> None:
        # The file that was changed last is written last.
        del self._new[path]
        self._new[path] = data

    def __iter__(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield path, old and new bytes of each file that changes."""
        for path, new in self._new.items():
            if new != self._old[path]:
                yield path, self._old[path], new


class Migration:
    """Collects changes and refusals; writes nothing."""

    def __init__(self, project: Project, split: Split, strategy: str) -> None:
        self.changes = Changes()
        self.rewritten: list[Rewritten] = []
        self.refused: list[Refused] = []
        #: What to know about files that were rewritten.
        self.notes: list[Refused] = []
        self._project = project
        self._split = split
        self._strategy = strategy

    # -- LMB101 -----------------------------------------------------------------

    def rewrite_handlers(self, found: Iterable[tuple[str, Target]]) -> None:
        """Rewrite handlers, each with the uses of it in the project."""
        targets: dict[str, dict[tuple[int, str], Target]] = {}
        for path, target in found:
            targets.setdefault(path, {})[target.line, target.name] = target
        homes = {
            Home(path, name) for path, wanted in targets.items() for _, name in wanted
        }
        self._users: dict[Home, set[str]] = {}
        for root in {self._project.root(os.path.dirname(path)) for path in targets}:
            for home, paths in elsewhere.users(self._project, root, homes).items():
                self._users.setdefault(home, set()).update(paths)
        for path, wanted in targets.items():
            self._guarded(path, list(wanted.values()))

    def _guarded(self, path: str, targets: list[Target]) -> None:
        """Rewrite the handlers of one file, all of them or none."""
        try:
            refused = self._rewrite(path, targets)
        except Unreadable as error:
            refused = [Refused(path, error.line, targets[0].name, str(error))]
        except OSError as error:
            reason = error.strerror or str(error)
            refused = [Refused(path, targets[0].line, targets[0].name, reason)]
        self.refused += refused
        named = {refusal.name for refusal in refused}
        for target in targets if refused else ():
            if target.name not in named:
                reason = f"shares its file with `{refused[0].name}`, which is refused"
                self.refused.append(Refused(path, target.line, target.name, reason))

    def _rewrite(self, path: str, targets: list[Target]) -> list[Refused]:
        """Put the changed files; or return what stands in the way, and put none."""
        data = self.changes.get(path)
        users: dict[str, dict[str, bool]] = {}
        for index, target in enumerate(targets):
            try:
                users[target.name] = self._users_of(Home(path, target.name))
            except Undecided as error:
                return [Refused(error.path, error.line, target.name, str(error))]
            is_awaited = bool(users[target.name])
            targets[index] = target._replace(is_awaited_elsewhere=is_awaited)
        result = self._result(path, data, targets)
        if result.refusals:
            return [Refused(path, *refusal) for refusal in result.refusals]
        if not result.done:
            return []
        new = {path: result.data}
        for done in result.done:
            function = _function(data, done.line, done.name)
            for user, hands_on in users[done.name].items():
                before = new.get(user) or self.changes.get(user)
                one = self._user(user, before, Home(path, done.name))
                try:
                    new[user] = one.redirected(
                        function, done.implementation, hands_on=hands_on
                    )
                except Undecided as error:
                    return [Refused(error.path, error.line, done.name, str(error))]
        for changed in new:
            if reason := writing.obstacle(changed):
                reason = _reason(changed, path, reason)
                return [Refused(path, one.line, one.name, reason) for one in targets]
        # The handler's file last: interrupted before it, a second run does all again.
        for changed in sorted(new, key=lambda changed: changed == path):
            self.changes.put(changed, new[changed])
        self._report(path, result, "LMB101")
        self.rewritten += [
            Rewritten(user, 0, done.name, "LMB101", "uses")
            for done in result.done
            for user in users[done.name]
        ]
        return []

    def _result(self, path: str, data: bytes, targets: list[Target]) -> Result:
        """Rewrite a file, with the loop that its module-level objects ask for."""
        result = rewrite(data, targets, self._split, self._strategy)
        if not result.done:
            return result
        written = {done.form for done in result.done}
        first = result.done[0]
        hidden = self._hides_asyncio(path) if written != {forms.DROP} else None
        if hidden:
            reason = f"cannot import asyncio: {reports.relative(hidden)} hides it"
            return _refusal(data, first.line, first.name, reason)
        if self._new_sites(path, data, result.data, "LMB306"):
            reason = "runs a loop inside the loop that would drive it"
            return _refusal(data, first.line, first.name, reason)
        if returned := self._new_sites(path, data, result.data, "LMB202"):
            # The coroutine of another function, which nobody has driven so far.
            driven = drive(result.data, returned)
            if written != {forms.DROP} or not driven.done:
                reason = "returns a coroutine that nothing drives"
                return _refusal(data, first.line, first.name, reason)
            result = Result(driven.data, result.done)
        if forms.RUN in written:
            bound = self._new_sites(path, data, result.data, "LMB303")
            for site in bound:
                name = _name_of(site)
                self.notes.append(Refused(path, site.line, name, _NOTES[self._strategy]))
            if bound and self._strategy == "auto":
                text = f"`{_name_of(bound[0])}` ({os.path.basename(path)}:{bound[0].line})"
                targets = [target._replace(bound=text) for target in targets]
                result = rewrite(data, targets, self._split, self._strategy)
        return result

    def _hides_asyncio(self, path: str) -> str | None:
        """Return a file that is imported in the place of the standard library's."""
        folder = os.path.dirname(path)
        root = self._project.root(folder)
        while True:
            for name in ("asyncio.py", os.path.join("asyncio", "__init__.py")):
                if os.path.isfile(os.path.join(folder, name)):
                    return os.path.join(folder, name)
            if folder == root or folder == os.path.dirname(folder):
                return None
            folder = os.path.dirname(folder)

    def _users_of(self, home: Home) -> dict[str, bool]:
        """Return the other files to change, and whether they hand the function on.

        Raises:
            Undecided: a file may need the coroutine function or not.
        """
        paths = self._users.get(home, set()) | self._users.get(
            Home("", home.name), set()
        )
        found: dict[str, bool] = {}
        for path in sorted(paths - {home.path}):
            user = self._user(path, self.changes.get(path), home)
            if user.needs_coroutine:
                found.setdefault(path, False)
                found.update(dict.fromkeys(sorted(user.through), True))
        return found

    def _user(self, path: str, data: bytes, home: Home) -> User:
        return User(self._project, self._module(path), data, home)

    def _module(self, path: str) -> Module:
        module = self._project.parse(path)
        assert module is not None
        return module

    def _new_sites(self, path: str, old: bytes, new: bytes, code: str) -> list[Site]:
        """Return what a rule finds in the new text of a file and not in the old."""
        rules = [rule for rule in engine.rules() if rule.CODE == code]
        before, after = (
            [
                site
                for rule in rules
                for site in rule.check_module(self._parsed(path, data))
            ]
            for data in (old, new)
        )
        return [site for site in after if site.fields not in [b.fields for b in before]]

    def _parsed(self, path: str, data: bytes) -> Module:
        source = Source(data)
        return Module(path, source.tree, source.text, self._project)

    # -- LMB202 -----------------------------------------------------------------

    def drive_responses(self, path: str, sites: list[Site]) -> None:
        """Drive the coroutines that handlers of a file return."""
        name = str(sites[0].fields.get("name", ""))
        try:
            result = drive(self.changes.get(path), sites)
        except Unreadable as error:
            self.refused.append(Refused(path, error.line, name, str(error)))
            return
        self.refused += [Refused(path, *refusal) for refusal in result.refusals]
        if result.done:
            reason = writing.obstacle(path)
            if reason:
                self.refused.append(Refused(path, sites[0].line, name, reason))
            else:
                self.changes.put(path, result.data)
                self._report(path, result, "LMB202")

    def _report(self, path: str, result: Result, code: str) -> None:
        self.rewritten += [
            Rewritten(path, done.line, done.name, code, done.form)
            for done in result.done
        ]

    # -- LMB501 to LMB504 -------------------------------------------------------

    def move_runtimes(
        self, path: str, codes: frozenset[str], runtime: str | None, *, noqa: bool
    ) -> list[Failure]:
        """Move what a template declares to `runtime`, or to the suggested successor.

        `noqa`: lines with such a comment are left alone. Returns what cannot be read.
        """
        settings = self._project.settings
        template = self._project.template(path)
        uses = {use.place: use for use in template.runtimes}
        moves: dict[str, list[tuple[str, Move]]] = {}
        for home, line, column, code, text in engine.check_template(template, settings):
            use = uses.get((home, line, column))  # type: ignore[call-overload]
            if code not in codes or use is None:
                continue
            if noqa and self._is_ignored(
                Flake8Violation(code, home, line, column, text, None)
            ):
                continue
            new = runtime or runtimes.successor(use.identifier, settings.as_of)
            reason = _no_move(use, new, template.runtimes)
            if reason or new is None:
                self.refused.append(Refused(home, line, use.identifier, reason))
            else:
                move = Move(line, column, use.identifier, new)
                moves.setdefault(home, []).append((code, move))
        for home, wanted in moves.items():
            self._move(home, wanted)
        return [Failure(*place[:2], text) for place, text in template.problems]

    def _is_ignored(self, finding: Flake8Violation) -> bool:
        try:
            data = writing.read(finding.filename)
        except OSError:
            return False
        lines = data.decode("utf-8", "replace").split("\n")
        if any(map(NOQA_FILE.match, lines)):
            return True
        line = (
            lines[finding.line_number - 1] if finding.line_number <= len(lines) else ""
        )
        return finding._replace(physical_line=line).is_inline_ignored(False)

    def _move(self, path: str, wanted: list[tuple[str, Move]]) -> None:
        reason = writing.obstacle(path)
        refused = [move for _, move in wanted]
        if reason is None:
            try:
                data, refused = bump(
                    self.changes.get(path), [move for _, move in wanted]
                )
            except OSError as error:
                reason = error.strerror or str(error)
            else:
                reason = "does not stand here word for word"
                self.changes.put(path, data)
        for code, move in wanted:
            if move in refused:
                self.refused.append(Refused(path, move.line, move.old, reason))
            else:
                self.rewritten.append(
                    Rewritten(path, move.line, move.old, code, move.new)
                )


def _function(data: bytes, line: int, name: str) -> ast.AsyncFunctionDef:
    for node in ast.walk(parse(data)):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == name:
            if node.lineno == line:
                return node
    raise AssertionError(name)


def _reason(changed: str, path: str, reason: str) -> str:
    return (
        reason
        if changed == path
        else f"is used by {reports.relative(changed)}, which {reason}"
    )


def _name_of(site: Site) -> str:
    return str(site.fields.get("name", "an object"))


def _refusal(data: bytes, line: int, name: str, reason: str) -> Result:
    return Result(data, (), (Refusal(line, name, reason),))


def _no_move(use: RuntimeUse, new: str | None, all_uses: Iterable[RuntimeUse]) -> str:
    """Return why an identifier cannot become another one; empty when it can."""
    if new is None:
        return "has no successor in the table; name one with --runtime"
    old_version, new_version = runtimes.version(use.identifier), runtimes.version(new)
    if old_version and new_version and new_version <= old_version:
        return f"is not older than `{new}`"
    if use.kind == "layer":
        for other in all_uses:
            if (other.resource, other.identifier) == (use.resource, new):
                return f"stands beside `{new}`; take it out of the list"
    return ""
