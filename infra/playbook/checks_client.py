"""Who we are, for whom we act, and above all who gets the money: checked before anything is deployed."""

from collections.abc import Iterator

from stdnum.ar import cbu

from infra.playbook.folder import CLIENT, Folder
from infra.playbook.neutral_words import debt_word_in
from recobro.adapters.gateways import GATEWAYS, gateway_named
from recobro.adapters.outward import check_url
from recobro.domain.channel import Channel
from recobro.domain.client import Brand, PayWay
from recobro.domain.notices import EVENTS
from recobro.domain.playbook import Playbook
from recobro.errors import InvalidInput
from recobro.law.choose import packs_for
from recobro.law.pack import Pack

GATED = {Channel.SMS: "sms", Channel.WHATSAPP: "whatsapp"}


def errors(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """What must be corrected."""
    yield from _brands(folder, playbook)
    yield from _payees(folder, playbook)
    yield from _gateways(folder)
    yield from _notices(folder)
    yield from _words_of_others(folder, playbook)
    client = folder.client
    if not client.public_url.startswith("https://"):
        yield folder.problem(
            CLIENT, "public_url", f"is {client.public_url!r}", "links in messages need https://…"
        )
    languages = {language.split("-")[0] for language in folder.phrases}
    if client.default_language not in languages:
        fix = f"write messages/phrases.{client.default_language}.toml"
        yield folder.problem(CLIENT, "default_language", f"{client.default_language!r} has no phrases", fix)


def warnings(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """What works and should be known."""
    client = folder.client
    for country in client.countries:
        if all(pack.fallback for pack in packs_for(playbook.packs, country)):
            problem = f"there is no law pack for {country}: the strict default applies"
            yield folder.problem(
                CLIENT, "countries", problem, f"write law/packs/{country}.toml with a lawyer"
            )
    for channel, name in GATED.items():
        setup = client.setup(channel)
        if setup is not None and not any(one.channel is channel for one in client.approvals):
            problem = "is enabled, and no approval is recorded: it will send nothing"
            yield folder.problem(
                CLIENT, f"channels.{name}", problem, f'add [[approvals]] with channel = "{name}"'
            )
    for name in client.gateways:
        if name in GATEWAYS and gateway_named(name).is_experimental:
            fix = "reconcile it against the gateway's own reports, and tell us what you see"
            problem = "is experimental: something of its scheme is not confirmed (see its file)"
            yield folder.problem(CLIENT, f"gateways.{name}", problem, fix)
    shown = [
        ("agency.name", client.agency.name),
        *((f"brands[{i}].name", one.name) for i, one in enumerate(client.brands)),
    ]
    for path, name in shown:
        word = debt_word_in(name)
        if word:
            problem = f"{name!r} tells of a debt ({word!r}) and stands in subjects and on lock screens"
            yield folder.problem(
                CLIENT, path, problem, "use a name that says nothing of it, where there is one"
            )


def _brands(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    stages = {stage.name for stage in folder.strategy.stages}
    seen: set[str] = set()
    for index, brand in enumerate(folder.client.brands):
        path = f"brands[{index}]"
        if brand.id in seen:
            yield folder.problem(
                CLIENT, f"{path}.id", f"two brands are called {brand.id!r}", "give each its own id"
            )
        seen.add(brand.id)
        if brand.country not in folder.client.countries:
            fix = f"add it to countries = [{', '.join(folder.client.countries)}]"
            yield folder.problem(
                CLIENT, f"{path}.country", f"{brand.country!r} is not one of the client's", fix
            )
        for stage in brand.acts_as_by_stage:
            if stage not in stages:
                fix = f"one of: {', '.join(sorted(stages))}"
                yield folder.problem(
                    CLIENT, f"{path}.acts_as_by_stage", f"the strategy has no stage {stage!r}", fix
                )
        needed = {
            item
            for pack in packs_for(playbook.packs, brand.country)
            for rule in pack.required
            for item in rule.items
        }
        if "creditor_complaint_unit" in needed and not brand.complaint_unit:
            fix = "write the address, e-mail and phone of the creditor's own complaints desk"
            yield folder.problem(
                CLIENT, f"{path}.complaint_unit", f"is missing, and {brand.country} requires it", fix
            )


def _payees(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """Every way to pay names its payee; one that the law forbids is refused (Mexico: the agency)."""
    agency = {_plain(folder.client.agency.name), _plain(folder.client.agency.legal_name)} - {""}
    for index, brand in enumerate(folder.client.brands):
        if not brand.pay_ways:
            fix = "add [[brands.pay_ways]] with name, how and payee"
            yield folder.problem(
                CLIENT, f"brands[{index}].pay_ways", "is missing: nobody would know how to pay", fix
            )
        for number, way in enumerate(brand.pay_ways):
            yield from _account(folder, f"brands[{index}].pay_ways[{number}]", way)
            path, payee = f"brands[{index}].pay_ways[{number}].payee", _plain(way.payee)
            if payee in _names(brand):
                continue
            ban = _ban_on_agency(packs_for(playbook.packs, brand.country))
            if payee in agency and ban is None:
                continue
            why = f": {ban}" if payee in agency else ""
            problem = f"{way.payee!r} may not receive the money{why}"
            yield folder.problem(CLIENT, path, problem, f"the creditor: {brand.legal_name!r}")


def _account(folder: Folder, path: str, way: PayWay) -> Iterator[InvalidInput]:
    """A wrong digit sends a person's money to a stranger: what is shown to be copied must be one that banks take."""
    if way.url and not way.url.startswith("https://"):
        yield folder.problem(CLIENT, f"{path}.url", f"is {way.url!r}", "https://…")
    if way.kind == "link" and not way.url:
        yield folder.problem(CLIENT, f"{path}.url", "is missing", "the https:// address to pay at")
    if way.kind in ACCOUNTS and not way.account:
        yield folder.problem(CLIENT, f"{path}.account", "is missing", ACCOUNTS[way.kind])
    elif way.kind == "spei" and not is_clabe(way.account):
        yield folder.problem(CLIENT, f"{path}.account", f"{way.account!r} is no CLABE", ACCOUNTS["spei"])
    elif way.kind == "cbu" and not cbu.is_valid(way.account):
        yield folder.problem(CLIENT, f"{path}.account", f"{way.account!r} is no CBU or CVU", ACCOUNTS["cbu"])
    if way.kind == "pix" and not way.city.strip():
        yield folder.problem(
            CLIENT, f"{path}.city", "is missing", "the payee's city: the Pix code has to name it"
        )


ACCOUNTS = {
    "spei": "18 digits, the last one checks the others (Banco de México, CLABE)",
    "cbu": "22 digits with both check digits (BCRA, CBU and CVU)",
    "pix": "the payee's Pix key",
}


def is_clabe(account: str) -> bool:
    """Banco de México: weights 3, 7, 1 over 17 digits, and a check digit."""
    if len(account) != 18 or not account.isdigit():
        return False
    total = sum(int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(account[:17]))
    return int(account[17]) == -total % 10


def _ban_on_agency(packs: tuple[Pack, ...]) -> str | None:
    """The article that forbids paying the agency, if one does."""
    rules = (rule for pack in packs for rule in pack.forbidden if rule.content == "pay_to_agency_account")
    return next((rule.article for rule in rules), None)


def _gateways(folder: Folder) -> Iterator[InvalidInput]:
    known = {"creditor"} | {name for brand in folder.client.brands for name in (brand.id, *_names(brand))}
    for name, gateway in folder.client.gateways.items():
        if name not in GATEWAYS:
            problem, fix = "is no gateway that Recobro speaks", ", ".join(GATEWAYS)
            yield folder.problem(CLIENT, f"gateways.{name}", problem, fix)
        if _plain(gateway.payee) not in known:
            fix = '"creditor" (of the debt that is paid), or a brand'
            yield folder.problem(CLIENT, f"gateways.{name}.payee", f"is {gateway.payee!r}", fix)


def _notices(folder: Folder) -> Iterator[InvalidInput]:
    """Where the client's own systems are told: each by its own name, over https, of things that there are."""
    names = [one.name for one in folder.client.notify]
    for index, one in enumerate(folder.client.notify):
        path = f"notify[{index}]"
        if not one.name or names.count(one.name) > 1:
            yield folder.problem(
                CLIENT, f"{path}.name", f"is {one.name!r}", "another for each: its secret has that name"
            )
        try:
            check_url(f"{path}.url", one.url)
        except InvalidInput as error:
            yield folder.problem(CLIENT, error.field, error.problem, error.fix)
        for event in sorted(set(one.events) - set(EVENTS)):
            yield folder.problem(
                CLIENT, f"{path}.events", f"{event!r} is none", f"one of: {', '.join(EVENTS)}"
            )


def _words_of_others(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """Approvals and attestations: someone's word must say whose, for whom and on what ground."""
    for index, approval in enumerate(folder.client.approvals):
        if approval.channel not in GATED or not approval.reference.strip():
            fix = "channel sms or whatsapp, and the carrier's reference"
            yield folder.problem(CLIENT, f"approvals[{index}]", "approves nothing that needs approval", fix)
    for index, one in enumerate(folder.client.attestations):
        brand = folder.client.brand(one.creditor)
        path = f"attestations[{index}]"
        if brand is None:
            yield folder.problem(CLIENT, f"{path}.creditor", f"no brand {one.creditor!r}", "add the brand")
            continue
        if one.channels and not one.evidence.strip():
            fix = "say what proves that people authorised these channels, or take the channels off"
            yield folder.problem(CLIENT, f"{path}.evidence", "is missing", fix)
        rules = [rule for pack in packs_for(playbook.packs, brand.country) for rule in pack.provenance]
        if any(one.provenance not in rule.allowed for rule in rules):
            allowed = sorted(frozenset.intersection(*(rule.allowed for rule in rules)))
            problem = f"{one.provenance!r} makes no contact lawful in {brand.country}"
            yield folder.problem(CLIENT, f"{path}.provenance", problem, f"one of: {', '.join(allowed)}")


def _names(brand: Brand) -> set[str]:
    return {_plain(brand.name), _plain(brand.legal_name)}


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
