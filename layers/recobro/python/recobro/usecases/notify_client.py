"""The client's own systems hear what happened, signed by Standard Webhooks, until they say that they have: each thing under one id.

Specification: standardwebhooks.com, `spec/standard-webhooks.md`. The journal names the facts that may be told; what is said of
one is made here, of the history and the record. A receiver that meets an id again has heard it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from recobro.adapters.gateways.standard import signature
from recobro.adapters.state_record import Saved
from recobro.domain.client import Notify
from recobro.domain.notices import KINDS, Notice, notice_of
from recobro.errors import InvariantBroken, NotFound, Unavailable
from recobro.house import House
from recobro.usecases.journal import QUEUE


def hand_notices(house: House, saved: Saved) -> None:
    """For the journal: put what that save brought on the queue, once for each place that is told of anything."""
    for one in saved.facts:
        if one["fact"]["kind"] in KINDS:
            for place in house.playbook.client.notify:
                house.hand(QUEUE, _message(saved.debtor_id, one["version"], one["number"], place))


def again(house: House, debtor_id: str, to: str = "") -> Iterator[Mapping[str, str]]:
    """For a person: the messages by which everything of somebody's that may be told is told once more, under the ids it had."""
    for version, number, _ in told_of(house, debtor_id):
        for place in house.playbook.client.notify:
            if to in {"", place.name}:
                yield _message(debtor_id, version, number, place)


def _message(debtor_id: str, version: int, number: int, place: Notify) -> Mapping[str, str]:
    """Ids only."""
    return {"debtor": debtor_id, "version": str(version), "number": str(number), "to": place.name}


def notify_client(house: House, debtor_id: str, version: int, number: int, to: str) -> str:
    """Tell one place of one fact. Returns "told" | "not_wanted" (its file asks for other things, or for none).

    Raises NotFound for a fact that nobody recorded, InvariantBroken where no secret is set, Unavailable for any answer but a 2xx:
    then it comes again, and in the end waits among the dead letters.
    """
    place = next((one for one in house.playbook.client.notify if one.name == to), None)
    if place is None:
        return "not_wanted"
    recorded = house.ledger.fact(debtor_id, version, number)
    loaded = house.ledger.load(debtor_id)
    if recorded is None or loaded is None:
        raise NotFound("no such fact")
    notice = notice_of(recorded["fact"], loaded.debtor)
    if notice is None or (place.events and notice.type not in place.events):
        return "not_wanted"
    _post(house, place, f"n-{debtor_id}-{version}-{number}", notice, recorded["at"])
    return "told"


def told_of(house: House, debtor_id: str) -> Iterator[tuple[int, int, Notice]]:
    """(version, number, notice) of everything in somebody's history that may be told, oldest first."""
    from recobro.domain.facts import fact_to_plain

    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    for one in house.ledger.history(debtor_id):
        notice = notice_of(fact_to_plain(one.fact), loaded.debtor)
        if notice is not None:
            yield one.version, one.number, notice


def _post(house: House, place: Notify, ident: str, notice: Notice, at: str) -> None:
    """The signature is of this instant, the words are always the same."""
    secrets = house.secrets.notify(place.name, house.now())
    if not secrets:
        raise InvariantBroken(f"no secret is set for {place.name}: put one under notify in the root secret")
    body = json.dumps(
        {"type": notice.type, "timestamp": at, "data": notice.data}, sort_keys=True, separators=(",", ":")
    ).encode()
    status = house.outward("POST", place.url, _headers(secrets, ident, body, house.now()), body).status
    if not 200 <= status < 300:
        raise Unavailable(f"{place.name} answered {status}")


def _headers(secrets: Iterable[str], ident: str, body: bytes, now: datetime) -> Mapping[str, str]:
    stamp = int(now.timestamp())
    signed: list[Any] = [signature(body, ident, stamp, one) for one in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "recobro",
        "webhook-id": ident,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signed),
    }
