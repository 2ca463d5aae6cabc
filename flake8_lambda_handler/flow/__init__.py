"""Follow values through the code: what is made, what it is, and where it goes.

One small abstract interpreter answers every question that needs more than the text:
is this a coroutine, does anything run it, which loop is this, what does Lambda get to
encode. From the ground up:

- `limits`: every bound, with its reason.
- `values` and `state`: what a value can be, and what is known at one point of a body;
  `layers` is the dict that keeps it, made to be forked and joined.
- `externals`, with `containers`, `decorators`, `running` and `types`: what names from
  outside the project do to their arguments, and what they give; `registry` joins them.
  `objects` has the tables of `types`; `boto` knows responses, `models` dataclasses.
- `narrowing`, `classes`: what a condition says of a name, what a class has.
- `expressions` and `statements`: the interpreter, one `Activation` for each body.
- `analysis`: bodies run on demand, summarised once, inlined where arguments matter,
  bounded in depth and steps. What exceeds a bound is unknown.
- `outcome`, `describe`, `encoding`, `loops`: the questions that rules ask. `loops` reads
  the events of an invocation with `paths`, `origins` and `waiting`.

`UNKNOWN` is a value like any other, and no rule ever reports it.
"""
