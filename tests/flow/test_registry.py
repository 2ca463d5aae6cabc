"""Each name from outside has one function that stands for its calls."""

from __future__ import annotations

import pytest

from flake8_lambda_handler.libraries import outside
from flake8_lambda_handler.libraries import registry


def test_doubles_are_refused():
    assert outside.call  # importing it registers all
    assert "builtins.vars" in registry.CALLS
    with pytest.raises(ValueError, match="calls of `builtins.vars`"):
        registry.call_of("builtins.vars")(registry.CALLS["builtins.vars"])
    with pytest.raises(ValueError, match="calls of `json.dumps`"):
        registry.register_all(["json.dumps"], registry.CALLS["json.dumps"])
    with pytest.raises(ValueError, match="methods of `logging.Logger`"):
        registry.methods_of("logging.Logger")(registry.METHODS["logging.Logger"])


def test_each_name_once():
    @registry.call_of("vendor.once")
    def once(run, call):
        raise NotImplementedError

    try:
        assert registry.CALLS["vendor.once"] is once
    finally:
        del registry.CALLS["vendor.once"]
