"""Follow values through the code: what is made, what it is, and where it goes.

One small abstract interpreter answers every question that needs more than the text:
is this a coroutine, does anything run it, which loop is this, what does Lambda get to
encode. It knows no library and no rule. From the ground up:

- `limits`: every bound, with its reason.
- `values`, `heap`, `state`: what a value can be, what an object holds, and what is known
  at one point of a body; `layers` is the dict that keeps it, made to be forked.
- `path`, `events`: what happens on the way, one record for each kind.
- `run`: what the parts below, and the libraries, may ask of one another.
- The interpreter of one body, put together in `activation`: `narrowing`, `names`,
  `expressions`, `attributes`, `containers`, `calls`, `assignment`, `exits`, `blocks` and
  `statements`.
- What lies beyond one body, put together in `analysis`: `bodies` runs one, within the
  bounds; `summaries` remembers what it found; `modules` and `class_bodies` know names;
  `inlining` follows calls where their arguments matter.

`UNKNOWN` is a value like any other, and no rule ever reports it.
"""
