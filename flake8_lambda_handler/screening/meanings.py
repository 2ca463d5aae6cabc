"""What the names, attributes and calls of a project may stand for."""

from __future__ import annotations

import builtins
import os
from collections.abc import Collection

from flake8_lambda_handler.facts import terms
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.screening import unawaited
from flake8_lambda_handler.screening.classes import Classes
from flake8_lambda_handler.screening.finder import Finder
from flake8_lambda_handler.screening.kinds import ASYNCIO
from flake8_lambda_handler.screening.kinds import CALLED
from flake8_lambda_handler.screening.kinds import FOREIGN
from flake8_lambda_handler.screening.kinds import HARMLESS
from flake8_lambda_handler.screening.kinds import KEEPING
from flake8_lambda_handler.screening.kinds import LOOKING
from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import OBJECT
from flake8_lambda_handler.screening.kinds import OPAQUE
from flake8_lambda_handler.screening.kinds import PARAMETER
from flake8_lambda_handler.screening.kinds import PLAIN
from flake8_lambda_handler.screening.kinds import REGISTERED
from flake8_lambda_handler.screening.kinds import TAKING
from flake8_lambda_handler.screening.kinds import Kinds
from flake8_lambda_handler.screening.kinds import Meaning
from flake8_lambda_handler.screening.kinds import like_plain
from flake8_lambda_handler.screening.kinds import objects
from flake8_lambda_handler.screening.kinds import only_holds
from flake8_lambda_handler.screening.kinds import registered
from flake8_lambda_handler.screening.kinds import union
from flake8_lambda_handler.screening.outside import MAKING
from flake8_lambda_handler.screening.outside import attribute_outside
from flake8_lambda_handler.screening.outside import awaited_outside
from flake8_lambda_handler.screening.outside import called_object
from flake8_lambda_handler.screening.outside import called_outside
from flake8_lambda_handler.screening.outside import external
from flake8_lambda_handler.screening.outside import imported
from flake8_lambda_handler.screening.outside import looked_at
from flake8_lambda_handler.screening.outside import typed

_BUILTINS = frozenset(dir(builtins))
_CLASSMETHOD = terms.NameTerm("classmethod")
_ONLY_PLAIN: Kinds = frozenset({PLAIN})
_GIVEN: Kinds = frozenset({PARAMETER})
_SUPER = external("builtins.super")


