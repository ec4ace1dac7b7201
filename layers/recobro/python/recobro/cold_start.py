"""A function that starts sooner answers a payment sooner: what it loads is kept for good, so nobody looks for garbage in it.

Python's collector goes through all objects again and again as they grow in number. While modules load that finds nothing, and
is an eighth of a cold start (`make bench ARGS=cold_start`). https://docs.python.org/3/library/gc.html#gc.freeze
"""

import gc
import os

_is_loading = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
"""Lambda sets it before it loads anything; nowhere else is the collector ours to stop."""

if _is_loading:
    gc.disable()


def loaded() -> None:
    """The function stands: what is there is never looked through, what events leave behind is collected as ever."""
    global _is_loading
    if _is_loading:
        _is_loading = False
        gc.freeze()
        gc.enable()
