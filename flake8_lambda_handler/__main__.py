"""`python -m flake8_lambda_handler` is the command `flake8-lambda-handler`.

`-m` puts the current folder in front of all others, and a project may hold a `yaml.py`
or an `ast.py` of its own: nothing of a project that is checked may run. What Python
itself imports before this module is beyond reach; `python -P` (3.11) does without.
"""

from __future__ import annotations

import os
import sys


def _leave_current_folder() -> None:
    """Take the folder off the path that `-m` has put there."""
    if sys.flags.isolated or getattr(sys.flags, "safe_path", False):
        return
    try:
        here = os.getcwd()
    except OSError:  # it is gone, and Python has put nothing there
        return
    if sys.path[:1] in ([""], [here]):
        del sys.path[0]


if __name__ == "__main__":
    _leave_current_folder()
    from flake8_lambda_handler.cli import main

    sys.exit(main())
