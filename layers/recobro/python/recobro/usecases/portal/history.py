"""What we ever did with a person, and all that we hold of them: shown to them whole, and to nobody else."""

import json
from collections.abc import Mapping
from typing import Any

from recobro.codec import to_plain, write_instant
from recobro.domain.attempt import AttemptStatus
from recobro.domain.candidates import packs_of
from recobro.domain.chain import Recorded
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of
from recobro.domain.facts import ContactReported, MessageReceived, fact_to_plain
from recobro.domain.fold import fold
from recobro.domain.rights import rights_of
from recobro.domain.shared_caps import is_of_others
from recobro.house import House
from recobro.pages.contacts import Made, contacts_page
from recobro.usecases.portal.visit import Visit
from recobro.usecases.release_letters import deliver_letter, read_letter
from recobro.usecases.thread import digest_of
from recobro.usecases.whose_words import in_doubt, is_anothers, withheld_saves, without_what_was_meant
from recobro.web import Shown

BY = {"recobro": "agency", "creditor": "creditor", "other_agency": "other", "debtor": "you"}
WAS: Mapping[AttemptStatus, str] = {
    AttemptStatus.CLAIMED: "unknown",
    AttemptStatus.UNKNOWN: "unknown",
    AttemptStatus.SENT: "sent",
    AttemptStatus.DELIVERED: "delivered",
    AttemptStatus.READ: "read",
    AttemptStatus.ANSWERED: "answered",
    AttemptStatus.FAILED: "failed",
    AttemptStatus.RELEASED: "released",
}


def contacts(found: Visit) -> Shown:
    """All of them, from the history: the record forgets, this does not."""
    asked = found.asked.query.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    history = found.house.ledger.history(found.debtor.id)
    return Shown(contacts_page(found.scene, made(found.debtor, history), number))


def made(debtor: Debtor, history: list[Recorded]) -> tuple[Made, ...]:
    """Newest first; what never left, and what others who share a cap with this person got, is none of them."""
    whole = fold(Debtor(debtor.id), history)
    return tuple(
        Made(
            one.claimed_at,
            one.channel.value,
            BY.get(one.by, "agency"),
            hidden(debtor.personal.points.get(one.point, "")),
            WAS[one.status],
        )
        for one in sorted(whole.attempts, key=lambda one: (one.claimed_at, one.id), reverse=True)
        if one.status is not AttemptStatus.RELEASED and not one.shared
    )


def hidden(address: str) -> str:
    """Enough of an address to know it again: the last digits, or the first letter and where it is."""
    name, at, place = address.partition("@")
    if at:
        return f"{name[:1]}…@{place}"
    return f"…{address[-4:]}" if address else ""


def data(found: Visit) -> Shown:
    """Everything, as a file that a machine can read too."""
    held = json.dumps(all_held(found.house, found.debtor), ensure_ascii=False, indent=1, sort_keys=True)
    return Shown(download=("mis-datos.json", "application/json; charset=utf-8", held.encode()))


def letter(found: Visit) -> Shown:
    """The creditor's letter, as it came, to whom it is about; that it was handed over is on record. Raises NotFound."""
    key = found.asked.one("debt")
    body, media = read_letter(found.house, found.debtor, key)
    deliver_letter(found.house, found.debtor.id, key, "page")
    return Shown(download=(f"carta.{media.rpartition('/')[2]}", media, body))


def all_held(house: House, debtor: Debtor) -> dict[str, Any]:
    """Person, debts, history with what was said, and what is kept until when by which rule. Nothing of anybody else: that
    somebody who shares a cap was contacted, by whom and for which creditor, is that person's affair, and so is what they wrote."""
    history = house.ledger.history(debtor.id)
    today = today_of(debtor, house.playbook, house.now())
    doubts = in_doubt(house, debtor, history)
    withheld = withheld_saves(history, doubts)
    standing = rights_of(debtor, history, packs_of(debtor, house.playbook), today)
    personal = to_plain(debtor.personal)
    personal.pop("key", None)  # it proves what was said; in another's hands it would only help to guess
    return {
        "as_of": write_instant(house.now()),
        "agency": house.playbook.client.agency.name,
        "person": personal,
        "profile": to_plain(debtor.profile),
        "record": {
            name: to_plain(getattr(debtor, name))
            for name in (
                "debts",
                "points",
                "promises",
                "plans",
                "holds",
                "payments",
                "letters",
                "stopped",
                "hours",
                "waivers",
            )
        },
        "history": [
            {"at": write_instant(one.at), **_told(house, debtor, one, is_withheld=one.version in withheld)}
            for one in history
            if not is_of_others(one.fact) and not is_anothers(one.fact)
        ],
        "kept": to_plain(standing),
    }


def _told(house: House, debtor: Debtor, one: Recorded, *, is_withheld: bool) -> dict[str, Any]:
    """One fact with what was said; of words that another may have written, only that somebody wrote."""
    if is_withheld and isinstance(one.fact, MessageReceived):
        return {"fact": fact_to_plain(without_what_was_meant(one.fact)), "withheld": True}
    fact = without_what_was_meant(one.fact) if is_withheld else one.fact
    return {"fact": fact_to_plain(fact), **_words(house, debtor, one)}


def _words(house: House, debtor: Debtor, one: Recorded) -> dict[str, Any]:
    """What was said, to them, by them or of them in an agent's note, where it was kept."""
    digest = one.fact.attempt.content if isinstance(one.fact, ContactReported) else digest_of(one)
    content = house.ledger.content(debtor.id, digest) if digest else None
    return {"said": dict(content.variables)} if content is not None else {}
