"""The methods of pydantic's models that read data into a new instance.

They stand in a file of their own because screening asks for them, too, and imports
nothing that follows values.
"""

from __future__ import annotations

VALIDATORS = frozenset(
    {"model_validate", "model_validate_json", "parse_obj", "parse_raw"}
)
