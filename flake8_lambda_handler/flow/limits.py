"""Every bound of following values, with its reason.

Where a bound is met, the answer is unknown: nothing is reported that rests on it, and
it is not remembered. Raising a bound finds more and takes longer, and nothing else.
"""

from __future__ import annotations

# -- calls --------------------------------------------------------------------------

#: Calls inlined into one another while a function is summarised: helpers of helpers that
#: hand a coroutine on are seldom deeper.
DEPTH = 6

#: The same while an invocation of a handler is followed, where all calls are inlined.
TRACED_DEPTH = 12

#: Steps (expressions and statements) of the calls inlined into one body, so that a file
#: of many functions whose calls multiply takes seconds.
STEPS = 5_000

#: The same for an invocation: there are few handlers, and all rests on them.
TRACED_STEPS = 20_000

#: Steps for each further call of a body that has used them up: small helpers at its end
#: are still followed.
STEPS_AFTER = 300

#: Rounds through a circle of calls until what it returns stays the same; a coroutine
#: that is handed round needs three.
ROUNDS = 4

#: Bodies that wait for one another before a callee is summarised on its own. Each takes
#: about twelve of Python's 1,000 frames. No answer depends on it.
WAITING = 40

# -- values -------------------------------------------------------------------------

#: Alternatives of one value; of more, nothing certain is said.
ALTERNATIVES = 12

#: Ways on which names that belong together came, before they are on their own.
WAYS = 12

#: Constant keys of a container under which values are told apart: what has more is a
#: table, and looked through again for each of its copies.
ENTRIES = 64

#: Levels of a value that an encoder's walk goes down.
VALUE_DEPTH = 12

#: Levels of dataclasses that `asdict` goes down.
ASDICT_DEPTH = 5

#: Problems of one value; more say nothing new.
PROBLEMS = 50

#: Places that a boto3 response is searched for; the largest models have some hundreds.
RESPONSE_PLACES = 2_000

# -- modules and classes ------------------------------------------------------------

#: Characters of the modules behind one file that may have to do with coroutines. To read
#: and follow them all takes two seconds; of more, only the nearest are followed.
BEHIND = 2_000_000

#: Characters of the nearest modules, where there are more.
NEAREST = 400_000

#: Bytes of the files that share what is nearest to them: more would leave too little of it
#: to each.
PART = 200_000

#: Links of `from a import b` that are followed to where a name is bound: they may be a
#: circle.
REEXPORTS = 10

#: Modules whose bodies wait for one another: as for calls.
RUNNING_MODULES = 40

#: Modules behind one handler that are searched for what their import does.
IMPORTED_MODULES = 200

#: Calls that may give something to the objects of a class which keep it: each of them is
#: looked at for each class with a method that is called so.
GIFTS = 100

#: Methods of a class that are looked at for each class derived from it. Those of larger
#: ones, such as the base of all widgets, are judged by themselves.
METHODS = 100

#: Classes on the way from a class to all its bases.
BASES = 32
