"""Follow `with` into the generator that a context manager is made of."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.events import Opened
from flake8_lambda_handler.flow.inlining import Inlining
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join


class Contexts(Inlining):
    """What `contextmanager` and `asynccontextmanager` make of a generator function."""

    def opened(
        self,
        caller: Run,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Opened | None:
        """Return what a generator yields to `with`, and what it does behind the `yield`.

        `None` when that is not known. The caller goes on where the generator pauses.
        """
        if not self.is_tracing:
            return None
        if function.receiver is not None:
            args = [function.receiver, *args]
        inner = self.inlined(caller, function, args, keywords, node, pauses=True)
        pauses = [] if inner is None else inner.pauses or []
        if inner is None or not pauses:
            return None
        value = join(*[pause.value for pause in pauses])
        # A way on which nothing is yielded ends in an exception.
        ends = [
            state
            for _, state, _ in inner.returns
            if any(state.heap.is_above(pause.mark) for pause in pauses)
        ]
        after = join_states(ends)
        if len(pauses) > 1 and after is not None:
            # Nobody knows at which of them it pauses: all of it has happened.
            self.go_on(caller, after)
            return Opened(value, None, None, [])
        self.go_on(caller, pauses[0].state.fork())
        events = self.root.events[pauses[0].told :]
        del self.root.events[pauses[0].told :]
        return Opened(value, pauses[0], after, events)
