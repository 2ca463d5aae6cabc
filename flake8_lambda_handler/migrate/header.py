"""The header of an async function, taken apart and put together by libcst.

libcst sees nothing but the header: it loses bytes of some valid files and dies of a
few hostile ones, so whoever calls this does it in a sandbox. What it returns is plain,
so that only the sandbox has to load libcst.
"""

from __future__ import annotations

import libcst as cst

#: Longest line that is written, in characters.
_WIDTH = 88

#: Annotations that say "a coroutine" where `async def` says so already. The last
#: argument is what comes out of it.
_AWAITABLES = frozenset({"Awaitable", "Coroutine"})


def split(header: str, implementation: str) -> tuple[str, tuple[str, ...], str] | None:
    """Return the fields of `rewrite.Header`: what a header is rewritten to.

    `header` runs from the word `async` to the first statement of the body;
    `implementation` is the name of the function that is to hold the body.
    None: libcst cannot read the header, or does not give it back unchanged.
    """
    text = header + "pass"
    try:
        module = cst.parse_module(text)
        if module.code != text:
            return None
    except (cst.ParserSyntaxError, RecursionError):
        return None
    function = cst.ensure_type(module.body[0], cst.FunctionDef)
    returns = _unwrapped(function.returns)
    wrapper = module.with_changes(
        body=[function.with_changes(asynchronous=None, returns=returns)]
    ).code
    return (
        wrapper.removesuffix("pass"),
        _implementation(module, function, returns, implementation),
        ", ".join(_arguments(function.params)),
    )


def _unwrapped(returns: cst.Annotation | None) -> cst.Annotation | None:
    """Return `-> Awaitable[X]` as `-> X`, and everything else as it is."""
    if returns is None or not isinstance(returns.annotation, cst.Subscript):
        return returns
    name = returns.annotation.value
    if isinstance(name, cst.Attribute):
        name = name.attr
    result = returns.annotation.slice[-1].slice
    if getattr(name, "value", "") in _AWAITABLES and isinstance(result, cst.Index):
        return returns.with_changes(annotation=result.value)
    return returns


def _implementation(
    module: cst.Module,
    function: cst.FunctionDef,
    returns: cst.Annotation | None,
    name: str,
) -> tuple[str, ...]:
    def code(node: cst.CSTNode | None) -> str:
        return "" if node is None else module.code_for_node(node).strip()

    def annotated(parameter: cst.Param) -> str:
        text = parameter.name.value
        if parameter.annotation is None:
            return text
        return f"{text}: {code(parameter.annotation.annotation)}"

    parameters = [annotated(parameter) for parameter in function.params.posonly_params]
    if parameters:
        parameters.append("/")
    parameters += [annotated(parameter) for parameter in function.params.params]
    if isinstance(function.params.star_arg, cst.Param):
        parameters.append(f"*{annotated(function.params.star_arg)}")
    elif function.params.kwonly_params:
        parameters.append("*")
    parameters += [annotated(parameter) for parameter in function.params.kwonly_params]
    if function.params.star_kwarg is not None:
        parameters.append(f"**{annotated(function.params.star_kwarg)}")
    start = f"async def {name}{code(function.type_parameters)}("
    end = ")" + (f" -> {code(returns.annotation)}" if returns else "") + ":"
    line = start + ", ".join(parameters) + end
    if len(line) <= _WIDTH:
        return (line,)
    return (start, *(f"    {parameter}," for parameter in parameters), end)


def _arguments(parameters: cst.Parameters) -> list[str]:
    return [
        *(parameter.name.value for parameter in parameters.posonly_params),
        *(parameter.name.value for parameter in parameters.params),
        *(
            [f"*{parameters.star_arg.name.value}"]
            if isinstance(parameters.star_arg, cst.Param)
            else []
        ),
        *(f"{p.name.value}={p.name.value}" for p in parameters.kwonly_params),
        *(
            [f"**{parameters.star_kwarg.name.value}"]
            if parameters.star_kwarg is not None
            else []
        ),
    ]
