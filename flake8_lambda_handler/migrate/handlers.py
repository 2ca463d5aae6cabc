"""Rewrites the handlers of a project, and what uses them elsewhere in it."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import NamedTuple

from flake8_lambda_handler import reports
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.migrate import driving
from flake8_lambda_handler.migrate.elsewhere import Elsewhere
from flake8_lambda_handler.migrate.elsewhere import Home
from flake8_lambda_handler.migrate.elsewhere import Undecided
from flake8_lambda_handler.migrate.names import TreeNames
from flake8_lambda_handler.migrate.output import Outcome
from flake8_lambda_handler.migrate.output import Refused
from flake8_lambda_handler.migrate.output import Rewritten
from flake8_lambda_handler.migrate.output import obstacle
from flake8_lambda_handler.migrate.responses import drive
from flake8_lambda_handler.migrate.rewrite import Refusal
from flake8_lambda_handler.migrate.rewrite import Result
from flake8_lambda_handler.migrate.rewrite import Split
from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import rewrite
from flake8_lambda_handler.migrate.source import NoPython
from flake8_lambda_handler.migrate.source import SourceText
from flake8_lambda_handler.migrate.source import parse
from flake8_lambda_handler.migrate.targets import rule
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.session import Session

#: What is said about an object at module level that is bound to a loop.
_NOTES = {
    "auto": "is bound to a loop, so one loop is kept for it",
    "run": "is bound to a loop, and the next invocation has another one",
}


class _Change(NamedTuple):
    """What a file with handlers becomes."""

    #: The file as it was.
    data: bytes
    result: Result
    #: The other files to change for each handler, and whether they hand it on.
    users: dict[Home, dict[str, bool]]


class Handlers:
    """Rewrites handlers of a project, each with the uses of it."""

    def __init__(
        self, outcome: Outcome, session: Session, split: Split, strategy: str
    ) -> None:
        self._outcome = outcome
        self._session = session
        self._project = session.project
        self._split = split
        self._strategy = strategy
        self._targets: dict[str, dict[tuple[int, str], Target]] = {}
        self._changes: dict[str, _Change] = {}
        self._new: dict[str, bytes] = {}

    def rewrite(self, found: Iterable[tuple[str, Target]]) -> None:
        """Do what cures LMB101: handlers become sync and drive their coroutine."""
        for path, target in found:
            self._targets.setdefault(path, {})[target.line, target.name] = target
        homes = {
            Home(path, name)
            for path, wanted in self._targets.items()
            for _, name in wanted
        }
        elsewhere = Elsewhere(self._project, homes, self._outcome.get)
        for path in self._targets:
            self._guarded(path, elsewhere)
        while refused := self._redirect(elsewhere):
            for path, reasons in refused.items():
                del self._changes[path]
                self._refuse(path, reasons)
        for path in _users_first(self._changes):
            self._outcome.put(path, self._new[path])
        for path, change in self._changes.items():
            self._report(path, change.result, "LMB101")
            self._outcome.rewritten += [
                Rewritten(user, 0, home.name, "LMB101", "uses")
                for home, users in change.users.items()
                for user in users
            ]

    def _guarded(self, path: str, elsewhere: Elsewhere) -> None:
        """Plan the rewrite of one file's handlers, all of them or none."""
        targets = [*self._targets[path].values()]
        try:
            refused = self._plan(path, targets, elsewhere)
        except NoPython as error:
            refused = [Refused(path, error.line, targets[0].name, str(error))]
        except OSError as error:
            reason = error.strerror or str(error)
            refused = [Refused(path, targets[0].line, targets[0].name, reason)]
        if refused:
            self._refuse(path, refused)

    def _refuse(self, path: str, refused: list[Refused]) -> None:
        """Note why the handlers of a file stay as they are."""
        self._outcome.refused += refused
        named = {refusal.name for refusal in refused}
        for target in self._targets[path].values():
            if target.name not in named:
                reason = f"shares its file with `{refused[0].name}`, which is refused"
                self._outcome.refuse(path, target.line, target.name, reason)

    def _plan(
        self, path: str, targets: list[Target], elsewhere: Elsewhere
    ) -> list[Refused]:
        """Keep what a file becomes; or return what stands in the way."""
        data = self._outcome.get(path)
        users: dict[Home, dict[str, bool]] = {}
        for index, target in enumerate(targets):
            home = Home(path, target.name)
            try:
                users[home] = elsewhere.users(home)
            except Undecided as error:
                return [Refused(error.path, error.line, target.name, str(error))]
            is_awaited = elsewhere.is_awaited(home)
            targets[index] = target._replace(is_awaited_elsewhere=is_awaited)
        result = self._result(path, data, targets)
        if result.done:
            done = dict.fromkeys(Home(path, one.name) for one in result.done)
            changed = {home: users[home] for home in done}
            self._changes[path] = _Change(data, result, changed)
        return [Refused(path, *refusal) for refusal in result.refusals]

    def _redirect(self, elsewhere: Elsewhere) -> dict[str, list[Refused]]:
        """Redirect all uses; return the files whose handlers have to stay, and why."""
        self._new = {path: one.result.data for path, one in self._changes.items()}
        wanted: dict[str, dict[Home, tuple[ast.AsyncFunctionDef, str]]] = {}
        handed_on: dict[str, set[Home]] = {}
        for path, change in self._changes.items():
            functions = _functions(change.data) if any(change.users.values()) else {}
            for done in change.result.done:
                home = Home(path, done.name)
                for user, hands_on in change.users[home].items():
                    function = functions[done.line, done.name]
                    implementations = wanted.setdefault(user, {})
                    implementations.setdefault(home, (function, done.implementation))
                    handed_on.setdefault(user, set()).update([home] if hands_on else ())
        refused: dict[str, list[Refused]] = {}
        for user, implementations in wanted.items():
            data = self._new.get(user) or self._outcome.get(user)
            try:
                self._new[user] = elsewhere.redirected(
                    user, data, implementations, handed_on[user]
                )
            except Undecided as error:
                for home in error.homes:
                    one = Refused(error.path, error.line, home.name, str(error))
                    refused.setdefault(home.path, []).append(one)
        for changed in self._new:
            if reason := obstacle(changed):
                user = f"is used by {reports.relative(changed)}, which {reason}"
                here = {changed} & self._changes.keys()
                homes = {home.path for home in wanted.get(changed, ())}
                for path in sorted(here | homes):
                    said = reason if path == changed else user
                    targets = self._targets[path].values()
                    refused.setdefault(
                        path,
                        [Refused(path, one.line, one.name, said) for one in targets],
                    )
        return refused

    def _result(self, path: str, data: bytes, targets: list[Target]) -> Result:
        """Rewrite a file, with the loop that its module-level objects ask for."""
        result = rewrite(data, targets, self._split, self._strategy)
        if not result.done:
            return result
        written = {done.form for done in result.done}
        line, name = result.done[0][:2]
        hidden = self._hides_asyncio(path) if written != {driving.DROP} else None
        if hidden:
            reason = f"cannot import asyncio: {reports.relative(hidden)} hides it"
            return Result(data, (), (Refusal(line, name, reason),))
        before, after = self._parsed(path, data), self._parsed(path, result.data)
        if self._new_sites(before, after, "LMB306"):
            reason = "runs a loop inside the loop that would drive it"
            return Result(data, (), (Refusal(line, name, reason),))
        if returned := self._new_sites(before, after, "LMB202"):
            # The coroutine of another function, which nobody has driven so far.
            driven = drive(result.data, returned)
            if written != {driving.DROP} or not driven.done:
                reason = "returns a coroutine that nothing drives"
                return Result(data, (), (Refusal(line, name, reason),))
            return Result(driven.data, result.done)
        if driving.RUN in written:
            fields = [site.fields for site in self._new_sites(before, after, "LMB303")]
            bound = dict.fromkeys(
                (str(one["name"]), str(one["where"])) for one in fields
            )
            for one, where in bound:
                reason = _NOTES[self._strategy] + where
                at = _line_of(before, one) or line
                self._outcome.notes.append(Refused(path, at, one, reason))
            if bound and self._strategy == "auto":
                text = ", ".join(f"`{one}`{where}" for one, where in bound)
                targets = [target._replace(bound=text) for target in targets]
                result = rewrite(data, targets, self._split, self._strategy)
        return result

    def _hides_asyncio(self, path: str) -> str | None:
        """Return a file that is imported in the place of the standard library's."""
        folder = os.path.dirname(path)
        tree = self._project.tree(folder)
        while is_inside(folder, tree.root):
            if found := tree.module(folder, ["asyncio"]):
                return found
            folder = os.path.dirname(folder)
        return None

    def _new_sites(self, before: Module, after: Module, code: str) -> list[Site]:
        """Return what a rule finds in the new text of a file and not in the old."""
        check = rule(code).check_module
        sites = list(check(self._session, after))
        old = check(self._session, before) if sites else ()
        known = {_words(site) for site in old}
        return [site for site in sites if _words(site) not in known]

    def _parsed(self, path: str, data: bytes) -> Module:
        source = SourceText(data)
        return Module(path, source.tree, source.text)

    def drive(self, path: str, sites: list[Site]) -> None:
        """Do what cures LMB202: drive the coroutines that handlers of a file return."""
        name = str(sites[0].fields.get("name", ""))
        try:
            result = drive(self._outcome.get(path), sites)
        except NoPython as error:
            self._outcome.refuse(path, error.line, name, str(error))
            return
        self._outcome.refused += [
            Refused(path, *refusal) for refusal in result.refusals
        ]
        if result.done:
            reason = obstacle(path)
            if reason:
                self._outcome.refuse(path, sites[0].line, name, reason)
            else:
                self._outcome.put(path, result.data)
                self._report(path, result, "LMB202")

    def _report(self, path: str, result: Result, code: str) -> None:
        self._outcome.rewritten += [
            Rewritten(path, done.line, done.name, code, done.form)
            for done in result.done
        ]


