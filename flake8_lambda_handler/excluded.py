"""What flake8's options `exclude` and `extend-exclude` leave out."""

from __future__ import annotations

import logging
import os
from argparse import Namespace

from flake8.utils import matches_filename

_LOG = logging.getLogger(__name__)


def is_excluded(path: str, options: Namespace) -> bool:
    """Tell whether the options exclude a path itself."""
    return matches_filename(
        path,
        patterns=[*options.exclude, *options.extend_exclude],
        log_message='"%(path)s" has %(whether)sbeen excluded',
        logger=_LOG,
    )


def lies_in_excluded(path: str, options: Namespace) -> bool:
    """Tell whether a walk from the current folder would leave out an absolute path."""
    here = os.path.join(os.getcwd(), "")
    while not is_excluded(path, options):
        folder = os.path.dirname(path)
        if folder == path or not folder.startswith(here):
            return False
        path = folder
    return True
