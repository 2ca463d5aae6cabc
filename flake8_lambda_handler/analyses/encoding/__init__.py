"""What becomes of a value when it is encoded as JSON, and what the error says.

There are two encoders. The runtime client encodes what a handler returns with one of
its own, made from simplejson; `json.dumps` in the handler is the standard library's.
They agree on most kinds of values, and differ in `Decimal`, `bytes` and named tuples.

awslambdaric 2.0.7 to 4.2.2 with simplejson 3.17.2 to 4.3.0, and `json`, observed on
CPython 3.10 to 3.13, 2026-11-20. `tests/test_encoding.py` asks both again.
"""
