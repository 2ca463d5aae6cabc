"""Rewrites the handlers of a project, and what uses them elsewhere in it."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable

from flake8_lambda_handler import engine
from flake8_lambda_handler import reports
from flake8_lambda_handler.migrate import elsewhere
from flake8_lambda_handler.migrate import forms
from flake8_lambda_handler.migrate import writing
from flake8_lambda_handler.migrate.elsewhere import Home
from flake8_lambda_handler.migrate.elsewhere import Undecided
from flake8_lambda_handler.migrate.elsewhere import User
from flake8_lambda_handler.migrate.names import Names
from flake8_lambda_handler.migrate.outcome import Outcome
from flake8_lambda_handler.migrate.outcome import Refused
from flake8_lambda_handler.migrate.outcome import Rewritten
from flake8_lambda_handler.migrate.responses import drive
from flake8_lambda_handler.migrate.rewrite import Refusal
from flake8_lambda_handler.migrate.rewrite import Result
from flake8_lambda_handler.migrate.rewrite import Split
from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import rewrite
from flake8_lambda_handler.migrate.source import Source
from flake8_lambda_handler.migrate.source import Unreadable
from flake8_lambda_handler.migrate.source import parse
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.project import Project
from flake8_lambda_handler.root import is_inside

#: What is said about an object at module level that is bound to a loop.
_NOTES = {
    "auto": "is bound to a loop, so one loop is kept for it",
    "run": "is bound to a loop, and the next invocation has another one",
}


class Handlers:
    """Rewrites handlers of a project, each with the uses of it."""

    def __init__(
        self, outcome: Outcome, project: Project, split: Split, strategy: str
    ) -> None:
        self._outcome = outcome
        self._project = project
        self._split = split
        self._strategy = strategy

    def rewrite(self, found: Iterable[tuple[str, Target]]) -> None:
        """Do what cures LMB101: handlers become sync and drive their coroutine."""
        targets: dict[str, dict[tuple[int, str], Target]] = {}
        for path, target in found:
            targets.setdefault(path, {})[target.line, target.name] = target
        homes = {
            Home(path, name) for path, wanted in targets.items() for _, name in wanted
        }
        self._users: dict[Home, set[str]] = {}
        for tree in {self._project.tree(os.path.dirname(path)) for path in targets}:
            for home, paths in elsewhere.users(self._project, tree, homes).items():
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
        self._outcome.refused += refused
        named = {refusal.name for refusal in refused}
        for target in targets if refused else ():
            if target.name not in named:
                reason = f"shares its file with `{refused[0].name}`, which is refused"
                self._outcome.refuse(path, target.line, target.name, reason)

    def _rewrite(self, path: str, targets: list[Target]) -> list[Refused]:
        """Put the changed files; or return what stands in the way, and put none."""
        data = self._outcome.get(path)
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
                before = new.get(user) or self._outcome.get(user)
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
            self._outcome.put(changed, new[changed])
        self._report(path, result, "LMB101")
        self._outcome.rewritten += [
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
            sites = self._new_sites(path, data, result.data, "LMB303")
            fields = [site.fields for site in sites]
            bound = dict.fromkeys(
                (str(one["name"]), str(one["where"])) for one in fields
            )
            for name, where in bound:
                line = _line_of(data, name) or first.line
                reason = _NOTES[self._strategy] + where
                self._outcome.notes.append(Refused(path, line, name, reason))
            if bound and self._strategy == "auto":
                text = ", ".join(f"`{name}`{where}" for name, where in bound)
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
            user = self._user(path, self._outcome.get(path), home)
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

    def drive(self, path: str, sites: list[Site]) -> None:
        """Do what cures LMB202: drive the coroutines that handlers of a file return."""
        name = str(sites[0].fields.get("name", ""))
        try:
            result = drive(self._outcome.get(path), sites)
        except Unreadable as error:
            self._outcome.refuse(path, error.line, name, str(error))
            return
        self._outcome.refused += [
            Refused(path, *refusal) for refusal in result.refusals
        ]
        if result.done:
            reason = writing.obstacle(path)
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


def _line_of(data: bytes, name: str) -> int | None:
    """Return where a module binds the first part of a name, None if it does not."""
    bindings = Names(parse(data)).bindings(re.split(r"\W", name)[0])
    return min((getattr(node, "lineno", 1) for node in bindings), default=None)


def _refusal(data: bytes, line: int, name: str, reason: str) -> Result:
    return Result(data, (), (Refusal(line, name, reason),))
