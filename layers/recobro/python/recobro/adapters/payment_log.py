"""Every word on a payment, kept raw before anything else happens, and never deleted: the accounting record of what we were told.

One item a payment, `PAYMENT#<gateway>#<intent>`: its words (each with the first body that brought it), what the ledgers hold
of it, and where it stands. It lies in the table's index under the day on which we first heard of it, so that a day's money
can be listed, or under `payments#quarantine` while it waits for a person.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from botocore.exceptions import ClientError

from recobro.adapters.table import Table, in_our_words, item_key
from recobro.codec import from_plain, to_plain, write_instant
from recobro.domain.chain import canonical
from recobro.domain.hear import Base
from recobro.domain.payment import Heard, Payment
from recobro.domain.payment_told import PaymentTold
from recobro.domain.said import Word

INDEX = "due"
QUARANTINE = "payments#quarantine"
UNFINISHED = "payments#unfinished"
"""Where decisions lie that somebody has made and nobody has yet carried out to the end."""
OWN_WORDS = frozenset({"why", "reason", "was"})
"""What of a decision somebody wrote themselves; one that is made after another repeats the other's."""
GONE = "(erased)"
MAX_RAW = 60_000
"""Bytes of a body kept per word, after deflation: an item holds 400 kB, and no payment has so many words."""


@dataclass(frozen=True)
class Entry:
    """One payment as the log has it. bases: debtor id → debt key → what that record knew when the journal last saw it."""

    intent: str
    status: str
    words: tuple[Word, ...]
    endpoint: str
    day: date
    at: datetime
    is_new: bool = False
    reason: str = ""
    assigned: str = ""
    bases: Mapping[str, Mapping[str, Base]] = field(default_factory=dict)

    def base(self, debtor_id: str, key: str) -> Base | None:
        return self.bases.get(debtor_id, {}).get(key)


