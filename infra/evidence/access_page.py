"""What a person reads when they ask what we hold of them: all of it, in their language, with where it is from and until when."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from html import escape
from typing import Any

from infra.evidence.collecting import INWARD, Collected
from infra.evidence.page import document, gone, record, section
from infra.evidence.page_codes import code_name
from infra.evidence.page_details import local
from infra.evidence.page_words import field_name, words
from recobro.adapters.state_record import recorded_to_plain
from recobro.codec import to_plain, write_instant
from recobro.domain.chain import Recorded
from recobro.domain.client import Client
from recobro.domain.facts import kind_of
from recobro.domain.rights import Holding, Rights
from recobro.usecases.whose_words import withheld_saves, without_what_was_meant

AGREED = ("promises", "plans", "holds", "payments", "letters", "pay_links", "stopped", "hours", "waivers")
"""What stands now of what the person agreed, chose or paid."""


def access_page(found: Collected, rights: Rights, client: Client, now: datetime) -> str:
    """A complete HTML document, for the person; nothing in it is for the agency alone."""
    language = found.debtor.profile.language[:2]
    said, personal, agency = words(language), found.debtor.personal, client.agency
    who = [
        (said["name"], personal.name),
        (said["number"], personal.national_id),
        (said["agency"], f"{agency.name}, {agency.address}"),
        (said["written"], local(write_instant(now), found.zone)),
    ]
    points = [
        (
            personal.points.get(one.id, one.id),
            code_name("provenance", one.provenance, language),
            ", ".join(code_name("channel", each, language) for each in sorted(one.authorised)),
            code_name("state", one.state.value, language),
        )
        for one in found.debtor.points
    ]
    profile = found.debtor.profile
    traits = {
        "language": profile.language,
        "country": profile.country,
        "subdivision": profile.subdivision,
        "zones": ", ".join(profile.zones),
        **profile.attributes,
    }
    contact = f"{agency.responsible} · {agency.email} · {agency.phone_in(profile.country)}"
    body = (
        f"<h1>{escape(said['access'])}</h1><p class='meta'>{escape(said['access_lead'])} "
        f"{escape(said['access_inward'])}</p>"
        + section(said["who"], _rows(who), said)
        + section(
            said["reached"],
            _rows(points, (said["address"], said["from"], said["allowed"], field_name("state", language))),
            said,
        )
        + section(
            said["traits"],
            _rows((field_name(one, language), value) for one, value in traits.items() if value),
            said,
        )
        + section(
            said["kept"],
            _rows(
                [_kept(one, said) for one in rights.holdings], (said["what"], said["until"], said["what_for"])
            ),
            said,
        )
        + section(said["recipients"], _rows(recipients(found, client, language)), said)
        + f"<p>{escape(said['your_rights'])} {escape(contact)}</p>"
        + gone(found, said)
        + record(found, said)
    )
    return document(said["access"], language, body)


def recipients(
    found: Collected, client: Client, language: str = "en", *, in_words: bool = True
) -> list[tuple[str, str]]:
    """(what they do, who they are) of everybody to whom something of the person goes."""
    said = words(language)
    brands = dict.fromkeys(debt.creditor for debt in found.debtor.debts)
    names = [client.brand(one) for one in brands]
    used = dict.fromkeys(one.channel.value for one in found.debtor.attempts if not one.shared)
    return [
        *((said["creditor_of"], one.legal_name or one.name) for one in names if one is not None),
        *(
            (said["carrier_of"], f"{code_name('channel', one, language) if in_words else one} (AWS)")
            for one in used
        ),
        *((said["gateway_of"], one) for one in sorted(client.gateways)),
    ]


def access_data(found: Collected, rights: Rights, client: Client) -> dict[str, Any]:
    """The same for machines: what data portability asks for."""
    debtor, withheld = found.debtor, withheld_saves(found.history, found.in_doubt)
    return {
        "person": {"id": debtor.id, **{k: v for k, v in asdict(debtor.personal).items() if k != "key"}},
        "profile": to_plain(debtor.profile),
        "points": [to_plain(one) for one in debtor.points],
        "debts": [to_plain(one) for one in debtor.debts],
        **{name: to_plain(getattr(debtor, name)) for name in AGREED},
        "record": found.views,
        "workings": [
            recorded_to_plain(_given(one, withheld)) for one in found.history if kind_of(one.fact) in INWARD
        ],
        "not_kept_any_more": found.missing,
        "retention": [to_plain(one) for one in rights.holdings],
        "recipients": [list(one) for one in recipients(found, client, in_words=False)],
    }


def _given(one: Recorded, withheld: frozenset[int]) -> Recorded:
    """What we noted for ourselves; of words that the person is not given, not what we took from them either."""
    return replace(one, fact=without_what_was_meant(one.fact)) if one.version in withheld else one


def _kept(one: Holding, said: Any) -> tuple[str, str, str]:
    until = str(one.until) if one.until is not None else said["while_owed"]
    named = said.get(one.what, one.what)
    span = "" if one.what in ("point", "identity") else f" · {one.which}"
    why = said["contract"] if one.rule == "debt.open" else one.source
    return f"{named}{span.replace(' to ', ' – ')}", said["may_go"] if one.is_erasable else until, why


def _rows(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> str:
    told = "".join("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows)
    if not told:
        return ""
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    return f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{told}</tbody></table></div>"
