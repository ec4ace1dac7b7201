"""An import is told of by messages, which may hold anything: which file lies there, and which piece of its work is to be done."""

import json
from typing import Any
from urllib.parse import unquote_plus

from recobro.errors import InvalidInput

STEPS = {"save": ("part",), "missing": ("lane", "shard"), "recall": ("lane", "shard")}
"""What a piece of each step says beside the import it belongs to."""
LANES = ("pre_due", "overdue")


def dropped_key(body: str) -> str:
    """The key of the object that EventBridge's "Object Created" tells of. Raises InvalidInput where it tells of none."""
    try:
        key = json.loads(body)["detail"]["object"]["key"]
    except (KeyError, TypeError, ValueError):
        key = None
    if not isinstance(key, str) or not key:
        raise InvalidInput(
            "detail.object.key", "is not told", 'EventBridge\'s "Object Created" of the bucket'
        )
    return unquote_plus(key)


def piece_told(body: str) -> dict[str, Any]:
    """{"import", "step", …} as `send_pieces` writes it. Raises InvalidInput naming what is wrong."""
    try:
        piece = json.loads(body)
    except ValueError:
        piece = None
    if not isinstance(piece, dict) or not isinstance(piece.get("import"), str):
        raise InvalidInput("import", "is not told", '{"import": …, "step": …}')
    step = piece.get("step")
    if not isinstance(step, str) or step not in STEPS:
        raise InvalidInput("step", f"is {step!r}", " or ".join(STEPS))
    for name in STEPS[step]:
        value = piece.get(name)
        is_right = value in LANES if name == "lane" else type(value) is int and value >= 0
        if not is_right:
            raise InvalidInput(
                name, f"is {value!r}", " or ".join(LANES) if name == "lane" else "a number from 0"
            )
    return piece