class PaymentLog:
    """status: received → posted | returned | reversed | pending | unconfirmed | failed | expired, or quarantined → rejected."""

    def __init__(self, client: Any, table: Table) -> None:
        self._client = client
        self._table = table

    def hear(
        self, told: PaymentTold, raw: bytes, *, endpoint: str, source: str, day: date, now: datetime,
        answers: tuple[str, ...] = (),
    ) -> Entry:  # fmt: skip
        """Add one word; the same word again adds nothing. One request. Returns every word that stands then."""
        word = digested(Word(told, source, answers))
        name = f"w_{word.digest}"
        value = {"word": {"S": canonical(_word_to_plain(word))}, "raw": {"B": zlib.compress(raw)[:MAX_RAW]}}
        first = {
            "status": {"S": "received"},
            "at": {"S": write_instant(now)},
            "day": {"S": day.isoformat()},
            "endpoint": {"S": endpoint},
            "due_shard": {"S": day_shard(day)},
            "home_shard": {"S": day_shard(day)},
            "due_at": {"S": write_instant(now)},
        }
        try:
            found = self._added(told.intent, {name: {"M": value}, **first}, "attribute_not_exists(bare)")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            # Whose money it was is forgotten: the word counts, and nothing that names its payer is kept.
            found = self._added(told.intent, {name: {"M": {"word": value["word"]}}, **first})
        return _entry(told.intent, found)

    def _added(self, intent: str, new: Mapping[str, Any], condition: str = "") -> dict[str, Any]:
        """Whatever of `new` is not there yet is set, and one delivery counted. Returns the item as it stands then."""
        sets = ", ".join(f"#{place} = if_not_exists(#{place}, :{place})" for place in range(len(new)))
        answer = in_our_words(
            self._client.update_item,
            TableName=self._table.name,
            Key=item_key(f"PAYMENT#{intent}", "EVENT"),
            UpdateExpression=f"SET {sets} ADD deliveries :one",
            ExpressionAttributeNames={f"#{place}": one for place, one in enumerate(new)},
            ExpressionAttributeValues={
                **{f":{place}": one for place, one in enumerate(new.values())},
                ":one": {"N": "1"},
            },
            ReturnValues="ALL_NEW",
            **({"ConditionExpression": condition} if condition else {}),
        )
        attributes: dict[str, Any] = answer["Attributes"]
        return attributes

    def count_forged(self, endpoint: str, reason: str, now: datetime) -> None:
        """How often a day what came to an endpoint was not its gateway's word, and why; never what a stranger wrote."""
        self._table.update(
            f"FORGED#{endpoint}",
            f"{now:%Y-%m-%d} {reason}"[:200],
            UpdateExpression="ADD times :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def entry(self, intent: str) -> Entry | None:
        item = self._table.get(f"PAYMENT#{intent}", "EVENT")
        return _entry(intent, item) if item is not None else None

    def entries(self, intents: Iterable[str]) -> dict[str, Entry]:
        """Those of them that there are, a hundred to a request."""
        found = self._table.get_many([(f"PAYMENT#{one}", "EVENT") for one in dict.fromkeys(intents)])
        told = ((item["pk"]["S"].removeprefix("PAYMENT#"), item) for item in found)
        return {intent: _entry(intent, item) for intent, item in told}

    def raw(self, intent: str) -> dict[str, bytes]:
        """Word digest → the body that first brought it."""
        return _bodies(self._table.get(f"PAYMENT#{intent}", "EVENT") or {})

    def forget_raw(self, intent: str, is_to_go: Callable[[str], bool] = lambda body: True) -> int:
        """Take away the bodies in which gateways name the payer; what was told of the money stays. Returns how many."""
        item = self._table.get(f"PAYMENT#{intent}", "EVENT") or {}
        return self._without(intent, _named(item, is_to_go))

    def keep_no_raw(self, intent: str) -> None:
        """From now on no body of it is kept, whatever a gateway still tells of that money."""
        self._table.update(
            f"PAYMENT#{intent}",
            "EVENT",
            UpdateExpression="SET bare = :yes",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )

    def forget(self, is_theirs: Callable[[str], bool], is_own: Callable[[Entry], bool]) -> int:
        """Take away what names somebody who was erased from all payments, also from those of which no record ever knew: gateways'
        bodies, and what people wrote when they decided. is_own: whether the money was for that person's debts and nobody else's; of
        that no body is kept. Returns how many.
        """
        notes: list[tuple[str, str, str, str]] = []
        events: list[tuple[Entry, list[str]]] = []
        for item in self._table.beginning("PAYMENT#"):
            intent, kind = item["pk"]["S"].removeprefix("PAYMENT#"), item["sk"]["S"]
            if kind == "EVENT":
                entry = _entry(intent, item)
                own = is_own(entry)
                words = [*_bodies(item)] if own else _named(item, is_theirs)
                # A declined card, or money that was placed nowhere: a later word of it would name the same payer.
                if own or (words and not entry.bases and len(words) == len(_bodies(item))):
                    self.keep_no_raw(intent)
                if words or is_theirs(entry.reason):
                    events.append((entry, words))
            elif name := next((one for one in ("decision", "note") if one in item), ""):
                notes.append((intent, kind, name, item[name]["S"]))
        # What is open before what is decided: whoever carries it out meanwhile writes down what they read.
        noted = [self._unnamed(*one, is_theirs) for one in sorted(notes, key=lambda one: one[2])]
        for entry, words in events:
            self._without(entry.intent, words)
            if is_theirs(entry.reason):
                self._set(entry.intent, {"reason": GONE})
        return sum(len(words) for _, words in events) + noted.count(True)

    def _without(self, intent: str, digests: Iterable[str]) -> int:
        words = [f"w_{one}" for one in digests]
        if words:
            self._table.update(
                f"PAYMENT#{intent}",
                "EVENT",
                UpdateExpression="REMOVE " + ", ".join(f"#{place}.#raw" for place in range(len(words))),
                ExpressionAttributeNames={"#raw": "raw", **{f"#{n}": one for n, one in enumerate(words)}},
            )
        return len(words)

    def _unnamed(
        self, intent: str, kind: str, name: str, body: str, is_theirs: Callable[[str], bool]
    ) -> bool:
        """What somebody decided, without their own words where those name who is erased. False: it is left as it is."""
        told: dict[str, str] = json.loads(body)
        left = {one: GONE if one in OWN_WORDS and is_theirs(text) else text for one, text in told.items()}
        return left != told and self._table.update(
            f"PAYMENT#{intent}",
            kind,
            UpdateExpression="SET #name = :left",
            ConditionExpression="#name = :told",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":left": {"S": canonical(left)}, ":told": {"S": body}},
        )

    def quarantine(self, entry: Entry, reason: str) -> None:
        """It waits for a person, and is listed until somebody decides or a further word makes it fit."""
        self._set(
            entry.intent,
            {"status": "quarantined", "reason": reason, "due_shard": QUARANTINE, "assigned": entry.assigned},
            aside_at=len(entry.words),
        )

    def assign(self, entry: Entry, reference: str) -> Entry:
        """A person says whose it is; it leaves the quarantine. Returns the entry as it stands then."""
        left = {"status": "received", "assigned": reference, "reason": "", "due_shard": day_shard(entry.day)}
        # Only what still waits: who comes second must not take back what a journal has noted since.
        self._set(entry.intent, left, aside_at=0, only_if="quarantined")
        return replace(entry, status="received", assigned=reference, reason="")

    def release(self, entry: Entry, status: str) -> None:
        """What waited for a person turned out to be no money: nobody has to look any more."""
        self._set(entry.intent, {"status": status, "reason": "", "due_shard": day_shard(entry.day)})

    def close(self, entry: Entry, status: str, reason: str) -> None:
        """status: "rejected" (no payment of ours) | "sent_back" (returned to who sent it)."""
        self._set(entry.intent, {"status": status, "reason": reason, "due_shard": day_shard(entry.day)})

    def record(self, intent: str, note: Mapping[str, str]) -> None:
        """Who decided what about a payment, and why; never changed."""
        number = len(self.decided(intent))
        body = {"note": {"S": canonical(dict(note))}}
        while self._table.put_new(f"PAYMENT#{intent}", f"DECIDED#{number:04d}", body) is not None:
            number += 1

    def decided(self, intent: str) -> list[dict[str, str]]:
        """What people decided about it, oldest first."""
        found = self._table.query(f"PAYMENT#{intent}", prefix="DECIDED#")
        return [json.loads(item["note"]["S"]) for item in found]

    def begin(self, intent: str, decision: Mapping[str, str], now: datetime) -> None:
        """A person has decided: kept until `finished`, so that whoever comes next can carry it out."""
        self._table.update(
            f"PAYMENT#{intent}",
            "UNFINISHED",
            UpdateExpression="SET decision = :decision, due_shard = :shard, due_at = :now",
            ExpressionAttributeValues={
                ":decision": {"S": canonical(dict(decision))},
                ":shard": {"S": UNFINISHED},
                ":now": {"S": write_instant(now)},
            },
        )

    def unfinished(self, intent: str) -> dict[str, str]:
        """What was decided about it and not carried out to the end; empty where nothing is open."""
        item = self._table.get(f"PAYMENT#{intent}", "UNFINISHED") or {}
        return dict(json.loads(item["decision"]["S"])) if "decision" in item else {}

    def finished(self, intent: str, decision: Mapping[str, str]) -> None:
        """That decision is carried out; one that was made since stays open."""
        self._table.update(
            f"PAYMENT#{intent}",
            "UNFINISHED",
            UpdateExpression="REMOVE decision, due_shard, due_at",
            ConditionExpression="decision = :decision",
            ExpressionAttributeValues={":decision": {"S": canonical(dict(decision))}},
        )

    def all_unfinished(self) -> Iterator[str]:
        """The payments about which a decision is open, oldest first."""
        for item in self._shard(UNFINISHED):
            yield item["pk"]["S"].removeprefix("PAYMENT#")

    def note(self, debtor_id: str, heard: Heard, payments: Iterable[Payment]) -> None:
        """What the journal saw a record learn: kept for good, since the record itself forgets.

        A quarantine that came with a later word stands; one that this word ended is over.
        """
        known = {"heard": to_plain(heard), "payments": [to_plain(one) for one in payments]}
        name = {"#base": f"b_{debtor_id} {heard.debt}"}
        value: dict[str, Any] = {":base": {"S": canonical(known)}}
        status = "posted" if heard.status == "paid" else heard.status
        place = (f"PAYMENT#{heard.intent}", "EVENT")
        is_over = self._table.update(
            *place,
            UpdateExpression="SET #base = :base, #status = :status, reason = :none, due_shard = home_shard",
            ConditionExpression="attribute_not_exists(aside_at) OR aside_at < :words",
            ExpressionAttributeNames={**name, "#status": "status"},
            ExpressionAttributeValues={
                **value,
                ":status": {"S": status},
                ":none": {"S": ""},
                ":words": {"N": str(heard.words)},
            },
        )
        if not is_over:
            self._table.update(
                *place,
                UpdateExpression="SET #base = :base",
                ExpressionAttributeNames=name,
                ExpressionAttributeValues=value,
            )

    def of_day(self, day: date) -> Iterator[Entry]:
        """Every payment first heard of on that day of the client's, those in quarantine too."""
        yield from self._listed(day_shard(day))
        yield from (one for one in self._listed(QUARANTINE) if one.day == day)

    def quarantined(self) -> Iterator[Entry]:
        """What waits for a person, oldest first."""
        return self._listed(QUARANTINE)

    def _listed(self, shard: str) -> Iterator[Entry]:
        for found in self._shard(shard):
            entry = self.entry(found["pk"]["S"].removeprefix("PAYMENT#"))
            if entry is not None:
                yield entry

    def _shard(self, shard: str) -> Iterator[dict[str, Any]]:
        asked: dict[str, Any] = {
            "IndexName": INDEX,
            "KeyConditionExpression": "due_shard = :shard",
            "ExpressionAttributeValues": {":shard": {"S": shard}},
        }
        while True:
            page = self._table.query_page(**asked)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _set(
        self, intent: str, values: Mapping[str, str], *, aside_at: int | None = None, only_if: str = ""
    ) -> None:
        """only_if: the status that it must have, or nothing is set."""
        plain: dict[str, Any] = {name: {"S": one} for name, one in values.items()}
        if aside_at is not None:
            plain["aside_at"] = {"N": str(aside_at)}
        names = {f"#{place}": name for place, name in enumerate(plain)}
        values_set: dict[str, Any] = {f":{place}": one for place, one in enumerate(plain.values())}
        condition: dict[str, Any] = {}
        if only_if:
            condition = {"ConditionExpression": "#status = :only_if"}
            names["#status"], values_set[":only_if"] = "status", {"S": only_if}
        self._table.update(
            f"PAYMENT#{intent}",
            "EVENT",
            UpdateExpression="SET " + ", ".join(f"#{place} = :{place}" for place in range(len(plain))),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values_set,
            **condition,
        )


