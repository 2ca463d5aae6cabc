"""`python -m flake8_lambda_handler` is the command `flake8-lambda-handler`."""

from __future__ import annotations

import sys

from flake8_lambda_handler.cli import main

if __name__ == "__main__":
    sys.exit(main())
