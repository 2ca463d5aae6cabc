"""Which files no rule can say anything about; to ask loads no rule, and follows nothing.

Most files that have to do with coroutines are such.
"""

from __future__ import annotations

from flake8_lambda_handler.analyses import callers
from flake8_lambda_handler.analyses import commands
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.screening import hooks
from flake8_lambda_handler.session import Session


def is_quiet(session: Session, module: Module) -> bool:
    """Return whether a file has no handler, and leaves no coroutine behind."""
    return not find.of(session, module) and not _may_leave_coroutines(session, module)


def _may_leave_coroutines(session: Session, module: Module) -> bool:
    project = session.project
    if not project.may_hold_coroutines(module.path, module.text):
        return False
    places = session.around(module).suspicious(module)
    return (
        places is None
        or bool(places)
        or may_have_async_routes(module.text)
        or bool(callers.injected(session, module))
        or any(True for _ in callers.suspicious(session, module))
        or any(True for _ in hooks.of(project, module.path))
        or commands.may_be_called(module.text)
        or bool(session.once(commands.called, module))
    )


def may_have_async_routes(text: str) -> bool:
    """Return whether a file may give async functions to a router of Powertools."""
    return "aws_lambda_powertools.event_handler" in text and "async def" in text
