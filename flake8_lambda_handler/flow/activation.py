"""One run over a body: all parts of the interpreter together."""

from __future__ import annotations

from flake8_lambda_handler.flow.assignment import Assignment
from flake8_lambda_handler.flow.attributes import Attributes
from flake8_lambda_handler.flow.blocks import Blocks
from flake8_lambda_handler.flow.calls import Calls
from flake8_lambda_handler.flow.containers import Containers
from flake8_lambda_handler.flow.events import Pause
from flake8_lambda_handler.flow.run import Returned
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.statements import Statements
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Value


class Activation(Blocks, Statements, Containers, Attributes, Calls, Assignment):
    """One run over a body, with the state of the path that is being followed."""

    def __init__(self, world: World, frame: Frame, state: State, depth: int) -> None:
        self.world = world
        self.libraries = world.libraries
        self.frame = frame
        self.module = frame.module
        self.state = state
        self.depth = depth
        self.alive = True
        self.returns: list[Returned] = []
        self.rounds: list[State] = []
        self.yields: list[Value] = []
        self.pauses: list[Pause] | None = None
        self.first_made = 0
        self.driven: set[Address] = set()
        self.named: set[Address] = set()
        self.tested: set[Address] = set()
        self.awaited_tasks: set[Address] = set()
        self.varying: set[str] = set()
        self.loops: list[tuple[list[State], list[State]]] = []
        self.blocks = 0
