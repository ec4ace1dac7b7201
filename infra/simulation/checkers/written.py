"""How the house writes down what it did, read a second time: instants, bodies of records, the hashes that chain them."""

import hashlib
import hmac
import json
import zlib
from datetime import datetime
from typing import Any


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def opened(item: dict[str, Any]) -> dict[str, Any]:
    """The body of a STATE item."""
    body: dict[str, Any] = json.loads(zlib.decompress(item["body"]["B"]))
    return body


def hash_of(before: str, one: dict[str, Any]) -> str:
    """The hash of a recorded fact: of the one before, its place, its time and its content, in one spelling."""
    content = [before, one["version"], one["number"], one["at"], one["fact"]]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def hash_of_words(key: str, channel: str, ident: str, words: str) -> str:
    """The name that somebody's words have in their own record. ident: as the carrier names the message."""
    text = f"{channel}\x1f{ident}\x1f{words}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def word_of(hold: dict[str, Any]) -> str:
    """The name of a hold in the record of who asked for it: whoever else owes the debt may have it under more than one."""
    name: str = hold["id"]
    return name.rpartition(".")[2]
