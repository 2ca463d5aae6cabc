"""What the classes of the project bind, and what their instances begin with."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.activation import Activation
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.hints import Hints
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.modules import ModuleFinder
from flake8_lambda_handler.flow.run import Libraries
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.statements import function_body
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Value


class ClassBodies(Hints):
    """Class bodies and `__init__`."""

    def __init__(self, libraries: Libraries, resolver: ModuleFinder) -> None:
        super().__init__(libraries, resolver)
        self._classes: dict[ast.AST, ClassFacts] = {}
        self._class_frames: dict[Frame, Class] = {}
        #: What `__init__` leaves in the attributes of an instance.
        self._inits: dict[ast.AST, dict[object, Value]] = {}

    def make_class(self, run: Run, cls: Class) -> None:
        """Run a class body and keep what it binds."""
        node = cls.node
        bases = [run.eval(base) for base in node.bases]
        metaclass = None
        for keyword in node.keywords:
            value = run.eval(keyword.value)
            if keyword.arg == "metaclass":
                metaclass = value
        frame = Frame(
            run.module,
            node,
            run.frame,
            None,
            run.frame.context,
            run.frame.shared,
        )
        self._class_frames[frame] = cls
        facts = ClassFacts(cls, bases, metaclass, self.class_facts, self.libraries)
        self._classes[node] = facts
        around = run.state
        body = Activation(
            self,
            frame,
            State(None, around.heap, around.fates, around.many),
            run.depth,
        )
        facts.namespace = body.state.names
        body.run(node.body)
        facts.namespace = body.state.names
        around.heap, around.fates = body.state.heap, body.state.fates
        around.many = body.state.many

    def class_facts(self, cls: Class) -> ClassFacts:
        """Return what is known of a class."""
        return self._classes[cls.node]

    def class_being_made(self, frame: Frame) -> Class | None:
        """Return the class whose body a frame runs."""
        return self._class_frames.get(frame)

    def is_new_key(self, args: list[Value]) -> bool:
        """Return whether a cached function is given an object of this call's caller.

        No cache knows it, unless its class says which objects are equal.
        """
        return any(
            isinstance(one, Instance)
            and one.address is not None
            and not self.is_shared(one.address)
            and not one.cls.node.decorator_list
            and not one.cls.node.bases
            and self.class_facts(one.cls).find("__hash__") is None
            for one in args
        )

    def instance_default(self, cls: Class, name: str) -> Value:
        """Return what `__init__` assigns to an attribute, if nothing else does."""
        for facts in self.class_facts(cls).line():
            init = facts.namespace.get("__init__")
            if not isinstance(init, Function) or init.node in self._active:
                continue
            module = facts.cls.module
            writers = module.attribute_writers.get(name, ())
            if init.node not in writers:
                continue
            if len(writers) > 1 and (
                name in module.foreign_writes
                or any(
                    place.method is not init.node
                    for place in module.assigned_by(facts.cls.node).get(name, ())
                )
            ):
                return UNKNOWN
            summary = self._init_summary(facts.cls, init)
            return summary.get(name, UNKNOWN)
        return UNKNOWN

    def _init_summary(self, cls: Class, init: Function) -> dict[object, Value]:
        if init.node in self._inits:
            return self._inits[init.node]
        self._inits[init.node] = {}
        address = Address(init.node, cls.module, (init.node,), shared=False)
        instance = Instance(cls, address)
        names = self._bind(init, [instance], {}, unknown=True)
        frame = Frame(cls.module, init.node, init.frame, init, (), shared=False)
        frame.ever.update(names)
        activation = Activation(
            self, frame, State(Layers(names), Layers({address: Items()})), 0
        )
        self._active.append(init.node)
        try:
            summary = self._root(activation, function_body(init.node), init.node)
        finally:
            self._active.pop()
        entry = summary.state.heap.get(address)
        known = dict(entry.known) if isinstance(entry, Items) else {}
        # The objects are needed wherever the attributes are read.
        for held in known.values():
            for reached in activation.reach(held):
                found = summary.state.heap.get(reached)
                if found is not None:
                    self.shared_heap.setdefault(reached, found)
        if cls.module in self._running:
            # Names behind it are not bound yet, and annotations may name them.
            del self._inits[init.node]
        else:
            self._inits[init.node] = known
        return known
