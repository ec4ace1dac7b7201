"""Carriers and Meta restrict debt collection: which channel is closed for which brand until their leave is on record."""

from collections.abc import Iterator

from infra.doctor.finding import Asked, Finding, note, ok
from recobro.domain.channel import Channel
from recobro.law.choose import packs_for

GATED = {Channel.SMS: "sms", Channel.WHATSAPP: "whatsapp"}


def check(asked: Asked) -> Iterator[Finding]:
    client = asked.playbook.client
    for channel, name in GATED.items():
        if not asked.client.sends(name):
            continue
        for brand in client.brands:
            what = f"{name} for {brand.id}"
            in_names = {brand.acts_as, *brand.acts_as_by_stage.values()}
            closed = sorted(
                acts_as
                for acts_as in in_names
                if not client.is_approved(channel, brand.country, brand.id, acts_as)
            )
            if closed:
                fix = f"get the carrier's leave and record it under [[approvals]], channel {name}, {brand.country}"
                yield note(what, f"off where we act as {', '.join(closed)}: no approval on record", fix)
            else:
                yield ok(what, "approved")
    for country in client.countries:
        if all(pack.fallback for pack in packs_for(asked.playbook.packs, country)):
            fix = f"have a lawyer write law/packs/{country}.toml"
            yield note(f"law of {country}", "not shipped: the strict default applies", fix)
