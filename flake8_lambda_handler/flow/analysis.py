"""Answer questions about values, over one module and those it imports."""

from __future__ import annotations

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.activation import Activation
from flake8_lambda_handler.flow.bodies import Exhausted
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.contexts import Contexts
from flake8_lambda_handler.flow.run import Root
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value


class Analysis(Contexts):
    """The flow analysis of one project: what rules may ask of it."""

    def take_apart(self) -> None:
        """Undo the circles in what is known, which nobody uses any more.

        So most of it goes at once, and the garbage collector has less to look through.
        """
        for summary in (*self._summaries.values(), *self._modules.values()):
            if summary.activation is not None:
                summary.activation.frame.ever.clear()
        for frame in self._frames:
            frame.ever.clear()
        self.__dict__.clear()

    def trace(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value] | None = None,
    ) -> Summary:
        """Return what one call finds out, with every call of the project inlined."""
        return self._answer(lambda: self._trace(function, args, keywords or {}))

    def _trace(
        self, function: Function, args: list[Value], keywords: dict[str, Value]
    ) -> Summary:
        if function.receiver is not None:
            args = [function.receiver, *args]
        elif function.owner is not None and not args:
            args = [self._self(function)]
        tracing, self.is_tracing = self.is_tracing, True
        try:
            return self._run(function, self._bind(function, args, keywords))
        finally:
            self.is_tracing = tracing

    def call(
        self, module: Module, function: Value, args: list[Value]
    ) -> tuple[Value, Activation]:
        """Return what calling a value of a module gives, as if at its end.

        The activation knows the heap in which the value stands.
        """
        return self._answer(lambda: self._call(module, function, args))

    def _call(
        self, module: Module, function: Value, args: list[Value]
    ) -> tuple[Value, Activation]:
        summary = self.module(module)
        frame = Frame(module, module.tree, None, None, (module.tree,), shared=False)
        activation = Activation(self, frame, summary.state.fork(), 0)
        saved, self.root = self.root, Root(limits.STEPS, len(self._active))
        tracing, self.is_tracing = self.is_tracing, True
        try:
            return activation.call(function, args, {}, module.tree), activation
        except (Exhausted, RecursionError):
            return UNKNOWN, activation
        finally:
            self.root, self.is_tracing = saved, tracing