def _users_first(changes: Mapping[str, _Change]) -> list[str]:
    """Return all files in the order of writing: what uses another one comes first.

    Interrupted anywhere, a second run finds the handler that is still async, and does
    the rest.
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    for start in changes:
        waiting = [(start, False)]
        while waiting:
            path, is_next = waiting.pop()
            if is_next:
                found[path] = None
            elif path not in seen:
                seen.add(path)
                waiting.append((path, True))
                users = changes[path].users.values() if path in changes else ()
                for user in reversed([user for each in users for user in each]):
                    waiting.append((user, False))
    return list(found)


def _functions(data: bytes) -> dict[tuple[int, str], ast.AsyncFunctionDef]:
    return {
        (node.lineno, node.name): node
        for node in ast.walk(parse(data))
        if isinstance(node, ast.AsyncFunctionDef)
    }


def _line_of(module: Module, name: str) -> int | None:
    """Return where a module binds the first part of a name, None if it does not."""
    bindings = TreeNames(module.tree).bindings(re.split(r"\W", name)[0])
    return min((getattr(node, "lineno", 1) for node in bindings), default=None)


def _words(site: Site) -> str:
    """Return what a finding says, but for the lines that a rewrite may move."""
    return repr({name: said for name, said in site.fields.items() if name != "use"})
