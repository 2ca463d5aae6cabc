"""Which event loops, and objects bound to one, break the next invocation of a handler.

The events of an `invocation` and those of the imports before it say where each loop was
made, who runs on it and who closes it (see `origins`). The other files turn them into
facts, one kind each, with the place to report. A loop or an object that outlives the
invocation is called *kept*.

What happens to each was observed with awslambdaric 4.2.2 on Python 3.10 to 3.13,
2026-11-20.
"""