class Meanings(Classes):
    """What terms stand for, found on demand and kept."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder
        #: What terms mean, as far as it does not change, while one file is looked at.
        self._meant: dict[tuple[int, BodyTerms, BodyTerms | None], Kinds] = {}

    def _kinds(self, term: Term, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        if term is terms.PLAIN:
            return _ONLY_PLAIN
        key = (id(term), body, owner)
        known = self._meant.get(key)
        if known is None:
            before = self.leads
            known = self._meaning(term, body, owner)
            if self.leads == before:
                self._meant[key] = known
        return known

    def _meaning(self, term: Term, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        if isinstance(term, terms.NameTerm):
            return self._named(term.name, body, owner)
        if isinstance(term, terms.AttributeTerm):
            return self._attributes(self._kinds(term.owner, body, owner), term.name)
        if isinstance(term, terms.CallTerm):
            return self._calls(term, body, owner)
        if isinstance(term, terms.AnyOf):
            return self._all(term.terms, body, owner)
        if isinstance(term, terms.AwaitTerm):
            return self._awaited(self._kinds(term.term, body, owner))
        if isinstance(term, terms.TypedTerm):
            return union(map(typed, self._kinds(term.term, body, owner)))
        if isinstance(term, terms.FunctionTerm):
            return self._decorated(term.body, owner)
        if isinstance(term, terms.ClassTerm):
            return frozenset({Meaning("class", term.body)})
        if isinstance(term, terms.ImportTerm):
            return self._imported(term, body.path)
        if isinstance(term, terms.RegisteredTerm):
            return registered(term, body)
        if isinstance(term, terms.NamespaceTerm):
            folder = os.path.dirname(body.path)
            if self._finder.find_path(folder, term.dotted, 0) is None:
                return NOTHING
            root, _, rest = term.dotted.partition(".")
            return frozenset({Meaning("namespace", name=root, start=folder, rest=rest)})
        return _ONLY_PLAIN

    def _all(
        self, found: Collection[Term], body: BodyTerms, owner: BodyTerms | None
    ) -> Kinds:
        return union([self._kinds(term, body, owner) for term in found])

    def _named(self, name: str, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        scope: BodyTerms | None = body
        while scope is not None:
            here = scope
            if scope.is_class and scope is not body:
                # The method around a class has another `self`.
                owner = None
            if (scope is body or not scope.is_class) and name not in scope.globals:
                found = NOTHING
                if name in scope.names:
                    found = self._ask(
                        ("name", here, name, owner),
                        lambda: self._all(here.names[name], here, owner),
                    )
                if name in scope.parameters:
                    receiver = owner or scope.owner
                    if name == scope.first and receiver is not None:
                        is_class = _CLASSMETHOD in scope.decorators
                        kind = "class" if is_class else "typed"
                        return found | {Meaning(kind, receiver)}
                    hint = scope.annotations.get(name)
                    if hint is not None and scope.outer is not None:
                        outer = scope.outer
                        found |= self._kinds(hint, outer, outer.owner)
                    return found | _GIVEN if found else _GIVEN
                if name in scope.names:
                    return found
            if scope.outer is None:
                return self._global(name, scope)
            scope = scope.outer
        return NOTHING

    def _global(self, name: str, module: BodyTerms) -> Kinds:
        """Return what a module's name stands for, or a builtin."""
        if name in module.names:
            return self._ask(
                ("name", module, name, None),
                lambda: self._all(module.names[name], module, None),
            )
        found = self._ask(
            ("stars", module, name),
            lambda: union(
                self._imported(star._replace(name=name), module.path)
                for star in module.stars
            ),
        )
        if not found and name in _BUILTINS:
            return frozenset({external("builtins." + name)})
        return found

    def _imported(self, term: terms.ImportTerm, path: str) -> Kinds:
        folder = os.path.dirname(path)
        find_path = self._finder.find_path
        found = find_path(folder, term.dotted, term.level)
        if term.name is None:
            if found is None:
                return frozenset({imported(term.dotted)})
            return frozenset({Meaning("module", name=found)})
        if found is not None:
            return self._in_module(found, term.name)
        inner = f"{term.dotted}.{term.name}".strip(".")
        submodule = find_path(folder, inner, term.level)
        if submodule is not None:
            return frozenset({Meaning("module", name=submodule)})
        if term.level:
            return NOTHING
        return frozenset({imported(inner)})

    def _in_module(self, path: str, name: str) -> Kinds:
        """Return what an attribute of a module of the project stands for."""
        making = self._finder.may_be_async(path)
        submodule = None
        if os.path.basename(path) == "__init__.py":
            submodule = self._finder.find_path(os.path.dirname(path), name, 1)
        if name in making:
            module = self._finder.body(path)
            if module is not None:
                found = self._global(name, module)
                if found and found != {external("builtins." + name)}:
                    return found
        if submodule is not None:
            return frozenset({Meaning("module", name=submodule)})
        return frozenset({HARMLESS._replace(start=path)})

    def _attributes(self, kinds: Kinds, name: str) -> Kinds:
        return union([self._attribute(kind, name) for kind in kinds])

    def _attribute(self, kind: Meaning, name: str) -> Kinds:
        if kind.kind == "module":
            return self._in_module(kind.name, name)
        if kind.kind == "namespace":
            dotted = f"{kind.name}.{name}"
            found = self._finder.find_path(kind.start, dotted, 0)
            if found is not None:
                return frozenset({Meaning("module", name=found)})
            first, _, rest = kind.rest.partition(".")
            if not rest or name != first:
                return frozenset({PLAIN})
            return frozenset({kind._replace(name=dotted, rest=rest)})
        if kind.kind == "external":
            return attribute_outside(kind.name, name)
        if kind == CALLED and name not in TAKING:
            return NOTHING
        if only_holds(kind, name):
            return frozenset({external(KEEPING)})
        if kind.kind in ("class", "function", "instance", "super", "typed"):
            return self._ask(
                ("attribute", *kind, name), lambda: self._attribute_of(kind, name)
            )
        # What holds something, or comes from a parameter, is as good as that itself.
        return frozenset({kind})

    def _attribute_of(self, kind: Meaning, name: str) -> Kinds:
        if kind.kind == "function":
            put = kind.body.module.attributes.get(name, ())
            return union(self._kinds(t, b, b.owner) for t, b in put) | {kind}
        found = set(self._member(kind, name))
        for one in list(found):
            if one.kind == "function" and one.body.decorators:
                # It may be a property.
                found |= self._called(one, NOTHING, ())
        if kind.kind == "typed" and not found <= {PLAIN}:
            return frozenset(found)
        for cls in self._line(kind.body) if not found else ():
            for base in cls.bases:
                above = self._kinds(base, cls.outer or cls, None)
                listed = {one for one in above if async_apis.async_class(one.name)}
                found |= self._attributes(frozenset(listed), name)
        for cls in self._line(kind.body):
            for holder in (cls, cls.module):
                for term, body in holder.attributes.get(name, ()):
                    found |= self._kinds(term, body, body.owner)
        if name in TAKING:
            # It may be a container of them.
            found.add(kind)
        for one in () if found else self._member(kind, "__iter__"):
            found |= self._attributes(self._called(one, NOTHING, ()), name)
        for one in () if found else self._member(kind, "__getattr__"):
            held = self._all(unawaited.looked_into(one.body), one.body, kind.body)
            found |= self._attributes(held, name)
        return frozenset(found)

    def _decorated(self, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return what the decorators of a function may leave."""
        made = frozenset({Meaning("function", body, None if body.first else owner)})
        if not body.decorators:
            return made
        outer = body.outer
        assert outer is not None
        for decorator in reversed(body.decorators):
            found = self._kinds(decorator, outer, owner)
            if found and all(kind == FOREIGN or kind.name in OPAQUE for kind in found):
                return NOTHING
            for kind in found:
                given = self._called(kind, made, ())
                if not body.is_async and unawaited.asks_for_coroutines(kind.body):
                    given = like_plain(given)
                made |= given
        return made

    def _calls(
        self, term: terms.CallTerm, body: BodyTerms, owner: BodyTerms | None
    ) -> Kinds:
        function = self._kinds(term.function, body, owner)
        if body.owner and not term.args and _SUPER in function:
            return frozenset({Meaning("super", body.owner, owner or body.owner)})
        args = self._all(term.args, body, owner)
        held = NOTHING
        if type(term.function) is terms.AttributeTerm and term.function.name in TAKING:
            held = frozenset(one for one in function if one.kind != "external")
            function -= {CALLED}
        found = union([self._called(kind, args, term.texts) for kind in function])
        if term.beginning:
            found |= self._beginning(args, term.beginning)
        return found | held if held else found

    def _beginning(self, owners: Kinds, text: str) -> Kinds:
        """Return the methods of objects whose names begin with a text."""
        names = {
            name
            for one in owners
            if one.kind in ("class", "instance", "typed")
            for cls in self._line(one.body)
            for name in cls.names
            if name.startswith(text)
        }
        return union([self._attributes(owners, name) for name in sorted(names)])

    def _called(self, kind: Meaning, args: Kinds, texts: tuple[str, ...]) -> Kinds:
        """Return what calling something gives."""
        if kind.kind == "function":
            if kind.body.is_async:
                return frozenset({kind._replace(kind="coroutine")})
            if kind.body.is_generator:
                return objects(self._yielded(kind))
            return self._given(kind, args)
        if kind.kind == "class":
            return args | {Meaning("instance", kind.body)}
        if kind.kind in ("instance", "typed"):
            return union(
                self._called(one, args, texts) for one in self._member(kind, "__call__")
            )
        if kind.kind == "external":
            if kind.rest == OBJECT:
                return called_object(kind.name)
            return self._called_outside(kind.name, args, texts)
        if kind.kind == "coroutine":
            return frozenset({kind})
        if kind in (CALLED, REGISTERED):
            return frozenset({Meaning("coroutine")})
        if kind == FOREIGN:
            return frozenset({kind})
        return NOTHING if kind == PARAMETER else args | {kind}

    def _entered(self, kind: Meaning) -> Kinds:
        """Return what `async with` or `async for` on an object gives."""
        return union(
            self._given(one, NOTHING) | self._yielded(one)
            for name in ("__aenter__", "__aiter__")
            for one in self._member(kind, name)
        )

    def _given(self, kind: Meaning, args: Kinds) -> Kinds:
        """Return what a function's body returns."""
        body, owner = kind.body, kind.owner or kind.body.owner
        found = self._ask(
            ("returned", body, owner), lambda: self._all(body.returns, body, owner)
        )
        # A function that is defined in it may call what it was given.
        is_handed_on = any(one is PARAMETER or one.body.outer is body for one in found)
        return found | args if is_handed_on else found

    def _yielded(self, kind: Meaning) -> Kinds:
        """Return what a function's body yields."""
        body, owner = kind.body, kind.owner or kind.body.owner
        return self._ask(
            ("yielded", body, owner), lambda: self._all(body.yields, body, owner)
        )

    def _called_outside(self, name: str, args: Kinds, texts: tuple[str, ...]) -> Kinds:
        """Return what calling something from outside the project gives."""
        if name == "builtins.getattr":
            return union(self._attributes(args, text) for text in texts)
        if name in LOOKING or name in OPAQUE:
            return looked_at(name, args)
        listed = called_outside(name, texts[0] if texts else None)
        if listed is not None:
            is_of_asyncio = name.startswith("asyncio.")
            return listed | objects(self._awaited(args)) if is_of_asyncio else listed
        if name in MAKING:
            return self._awaited(args) | {Meaning("coroutine")}
        if name.startswith("asyncio."):
            return self._awaited(args) | {external(ASYNCIO)}
        found = set(args)
        for one in args:
            # `map` and `partial` call what they are given, now or later.
            if one.kind == "function":
                found |= self._called(one, NOTHING, ())
        return frozenset(found | {PLAIN})

    def _awaited(self, kinds: Kinds) -> Kinds:
        """Return what awaiting or entering one of several gives."""
        found: set[Meaning] = set()
        for kind in kinds:
            if kind.kind in ("instance", "typed"):
                found |= self._entered(kind)
            if kind.kind == "coroutine":
                found |= self._given(kind, NOTHING) | self._yielded(kind)
                if unawaited.hands_on(kind.body):
                    found.add(Meaning("coroutine"))
            found |= awaited_outside(kind)
        return frozenset(found)
