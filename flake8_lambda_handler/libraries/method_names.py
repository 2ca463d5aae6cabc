"""Names of methods that tell by themselves what becomes of an argument.

They stand in a file of their own because screening asks for them, too, and imports
nothing that follows values.
"""

from __future__ import annotations

#: Methods of pydantic's models that read data into a new instance.
VALIDATORS = frozenset(
    {"model_validate", "model_validate_json", "parse_obj", "parse_raw"}
)

#: Methods of event loops and tasks that call a function and never await, and the place
#: of the function.
CALLBACKS = {
    "add_done_callback": 0,
    "add_reader": 1,
    "add_signal_handler": 1,
    "add_writer": 1,
    "call_at": 1,
    "call_later": 1,
    "call_soon": 0,
    "call_soon_threadsafe": 0,
}
