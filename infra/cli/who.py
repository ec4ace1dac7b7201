"""An operator has a name on the phone, a contract number or an address: whom that means, without guessing between two people."""

import re
from collections.abc import Iterator
from contextlib import suppress

import phonenumbers

from recobro.domain.client import Client
from recobro.domain.phone_forms import variants
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.intake.outcome import BadCell
from recobro.intake.phones import to_phone

_ID = re.compile(r"d[0-9a-f]{23}")
_IDENTITY = re.compile(r"[A-Z]{2}:[A-Z]+:\S+")


def debtor_named(house: House, text: str) -> str:
    """The debtor's id behind an id, a debt's reference, a phone, an e-mail or "CC:TYPE:NUMBER". Raises NotFound, InvalidInput."""
    text = text.strip()
    if _ID.fullmatch(text):
        return _there(house, text)
    keys = house.keys
    if _IDENTITY.fullmatch(text):
        return _there(house, keys.debtor(text))
    hashes = [keys.point(value) for value in addresses(text, house.playbook.client)]
    hashes += [keys.debt(key) for key in debt_keys(text, house.playbook.client)]
    found = dict.fromkeys(one for hashed in hashes for one in house.lookups.debtors(hashed))
    known = [one for one in found if house.ledger.load(one) is not None]
    if not known:
        raise NotFound(f"nobody is known by {text!r}")
    if len(known) > 1:
        raise InvalidInput("DEBTOR", f"{text!r} means {len(known)} people", f"name one: {', '.join(known)}")
    return known[0]


def addresses(text: str, client: Client) -> list[str]:
    """The canonical forms that an address may have been recorded in; empty when it is none."""
    if "@" in text:
        return [text.lower()]
    digits = re.sub(r"[\s().-]", "", text)
    if not re.fullmatch(r"\+?\d{7,15}", digits):
        return []
    written = [digits]
    if not digits.startswith("+"):
        written = [form for one in client.countries for form in _dialled_from(one, digits)] + [f"+{digits}"]
    return list(dict.fromkeys(form for one in written for form in variants(one)))


def _dialled_from(country: str, digits: str) -> Iterator[str]:
    """What a number that is written as people there write it may have been recorded as: as a file's cell is read, and as it would be
    were it in use.
    """
    with suppress(BadCell):
        yield to_phone(digits, country)[0]
    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(digits, country)
        yield f"+{number.country_code}{phonenumbers.national_significant_number(number)}"


def debt_keys(text: str, client: Client) -> list[str]:
    """The keys that a creditor's reference may stand for: with its brand, or in each of the client's brands."""
    if "@" in text:
        return []
    return [text] if "/" in text else [f"{brand.id}/{text}" for brand in client.brands]


def _there(house: House, debtor_id: str) -> str:
    if house.ledger.load(debtor_id) is None:
        raise NotFound(f"no debtor {debtor_id}")
    return debtor_id
