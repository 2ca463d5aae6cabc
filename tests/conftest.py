"""What test files share by naming it."""

from __future__ import annotations

import pytest


@pytest.fixture(params=[".git", ""], ids=["git", "no-git"])
def with_and_without_git(request, monkeypatch):
    """Run a test in a checkout, and in a copy as archives and images hold it."""
    monkeypatch.setenv("PROJECT_MARKER", request.param)
