"""Rewrites handlers of one file: bytes in, bytes out, nothing else touched."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Sequence
from typing import NamedTuple

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.migrate import driving
from flake8_lambda_handler.migrate.draft import Draft
from flake8_lambda_handler.migrate.imports import free_name
from flake8_lambda_handler.migrate.names import last_name
from flake8_lambda_handler.migrate.source import find_cut
from flake8_lambda_handler.migrate.uses import REDIRECT
from flake8_lambda_handler.migrate.uses import UNDECIDED
from flake8_lambda_handler.migrate.uses import Use
from flake8_lambda_handler.migrate.uses import missing
from flake8_lambda_handler.migrate.uses import parameters
from flake8_lambda_handler.migrate.uses import uses
from flake8_lambda_handler.sandbox import Died

UNFORESEEN = "cannot be rewritten without touching other code"

#: `split` of the module `header`, perhaps in a sandbox.
Split = Callable[[str, str], "tuple[str, tuple[str, ...], str] | None"]


class Header(NamedTuple):
    """What the header of an async handler is rewritten to."""

    #: The header as it was, but for the word `async`.
    wrapper: str
    #: `async def _name(event, context):`, in one line or several without line ends.
    implementation: tuple[str, ...]
    #: `event, context`: every parameter, handed on explicitly.
    arguments: str


class Target(NamedTuple):
    """A handler that is a coroutine function, and what is known about it."""

    #: Of the `def`, from 1.
    line: int
    name: str
    #: What each decorator does with a coroutine function, outermost first: `sync`
    #: (calls it and hands the coroutine on), `async` (awaits it in a coroutine of its
    #: own), `driving` (runs it) or `unknown`.
    decorators: tuple[str, ...] = ()
    #: The identifiers of the runtimes that templates declare for it.
    runtimes: tuple[str, ...] = ()
    #: Other files of the project need the coroutine function.
    is_awaited_elsewhere: bool = False
    #: What lives at module level and is bound to a loop: "`SESSION` (app.py:5)".
    bound: str = ""


class Refusal(NamedTuple):
    """Why a handler stays as it is; `line` is where the reason stands."""

    line: int
    name: str
    reason: str


class Done(NamedTuple):
    """A handler that was rewritten."""

    line: int
    name: str
    #: The function that holds the body now; empty where only `async` was dropped.
    implementation: str
    #: `drop`, `run`, `loop` or `new-loop`.
    form: str


class Result(NamedTuple):
    """The new bytes of a file, or why they are the old ones."""

    data: bytes
    done: tuple[Done, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def rewrite(
    data: bytes, targets: Sequence[Target], split: Split, strategy: str = "auto"
) -> Result:
    """Return the file with its handlers rewritten, all of them or none.

    `strategy` is `run` (a new loop for each invocation), `loop` (one that is kept),
    or `auto`: `loop` where a target names what is bound to a loop, else `run`.

    Raises:
        NoPython: the bytes are no valid Python.
    """
    plan = _Plan(Draft(data), split, strategy)
    for target in targets:
        plan.add(target)
    if plan.done and not plan.refusals:
        new = plan.finish()
        if new is not None:
            return Result(new, tuple(plan.done))
    return Result(data, (), tuple(plan.refusals))


class _Refused(Exception):
    """A handler that has to stay as it is."""

    def __init__(self, node: ast.AST | Target, reason: str) -> None:
        super().__init__(reason)
        self.line = node.line if isinstance(node, Target) else _line(node)


class _Plan:
    """The rewrites of one file, made or refused one after the other."""

    def __init__(self, draft: Draft, split: Split, strategy: str) -> None:
        self.draft = draft
        self.source = draft.source
        self.names = draft.names
        self.bodies = driving.Demands(draft.names)
        self.split = split
        self.strategy = strategy
        self.done: list[Done] = []
        self.refusals: list[Refusal] = []
        self.has_loop = False
        self.implementations: dict[str, str] = {}

    def add(self, target: Target) -> None:
        """Plan the rewrite of one handler, or refuse it."""
        try:
            if "driving" not in target.decorators:
                self._rewrite(target)
        except _Refused as refused:
            self.refusals.append(Refusal(refused.line, target.name, str(refused)))

    def finish(self) -> bytes | None:
        """Return the new bytes; refuses them if they mean anything unforeseen."""
        data = self.draft.finish()
        if data is None:
            line, name, *_ = self.done[0]
            self.refusals.append(Refusal(line, name, UNFORESEEN))
        return data

    def _rewrite(self, target: Target) -> None:
        function = self._function(target)
        self._check_decorators(target, function)
        redirected = self._redirected(target)
        form = self._form(target, function, bool(redirected))
        name = self._implementation(target.name)
        header = self._header(function, name)
        self._sync_overloads(target.name)
        if form == driving.DROP:
            name = ""
            end = self.source.statement_start(function.body[0])
            self.draft.make_sync(function, end, header.wrapper, is_unwrapped=True)
        else:
            for use in redirected:
                self._redirect(use, function, name)
            self._wrap(target, function, header, form, name)
        self.done.append(Done(target.line, target.name, name, form))

    def _function(self, target: Target) -> ast.AsyncFunctionDef:
        """Return the function to rewrite."""
        for node in self.names.bindings(target.name):
            if _line(node) == target.line:
                if isinstance(node, ast.AsyncFunctionDef):
                    return node
                if isinstance(node, ast.FunctionDef):
                    raise _Refused(node, "is a coroutine function by its decorator")
        raise _Refused(target, "is an object, not a function of `async def`")

    def _check_decorators(self, target: Target, function: ast.AsyncFunctionDef) -> None:
        kinds = target.decorators
        if len(kinds) != len(function.decorator_list):
            kinds = ("unknown",) * len(function.decorator_list)
        for decorator, kind in zip(function.decorator_list, kinds):
            if kind == "unknown":
                raise _Refused(decorator, unknown_effect(decorator))
        if "async" in kinds and "sync" in kinds[kinds.index("async") :]:
            decorator = function.decorator_list[kinds.index("async")]
            raise _Refused(decorator, "has an async decorator outside a sync one")

    def _redirected(self, target: Target) -> list[Use]:
        """Return the uses that need the coroutine function; all are decided."""
        found = uses(self.names, self.names.loads(target.name))
        for use in found:
            if use.decision == UNDECIDED:
                raise _Refused(
                    use.node, "is used here, perhaps as a coroutine function"
                )
        redirected = [use for use in found if use.decision == REDIRECT]
        if redirected or target.is_awaited_elsewhere:
            for node in self.names.bindings(target.name):
                if not isinstance(node, ast.AsyncFunctionDef):
                    raise _Refused(node, "is bound here too, to something else")
        return redirected

    def _form(
        self, target: Target, function: ast.AsyncFunctionDef, is_redirected: bool
    ) -> str:
        """Return which rewrite the handler needs."""
        facts = self.bodies.of(function)
        needs_coroutine = (
            is_redirected or target.is_awaited_elsewhere or "async" in target.decorators
        )
        if facts.yields:
            raise _Refused(facts.yields, "is an async generator")
        if facts.trio:
            raise _Refused(facts.trio, "uses trio, which asyncio does not run")
        if facts.drives and facts.awaits:
            raise _Refused(facts.drives, "runs a loop of its own, and awaits besides")
        if facts.drives and needs_coroutine:
            reason = "runs a loop of its own, and is awaited besides"
            raise _Refused(facts.drives, reason)
        if facts.drives or not (facts.awaits or facts.needs_loop or needs_coroutine):
            return driving.DROP
        versions = [
            version for one in target.runtimes if (version := runtimes.version(one))
        ]
        oldest = min(versions, default=(3, 10))
        keeps_loop = self.strategy == "loop"
        if self.strategy == "auto" and target.bound:
            keeps_loop = True
            if oldest < (3, 10):
                reason = f"uses {target.bound}, which is bound to a loop; keeping one"
                raise _Refused(target, f"{reason} takes python3.10")
        if keeps_loop:
            return driving.LOOP
        return driving.RUN if oldest >= (3, 7) else driving.NEW_LOOP

    def _implementation(self, name: str) -> str:
        """Return the name of the function that is to hold the body."""
        if name not in self.implementations:
            free = free_name(self.source, implementation_name(name))
            self.implementations[name] = free
        return self.implementations[name]

    def _header(self, function: ast.AsyncFunctionDef, name: str) -> Header:
        start = self.source.start(function)
        end = self.source.statement_start(function.body[0])
        try:
            parts = self.split(self.source.text[start:end], name)
        except Died:
            reason = "has a header that libcst does not survive"
            raise _Refused(function, reason) from None
        if parts is None:
            reason = "has a header that libcst does not give back unchanged"
            raise _Refused(function, reason)
        return Header(*parts)

    def _sync_overloads(self, name: str) -> None:
        """Drop the `async` of overloads: they describe the wrapper."""
        for node in self.names.bindings(name):
            if isinstance(node, ast.AsyncFunctionDef) and _is_overload(node):
                start = self.source.start(node)
                end = self.source.text.index("def", start)
                self.draft.make_sync(node, end, "", is_unwrapped=False)

    def _redirect(
        self, use: Use, function: ast.AsyncFunctionDef, implementation: str
    ) -> None:
        added = missing(use, function)
        if added is None:
            raise _Refused(use.node, "is called here without what its defaults give")
        self.draft.rename(use.node, implementation)
        if added and use.call:
            self.draft.add_keywords(use.call, added)

    def _wrap(
        self,
        target: Target,
        function: ast.AsyncFunctionDef,
        header: Header,
        form: str,
        name: str,
    ) -> None:
        """Let the wrapper end early, and its body go on as the implementation."""
        source, draft = self.source, self.draft
        cut = find_cut(source, function)
        if cut is None:
            raise _Refused(function.body[0], "has code on the line of its docstring")
        given = parameters(function)
        asyncio = draft.asyncio(given)
        loop, between = "loop", ""
        if form == driving.LOOP or loop in given:
            loop = free_name(source, "_loop")
        if form == driving.LOOP and not self.has_loop:
            between = f"{loop} = None"
            # What stands in a branch may not run.
            self.has_loop = not cut.outer
        call = f"{name}({header.arguments})"
        words = driving.Words(asyncio, call, loop, target.bound)
        ending = driving.driving(form, words, cut.inner)
        moved = function.decorator_list[len(_kept(target.decorators)) :]
        lines = [
            *ending,
            *cut.blank,
            *([cut.outer + between, *cut.blank] if between else []),
            *map(self._cut_decorator, moved),
            *(cut.outer + line for line in header.implementation),
        ]
        text = cut.newline.join(lines)
        start, end = source.start(function), source.statement_start(function.body[0])
        if cut.at < end:
            # Comments, or a body on the header's own line, go to the implementation.
            head = header.wrapper[: len(header.wrapper) - (end - cut.at)]
            draft.edit(start, cut.at, head + cut.before + text + cut.after)
        else:
            draft.edit(start, end, header.wrapper)
            if len(function.body) == 1:
                text += f"{cut.newline}{cut.inner}pass"
            draft.edit(cut.at, cut.at, cut.before + text + cut.after)
        draft.split(function, name, "\n".join(ending), between, moved)

    def _cut_decorator(self, decorator: ast.expr) -> str:
        """Return the lines of a decorator, which go elsewhere."""
        source = self.source
        start = source.starts[source.line_at(source.decorator_start(decorator)) - 1]
        end = source.after(decorator.end_lineno or decorator.lineno)
        self.draft.edit(start, end, "")
        return source.text[start:end].rstrip("\r\n")


def implementation_name(name: str) -> str:
    """Return what the function that holds the body of a handler is called, if free."""
    return f"{name}_async" if name.startswith("_") else f"_{name}"


def unknown_effect(decorator: ast.expr) -> str:
    """Return the reason to leave a function alone that a decorator makes unclear."""
    text = paths.text(decorator).partition("(")[0]
    return f"has a decorator `{text}` of unknown effect"


def _line(node: ast.AST) -> int:
    line: int = getattr(node, "lineno", 1)
    return line


def _kept(kinds: Sequence[str]) -> Sequence[str]:
    """Return the decorators of the wrapper: those outside the async ones."""
    return kinds[: kinds.index("async")] if "async" in kinds else kinds


def _is_overload(node: ast.AsyncFunctionDef) -> bool:
    return any(last_name(decorator) == "overload" for decorator in node.decorator_list)
