"""From a few answers to a folder under `infra/clients/` that synthesises; nothing that stands there already is touched."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from infra.repository import CLIENTS, building
from infra.stack.settings import client_settings
from infra.starting.countries import COUNTRIES, Suggested
from recobro.adapters.gateways import GATEWAYS
from recobro.errors import Conflict, InvalidInput

STARTING = Path(__file__).with_name("client.toml")
WORDS = CLIENTS / "demo"
"""Whose strategy and messages a new client begins with: they are read to every law before they may be sent."""

NAME = re.compile(r"[a-z][a-z0-9-]{0,18}[a-z0-9]")
CHANGE = "CHANGE"


@dataclass(frozen=True)
class Answers:
    """What was asked. Empty: not answered; the file then says CHANGE there, or holds what the country suggests."""

    name: str
    country: str
    agency: str = ""
    creditor: str = ""
    sender: str = ""
    region: str = ""
    public_url: str = ""
    responsible: str = ""
    phone: str = ""
    address: str = ""
    gateways: tuple[str, ...] = ()
    legal: Mapping[str, str] = field(default_factory=dict)

    @property
    def suggested(self) -> Suggested:
        """Raises InvalidInput for a country whose law is not shipped."""
        found = COUNTRIES.get(self.country)
        if found is None:
            raise InvalidInput("country", f"is {self.country!r}", f"one of: {', '.join(sorted(COUNTRIES))}")
        return found


def write_client(answers: Answers, into: Path = CLIENTS) -> Path:
    """The new folder. Raises Conflict where one stands there already, InvalidInput naming the answer that cannot be used."""
    if not NAME.fullmatch(answers.name):
        raise InvalidInput(
            "NAME", f"is {answers.name!r}", "2 to 20 lower-case letters, digits and dashes, a letter first"
        )
    folder = into / answers.name
    if folder.exists():
        raise Conflict(f"there is a client {answers.name} already: {folder} is left as it is")
    text = client_text(answers)
    into.mkdir(parents=True, exist_ok=True)
    with building(folder) as partial:
        (partial / "client.toml").write_text(text, "utf-8")
        (partial / "strategy.toml").write_text(strategy_text(answers.suggested.language), "utf-8")
        shutil.copytree(WORDS / "messages", partial / "messages")
        client_settings(partial / "client.toml")
    return folder


def client_text(answers: Answers) -> str:
    """`client.toml`."""
    suggested = answers.suggested
    unknown = sorted(set(answers.gateways) - set(GATEWAYS))
    if unknown:
        raise InvalidInput("--gateway", f"{unknown[0]!r} is none that Recobro speaks", ", ".join(GATEWAYS))
    domain = answers.sender.partition("@")[2] or f"{answers.name}.example"
    agency = answers.agency or f"{CHANGE} agency"
    creditor = answers.creditor or f"{CHANGE} creditor"
    told = {
        "agency": agency,
        "agency_legal": agency,
        "address": answers.address or f"{CHANGE}: street, number, city",
        "phone": answers.phone or f"{CHANGE}: the number that people call",
        "email": f"{CHANGE}@{domain}" if not answers.sender else answers.sender,
        "responsible": answers.responsible or f"{CHANGE}: the person who answers for it",
        "tax_id": f"{CHANGE}",
        "creditor": creditor,
        "creditor_legal": creditor,
        "creditor_contact": f"{CHANGE}: the creditor's e-mail and phone for customers",
        "complaint_unit": f"{CHANGE}: address, e-mail and phone of the creditor's complaints desk",
        "pay_name": f"{CHANGE}: bank transfer",
        "pay_how": f"{CHANGE}: account and reference",
        "sender": answers.sender or f"avisos@{domain}",
        "alarm_email": "",
    }
    return Template(STARTING.read_text("utf-8")).substitute(
        {key: json.dumps(value, ensure_ascii=False) for key, value in told.items()},
        name=answers.name,
        country=answers.country,
        language=suggested.language,
        time_zone=suggested.time_zone,
        region=answers.region or suggested.region,
        public_url=answers.public_url or f"https://pagos.{domain}",
        brand_id=_id(creditor),
        channels="",
        gateways="".join(
            f'\n[gateways.{one}]\nendpoint = "main"\npayee = "creditor"\n' for one in answers.gateways
        ),
    )


def strategy_text(language: str) -> str:
    """The shipped strategy, without the stages whose messages nobody has written in that language yet."""
    text = (WORDS / "strategy.toml").read_text("utf-8")
    beginning, *stages = re.split(r"(?m)^(?=\[\[stages\]\])", text)

    def is_written(stage: str) -> bool:
        named = re.findall(r'(?m)^template = "(\w+)"', stage)
        return all((WORDS / "messages" / f"{one}.{language}.toml").is_file() for one in named)

    return beginning + "".join(stage for stage in stages if is_written(stage))


def open_points(text: str) -> list[tuple[int, str]]:
    """(line, what stands there) of everything that is still to be written."""
    lines = enumerate(text.splitlines(), 1)
    return [(n, line.strip()) for n, line in lines if CHANGE in line and not line.startswith("#")]


def _id(creditor: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", creditor.lower().replace(CHANGE.lower(), "")).strip("-")
    return plain[:20].strip("-") or "creditor"
