"""Each name from outside has one function that stands for its calls."""

from __future__ import annotations

import pytest

from flake8_lambda_handler.flow import analysis
from flake8_lambda_handler.flow import registry


def test_doubles_are_refused():
    assert analysis.Analysis  # importing it registers all
    assert "builtins.vars" in registry.CALLS
    with pytest.raises(ValueError, match="`builtins.vars`"):
        registry.call_of("builtins.vars")(registry.CALLS["builtins.vars"])


def test_each_name_once():
    @registry.call_of("vendor.once")
    def once(run, name, args, keywords, node):
        raise NotImplementedError

    try:
        assert registry.CALLS["vendor.once"] is once
    finally:
        del registry.CALLS["vendor.once"]
