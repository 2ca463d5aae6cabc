"""`migrate`: async handlers become sync handlers that drive their coroutine."""
