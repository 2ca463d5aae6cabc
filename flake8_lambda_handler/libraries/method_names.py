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

#: Those of which an object has one that is a loop, a future or Home Assistant itself, and
#: those that give a function to a thread: it is one, unless a class of the project has
#: the method.
TELLING = {
    "add_done_callback": 0,
    "add_signal_handler": 1,
    "async_add_executor_job": 0,
    "call_soon_threadsafe": 0,
    "run_in_executor": 1,
}

#: Methods of bots that are plain in py-cord, which is imported as `discord` (2.8.1), and in
#: discord.py up to version 1.7.
OF_EXTENSIONS = frozenset(
    {"add_cog", "load_extension", "reload_extension", "remove_cog", "unload_extension"}
)

#: Methods of routers that decorate a route.
ROUTING = frozenset(
    {"api_route", "delete", "get", "head", "options", "patch", "post", "put", "route"}
)

#: What has these in Powertools, below its `event_handler`.
_RESOLVERS = (
    "ALBResolver",
    "APIGatewayHttpResolver",
    "APIGatewayRestResolver",
    "ApiGatewayResolver",
    "LambdaFunctionUrlResolver",
    "api_gateway.ALBResolver",
    "api_gateway.APIGatewayHttpResolver",
    "api_gateway.APIGatewayRestResolver",
    "api_gateway.ApiGatewayResolver",
    "api_gateway.Router",
    "lambda_function_url.LambdaFunctionUrlResolver",
    "router.ALBRouter",
    "router.APIGatewayHttpRouter",
    "router.APIGatewayRouter",
    "router.LambdaFunctionUrlRouter",
    "router.Router",
)
POWERTOOLS_ROUTERS = frozenset(
    f"aws_lambda_powertools.event_handler.{name}" for name in _RESOLVERS
)

#: None of these awaits what is in the result of a route: run with FastAPI 0.165, Flask
#: 3.1 and Powertools 3.37, 2026-11-22.
PLAIN_ROUTERS = POWERTOOLS_ROUTERS | {"flask.Blueprint", "flask.Flask"}
ROUTERS = PLAIN_ROUTERS | {"fastapi.APIRouter", "fastapi.FastAPI"}
