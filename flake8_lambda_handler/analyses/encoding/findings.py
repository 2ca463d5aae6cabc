"""Where to report what an encoder refuses, and in which words.

That is the expression that puts the value in, when it stands in the file that is
checked; else the `return` or the `json.dumps`, with the other place in the words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.encoding import places
from flake8_lambda_handler.analyses.encoding.refusals import JSON
from flake8_lambda_handler.analyses.encoding.refusals import RAW
from flake8_lambda_handler.analyses.encoding.refusals import ROUTE
from flake8_lambda_handler.analyses.encoding.refusals import RUNTIME
from flake8_lambda_handler.analyses.encoding.walk import Unencodable
from flake8_lambda_handler.analyses.encoding.walk import problems
from flake8_lambda_handler.analyses.invocation import Kind
from flake8_lambda_handler.analyses.invocation import kind_of
from flake8_lambda_handler.analyses.invocation import response_place
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.flow.events import Dumped
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.run import Put
from flake8_lambda_handler.flow.run import Returned
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

#: Longer paths would hide the message.
MAX_PATH = 40


def of_handler(handler: Handler, kind: str) -> Iterator[Site]:
    """Yield what the runtime refuses in what a handler returns, of one kind."""
    for problem, node in handler.session.once(_of_handler, handler):
        if problem.kind == kind and handler.is_entry:
            site, place = at_put(handler, problem.puts, response_place(handler, node))
            words = of_response(problem.path, handler.name)
            found = _site(problem, site, words, place)
            found.fields["origin"] = "" if place else _origin(problem, site, handler)
            is_posted = problem.error == RAW.error
            found.fields["outcome"] = (
                problem.error
                if is_posted
                else f"Lambda raises Runtime.MarshalError: {problem.error}"
            )
            yield found


def answers(handler: Handler) -> list[Returned]:
    """Return what a handler returns; nothing of one that returns a coroutine."""
    summary = trace_of(handler)
    if summary is None or kind_of(handler) not in (Kind.OTHER, Kind.RETURNS_COROUTINE):
        return []
    return summary.returns


def _of_handler(
    session: Session, handler: Handler
) -> list[tuple[Unencodable, ast.AST]]:
    analysis = session.analysis
    return [
        (problem, node)
        for value, state, node in answers(handler)
        for problem in problems(value, RUNTIME, analysis, state)
    ]


def of_dump(handler: Handler, event: Dumped) -> Iterator[Site]:
    """Yield what a `json.dumps` in reach of a handler cannot encode."""
    module, analysis = handler.module, handler.session.analysis
    dumps = paths.place(event, module) or handler.node
    is_elsewhere = event.module is not module
    elsewhere = f" ({paths.where(event.module, event.node, module)})"
    route, whole = event.route, _argument(event.node)
    if route is not None:
        whole = f"the response of route `{route.name}`"
        dumps = route.node if module.owns(route.node) else dumps
    encoder = JSON if route is None else ROUTE
    for problem in problems(event.value, encoder, analysis, event.state):
        if problem.kind == "number" or (problem.kind == "key" and event.skips_keys):
            continue
        site, place = at_put(handler, problem.puts, dumps)
        if is_elsewhere:
            place = elsewhere
        elif route is None and getattr(site, "lineno", 0) != getattr(
            dumps, "lineno", 0
        ):
            place = f" (`json.dumps` in line {getattr(dumps, 'lineno', 0)})"
        words = where(problem.path, whole)
        found = _site(problem, site, words, place)
        found.fields["origin"] = "" if place else _origin(problem, site, handler)
        found.fields["raised"] = "ValueError" if problem.is_circle else "TypeError"
        yield found


def once(sites: Iterable[Site]) -> Iterator[Site]:
    """Yield one site for each value at a place; of several origins the first."""

    def order(site: Site) -> tuple[int, str]:
        origin: str = site.fields["origin"]
        return len(origin), origin  # line 9 before line 10

    kept: dict[object, Site] = {}
    for site in sites:
        fields = [text for name, text in site.fields.items() if name != "origin"]
        same = (site.line, site.column, *fields)
        kept[same] = min(site, kept.get(same, site), key=order)
    yield from kept.values()


def at_put(
    handler: Handler, puts: tuple[Put, ...], otherwise: ast.AST
) -> tuple[ast.AST, str]:
    """Return where to report a value, and the words for another file that puts it in."""
    module = handler.module
    found = places.places(puts, handler.session.analysis)
    site = next((node for _, node in found if module.owns(node)), otherwise)
    if not found or found[0][1] is site:
        return site, ""
    return site, f" ({paths.where(*found[0], module)})"


def of_response(path: str, name: str) -> str:
    """Return the words for a part of what the handler of a name returns."""
    return where(path, "the response" if path else f"the response of `{name}`")


def where(path: str, whole: str) -> str:
    """Return the words for a part of a value; `whole` stands for the value itself."""
    if not path:
        return whole
    for end, part in (("[]", "an element of"), ("{}", "a value of")):
        if path.endswith(end):
            return f"{part} {where(path.removesuffix(end), whole)}"
    if not path.isprintable():
        path = ascii(path)[1:-1]
    if len(path) > MAX_PATH:
        path = "..." + path[-MAX_PATH:].partition(".")[2]
    return f"`{path}` in {whole}"


def _argument(node: ast.AST) -> str:
    """Return what `json.dumps` gets, as it is written if that is short."""
    first = node.args[:1] if isinstance(node, ast.Call) else []
    named = [one for one in first if isinstance(one, (ast.Name, ast.Attribute))]
    text = paths.short(named[0]) if named else None
    return f"`{text}`" if text else "the argument of `json.dumps`"


def _origin(problem: Unencodable, site: ast.AST, handler: Handler) -> str:
    """Return the words for the call that a response of boto3 came from."""
    if problem.origin is None:
        return ""
    module, node = problem.origin.module, written(problem.origin.node)
    call = paths.call(node)
    if module is not handler.module:
        return f" (from `{call}` at {paths.where(module, node, handler.module)})"
    line = getattr(node, "lineno", 0)
    if line == getattr(site, "lineno", 0):
        return ""
    return f" (from `{call}` in line {line})"


def _site(problem: Unencodable, node: ast.AST, where: str, place: str) -> Site:
    verb = "has" if problem.kind == "key" else "is"
    return at(
        node,
        where=where,
        what=f"{verb} {problem.what}",
        place=place,
        error=problem.error,
        cure=problem.cure,
    )
