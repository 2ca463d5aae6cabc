"""Who calls a function that a program makes, as far as the program shows it.

api = apigateway.RestApi(self, "Shop")
api.root.add_method("GET", apigateway.LambdaIntegration(orders))

A function is followed through names, attributes and parameters to all places that mention
it. What happens there in some other way than those known here may call it with any event:
then its responses are not judged. So it is where a condition decides.

Sources, read 2026-11-22: AWS CDK API reference, `aws_apigateway.LambdaIntegration`,
`aws_apigatewayv2_integrations.HttpLambdaIntegration`,
`aws_elasticloadbalancingv2_targets.LambdaTarget`; Pulumi registry,
`aws.apigateway.Integration`, `aws.apigatewayv2.Integration`, "AWS API Gateway".
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import constructs
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import OTHER
from flake8_lambda_handler.model import PROXY_SERVICES
from flake8_lambda_handler.programs import known
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import DEFINITIONS
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import find
from flake8_lambda_handler.programs.values import is_bound
from flake8_lambda_handler.programs.visits import Programs

#: Places that one function is followed to.
MOST_PLACES = 200

#: Gives the files of the program that have a word; None where they are not known.
Others = Callable[[str], Iterable[Module] | None]

_CHOICES = (ast.If, ast.IfExp, ast.match_case, ast.ExceptHandler)


def of(programs: Programs, spot: Spot, others: Others | None) -> tuple[str, ...]:
    """Return everybody who calls a function; nothing where that is not shown.

    Without `others` no file of the program is about proxies.
    """
    assert isinstance(spot.node, ast.Call)
    if (
        others is None
        or known.name(spot.origin_of(spot.node.func)) not in constructs.CALLED
    ):
        return ()
    if not constructs.EVENTS.isdisjoint(dict(programs.keywords(spot))):
        return (OTHER,)
    return tuple(sorted({*_Trail(programs, spot, others).followed()}))


class _Trail:
    """The places to which one function is handed."""

    def __init__(self, programs: Programs, made: Spot, others: Others) -> None:
        self._programs = programs
        self._made = made
        self._others = others
        self._waiting = [made]
        self._seen: set[ast.AST] = set()
        self._choices = self._chosen(made)

    def followed(self) -> Iterator[str]:
        """Yield who calls the function, once for each place."""
        while self._waiting:
            spot = self._waiting.pop()
            if spot.node in self._seen:
                continue
            self._seen.add(spot.node)
            if len(self._seen) > MOST_PLACES:
                yield OTHER
                return
            yield from self._place(spot)

    def _place(self, spot: Spot) -> Iterator[str]:
        node, program, _ = spot
        parent = program.parents.get(node)
        if isinstance(parent, ast.Expr):
            return
        if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            targets = (
                parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            )
            for target in targets:
                yield from self._stored(target, spot)
        elif isinstance(parent, ast.Attribute):
            yield from self._attribute(parent, spot)
        elif isinstance(parent, ast.keyword) and parent.arg:
            call = program.parents[parent]
            if isinstance(call, ast.Call):
                yield from self._given(call, parent.arg, spot)
        elif isinstance(parent, ast.Call) and node in parent.args:
            yield from self._given(parent, parent.args.index(node), spot)
        elif isinstance(parent, ast.Return):
            visit = find(spot.visit, program.enclosing(parent, DEFINITIONS))
            if visit is None:
                yield OTHER
            else:
                self._waiting.append(visit.by)
        elif (found := _loop_over(parent, program)) is not None:
            loop, name = found
            for load in program.reads(name.id):
                if _is_within(load, loop, program):
                    self._waiting.append(spot.at(load))
        elif not self._is_quiet(node, program):
            yield OTHER

    # -- names, attributes and parameters ------------------------------------------------

    def _stored(self, target: ast.expr, spot: Spot) -> Iterator[str]:
        program = spot.program
        if isinstance(target, ast.Name):
            scope = program.scope(target)
            if len(program.bound(target.id, scope)) > 1:
                yield OTHER
            self._bound(target, spot)
            if scope is program.module.tree:
                yield from self._imported(target.id, program)
            elif isinstance(scope, ast.ClassDef):
                yield OTHER
        elif isinstance(target, ast.Attribute) and _is_self(target.value):
            yield from self._kept(target.attr, target, program)
        else:
            yield OTHER

    def _bound(self, binding: ast.Name | ast.arg, spot: Spot) -> None:
        """Follow a function to where a name or parameter is read that holds it."""
        program = spot.program
        name = binding.arg if isinstance(binding, ast.arg) else binding.id
        for load in program.reads(name):
            if isinstance(load, ast.Name) and binding in program.bindings(load):
                self._waiting.append(Spot(load, program, spot.visit))

    def _imported(self, name: str, program: Program) -> Iterator[str]:
        """Yield OTHER where a file might take a name from another; none is followed."""
        files = self._files(name)
        if files is None:
            yield OTHER
        for other in files or ():
            if other is program:
                continue
            found = other.reads(name)
            is_read = any(isinstance(x, ast.Attribute) for x in found)
            if is_read or other.imports(name) or (found and other.stars):
                yield OTHER

    def _kept(self, name: str, at: ast.expr, program: Program) -> Iterator[str]:
        """Follow a function to where an attribute is read that holds it."""
        files = self._files(name)
        if files is None:
            yield OTHER
        owner = program.enclosing(at, ast.ClassDef)
        for other in files or ():
            for load in other.reads(name):
                if not isinstance(load, ast.Attribute):
                    continue
                around = other.enclosing(load, ast.ClassDef)
                if _is_self(load.value) and isinstance(around, ast.ClassDef):
                    is_own = around is owner
                    if not is_own and any(other.attributes(name, around)):
                        continue
                else:
                    found = self._read(load, other)
                    if found and self._made.node not in found:
                        continue
                    is_own = {self._made.node} == found
                if is_own:
                    self._waiting.append(Spot(load, other))
                else:
                    yield OTHER

    def _read(self, load: ast.Attribute, program: Program) -> set[ast.expr]:
        """Return the calls that make what an attribute can be; none if one is open."""
        programs = self._programs
        found = {
            one.node
            for visit in programs.visits(load, program)
            for one in programs.values(Spot(load, program, visit))
        }
        return found if all(isinstance(one, ast.Call) for one in found) else set()

    def _files(self, word: str) -> Iterator[Program] | None:
        """Return the files of the program that have a word; None if not known."""
        modules = self._others(word)
        return None if modules is None else map(self._programs.program, modules)

    # -- calls ---------------------------------------------------------------------------

    def _given(self, call: ast.Call, key: str | int, spot: Spot) -> Iterator[str]:
        """Yield who calls a function that a call is given."""
        program = spot.program
        origin = program.origin(call.func)
        name = known.name(origin) or origin
        proxy = constructs.PROXIED_BY.get(name.replace("_alpha.", "."))
        if proxy is not None and key in proxy.names:
            is_sure = self._chosen(Spot(call, program)) <= self._choices
            yield self._proxied(proxy, spot.at(call)) if is_sure else OTHER
        elif constructs.is_quiet(name):
            return
        elif name in constructs.PERMISSIONS:
            if not self._is_permission(spot.at(call)):
                yield OTHER
        elif (found := self._programs.run(call.func, program)) is not None:
            yield from self._parameter(*found, call, key)
        elif getattr(call.func, "attr", "").startswith(constructs.QUIET_METHODS):
            return
        elif not self._is_quiet(call, program):
            yield OTHER

    def _parameter(
        self,
        function: ast.FunctionDef,
        program: Program,
        call: ast.Call,
        key: str | int,
    ) -> Iterator[str]:
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if isinstance(key, int) and not any(
            isinstance(one, ast.Starred) for one in call.args
        ):
            key += is_bound(function, program)
            found = positional[key : key + 1]
        else:
            every = [*positional, *arguments.kwonlyargs]
            found = [one for one in every if one.arg == key]
        if found and len(program.bound(found[0].arg, function)) == 1:
            self._bound(found[0], Spot(ast.Name(found[0].arg), program))
        else:
            yield OTHER

    def _proxied(self, proxy: constructs.Proxy, spot: Spot) -> str:
        """Return who calls a function that is given to a proxy in some way."""
        assert isinstance(spot.node, ast.Call)
        given = dict(self._programs.keywords(spot))
        if any(one.arg is None for one in spot.node.keywords):
            return OTHER
        for name, wanted in proxy.options.items():
            value = given.get(name)
            if value is None:
                found = "" in wanted
            elif name == "api_id":
                found = self._is_http(value)
            else:
                found = wanted.issuperset(self._written(value) or {"?"})
            if not found:
                return OTHER
        return proxy.caller

    def _is_http(self, spot: Spot) -> bool:
        """Tell whether `api.id` is that of an HTTP API, not of one of WebSockets."""
        node = spot.node.value if isinstance(spot.node, ast.Attribute) else spot.node
        found = [*self._programs.values(spot.at(node))]
        return bool(found) and all(
            isinstance(one.node, ast.Call)
            and [
                text.text
                for key, value in self._programs.keywords(one)
                if key == "protocol_type"
                for text in self._programs.texts(value)
            ]
            == ["HTTP"]
            for one in found
        )

    def _written(self, spot: Spot) -> set[str]:
        """Return what an option can be: texts, constants and attributes by their names."""
        found = set()
        for one in self._programs.values(spot):
            if isinstance(one.node, ast.Constant):
                found.add(str(one.node.value))
            else:
                found.add(getattr(one.node, "attr", "?"))
        return found

    # -- what is asked of a function -----------------------------------------------------

    def _attribute(self, node: ast.Attribute, spot: Spot) -> Iterator[str]:
        """Yield who calls a function of which an attribute is read."""
        name, program = node.attr, spot.program
        parent = program.parents.get(node)
        if name in constructs.QUIET_ATTRIBUTES or name.startswith("metric"):
            return
        if name in constructs.OUTPUTS:
            self._waiting.append(spot.at(node))
        elif name in ("add_permission", "grant_invoke") and isinstance(
            parent, ast.Call
        ):
            if not self._is_permission(spot.at(parent)):
                yield OTHER
        elif not self._is_quiet(node, program):
            yield OTHER

    def _is_permission(self, spot: Spot) -> bool:
        """Tell whether a call only allows a proxy to call a function."""
        assert isinstance(spot.node, ast.Call)
        given = dict(self._programs.keywords(spot)).get("principal")
        first = spot.at(spot.node.args[-1]) if spot.node.args else None
        principal = given or first
        services: list[str] = []
        for one in self._programs.values(principal) if principal else ():
            node = one.node
            if isinstance(node, ast.Call) and node.args:  # `ServicePrincipal("…")`
                one = one.at(node.args[0])
            services += [text.text for text in self._programs.texts(one)] or [""]
        return bool(services) and PROXY_SERVICES.issuperset(services)

    def _is_quiet(self, node: ast.expr, program: Program) -> bool:
        """Tell whether something that names a function is part of a call that is no use."""
        around: ast.AST | None = node
        while isinstance(around, (ast.expr, ast.keyword, ast.comprehension)):
            if isinstance(around, ast.Call):
                origin = program.origin(around.func)
                name = known.name(origin) or origin
                if constructs.is_quiet(name):
                    return True
            around = program.parents.get(around)
        return False

    def _chosen(self, spot: Spot) -> set[tuple[ast.AST, bool]]:
        """Return the conditions under which a place is run, each with its branch."""
        found = {*_branches(spot.node, spot.program)}
        visits = [spot.visit]
        if spot.visit is None:
            visits = self._programs.visits(spot.node, spot.program)
        for visit in visits:
            while visit is not None:
                found.update(_branches(visit.by.node, visit.by.program))
                visit = visit.outer
        return found


def _branches(node: ast.AST, program: Program) -> Iterator[tuple[ast.AST, bool]]:
    inner, parent = node, program.parents.get(node)
    while parent is not None:
        if isinstance(parent, _CHOICES):
            other = getattr(parent, "orelse", ())
            yield parent, inner is other or (isinstance(other, list) and inner in other)
        inner, parent = parent, program.parents.get(parent)


def _loop_over(
    node: ast.AST | None, program: Program
) -> tuple[ast.For, ast.Name] | None:
    """Return the loop `for name in [one, other]:` that goes through a list, its name."""
    loop = (
        program.parents.get(node) if isinstance(node, (ast.List, ast.Tuple)) else None
    )
    if isinstance(loop, ast.For) and loop.iter is node:
        if isinstance(loop.target, ast.Name):
            return loop, loop.target
    return None


def _is_within(node: ast.AST, around: ast.AST, program: Program) -> bool:
    above: ast.AST | None = node
    while above is not None and above is not around:
        above = program.parents.get(above)
    return above is around


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"