def day_shard(day: date) -> str:
    return f"payments#{day.isoformat()}"


def digested(word: Word) -> Word:
    """The word with its identity: what it says, whoever delivered it how often."""
    told = replace(word.told, event="")
    plain = [_told_to_plain(told), list(word.answers)]
    return replace(word, digest=hashlib.sha256(canonical(plain).encode()).hexdigest()[:16])


def _bodies(item: Mapping[str, Any]) -> dict[str, bytes]:
    """Word digest → the body that first brought it, of those that are still kept."""
    return {
        name[2:]: zlib.decompressobj().decompress(bytes(value["M"]["raw"]["B"]))
        for name, value in item.items()
        if name.startswith("w_") and "raw" in value["M"]
    }


def _named(item: Mapping[str, Any], is_theirs: Callable[[str], bool]) -> list[str]:
    return [one for one, body in _bodies(item).items() if is_theirs(body.decode("utf-8", "replace"))]


def _told_to_plain(told: PaymentTold) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(told)
    return plain


def _word_to_plain(word: Word) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(word)
    return plain


def _entry(intent: str, item: Mapping[str, Any]) -> Entry:
    words = [
        from_plain(Word, json.loads(value["M"]["word"]["S"]))
        for name, value in item.items()
        if name.startswith("w_")
    ]
    bases: dict[str, dict[str, Base]] = {}
    for name, value in item.items():
        if name.startswith("b_"):
            debtor_id, _, key = name[2:].partition(" ")
            bases.setdefault(debtor_id, {})[key] = from_plain(Base, json.loads(value["S"]))
    return Entry(
        intent=intent,
        status=item["status"]["S"],
        words=tuple(sorted(words, key=lambda one: one.digest)),
        endpoint=item["endpoint"]["S"],
        day=date.fromisoformat(item["day"]["S"]),
        at=datetime.fromisoformat(item["at"]["S"]),
        is_new=item["deliveries"]["N"] == "1",
        reason=item.get("reason", {}).get("S", ""),
        assigned=item.get("assigned", {}).get("S", ""),
        bases=bases,
    )
