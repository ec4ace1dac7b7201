"""Two people are one only when the state says so: the number it gave them, with its check digit, and nothing else.

A name or a phone never merges two people; a filler number that a clerk typed for everybody must not either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from stdnum.ar import cuit
from stdnum.br import cnpj, cpf
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.ec import ci
from stdnum.ec import ruc as ec_ruc
from stdnum.exceptions import ValidationError
from stdnum.mx import curp, rfc
from stdnum.pe import cui
from stdnum.pe import ruc as pe_ruc

from recobro.intake.outcome import BadCell
from recobro.intake.words import plain

FALLBACK_CODES = frozenset({"id.filler", "id.incomplete", "id.unsupported"})
"""A number that identifies nobody: the customer number may stand in for it. A wrong check digit is no such case."""

_FILLER = frozenset({
    "XAXX010101000", "XEXX010101000", "222222222222", "2222222222", "222222222", "9999999999999", "9999999999",
    "123456789", "12345678", "1234567", "1234567890", "12345678909", "987654321",
})  # fmt: skip
"""RFC of "the general public" and of foreigners, Colombia's and Ecuador's "final consumer", and what bored fingers type."""


@dataclass(frozen=True, slots=True)
class Identity:
    """canonical: "CC:TYPE:NUMBER". kind: "person" | "company", as the number itself says."""

    canonical: str
    kind: str

    @property
    def number(self) -> str:
        return self.canonical.rpartition(":")[2]


TYPES = {
    "rfc": "RFC", "curp": "CURP", "cc": "CC", "cedula": "CC", "cedula de ciudadania": "CC", "c c": "CC", "nit": "NIT", "n i t": "NIT",
    "ce": "CE", "cedula de extranjeria": "CE", "carne de extranjeria": "CE", "ppt": "PPT", "pep": "PPT", "rut": "RUT", "run": "RUT",
    "dni": "DNI", "libreta civica": "DNI", "ruc": "RUC", "cpf": "CPF", "cnpj": "CNPJ", "cuit": "CUIT", "cuil": "CUIT", "cdi": "CUIT",
    "ci": "CI", "cedula de identidad": "CI", "ti": "TI", "tarjeta de identidad": "TI", "rc": "TI", "registro civil": "TI",
    "pasaporte": "PAS", "passport": "PAS", "pas": "PAS", "pp": "PAS", "passaporte": "PAS",
}  # fmt: skip
"""How files call the kinds of number."""


def to_identity(text: str, kind: str, country: str) -> Identity:
    """The person or company that a number names.

    kind: as the file calls it ("rfc", "Cédula de ciudadanía"), or "" to tell it by country and form. Raises BadCell.
    """
    return _identity(text.strip().lstrip("'").upper(), kind, country)


@lru_cache(maxsize=256)
def _identity(text: str, kind: str, country: str) -> Identity:
    if "E+" in text:
        raise _bad(
            "mangled", "was shortened by a spreadsheet: digits are lost", "export the column as text", text
        )
    text = text.removesuffix(".0") if text[:-2].isdigit() else text
    bare = "".join(one for one in text if one.isalnum() or one == "&")
    if bare in _FILLER or len(set(bare.rstrip("K"))) <= 1:
        raise _bad(
            "filler", "is filler, and would make one person of many", "leave it empty or correct it", text
        )
    named = _named(kind, country, text)
    reader = _READERS.get((country, named)) if named else None
    if reader is None:
        reader = _by_form(country, bare, text)
    try:
        return reader(bare, text)
    except ValidationError as error:
        reason = (
            "has a wrong check digit" if "Checksum" in type(error).__name__ else "is not a number of its kind"
        )
        fix = "correct it; if it is surely right, leave it empty and give a customer number"
        raise _bad("invalid", reason, fix, text) from None


def _named(kind: str, country: str, text: str) -> str:
    if not kind:
        return ""
    named = TYPES.get(plain(kind), "")
    if named == "TI":
        raise _bad("minor", "is a minor's document", "minors are not contacted: take the row out", text)
    if named == "RUT" and country == "CO":
        return "NIT"  # in Colombia the RUT is the register, the NIT its number
    if named == "CC" and country == "EC":
        return "CI"
    if named and (country, named) not in _READERS:
        reason = f"is a {named}, which identifies nobody in {country or 'an unknown country'}"
        raise _bad("unsupported", reason, "correct country or type, or give a customer number", text)
    if not named:
        raise _bad(
            "type",
            f"is of a type {kind!r} that we don't know",
            f"one of: {', '.join(sorted(set(TYPES.values())))}",
            text,
        )
    return named


def _bad(code: str, reason: str, fix: str, text: str) -> BadCell:
    return BadCell(f"id.{code}", reason, fix, value=text)


Reader = Callable[[str, str], Identity]


def _rfc(bare: str, text: str) -> Identity:
    if len(bare) in (9, 10):
        raise _bad(
            "incomplete",
            "lacks the last three characters (homoclave), which tell people apart",
            "add them",
            text,
        )
    number = rfc.validate(bare, validate_check_digits=True)
    return Identity(f"MX:RFC:{number}", "company" if len(number) == 12 else "person")


def _curp(bare: str, text: str) -> Identity:
    return Identity(f"MX:CURP:{curp.validate(bare)}", "person")


def _cc(bare: str, text: str) -> Identity:
    number = bare.lstrip("0")
    if not number.isdigit() or not 4 <= len(number) <= 10:
        raise _bad("invalid", "is not a number of 4 to 10 digits", "correct it", text)
    return Identity(f"CO:CC:{number}", "person")


def _nit(bare: str, text: str) -> Identity:
    """With its check digit after a hyphen; without hyphen only a company's, whose nine digits begin with 8 or 9.

    A person's NIT is the cédula and a check digit (DIAN), so it names the same person as the cédula.
    """
    base, hyphen, digit = text.rpartition("-")
    if hyphen:
        number = "".join(one for one in base if one.isalnum()) + digit.strip()
    elif len(bare) == 9 and bare[0] in "89" and bare.isdigit():
        number = bare + nit.calc_check_digit(bare)
    elif len(bare) == 10 and bare[0] in "89":
        number = bare
    else:
        raise _bad(
            "invalid", "is a NIT whose check digit cannot be told apart", "write it as 900123456-7", text
        )
    number = nit.validate(number)
    if len(number) == 10 and number[0] in "89":
        return Identity(f"CO:NIT:{number}", "company")
    return Identity(f"CO:CC:{number[:-1].lstrip('0')}", "person")


def _rut(bare: str, text: str) -> Identity:
    number = rut.validate(bare.lstrip("0").zfill(8)).lstrip("0")
    return Identity(f"CL:RUT:{number}", "company" if int(number[:-1]) >= 50_000_000 else "person")


def _pe_dni(bare: str, text: str) -> Identity:
    number = cui.validate(bare.zfill(8) if len(bare) == 7 else bare)
    return Identity(f"PE:DNI:{number[:8]}", "person")


def _pe_ruc(bare: str, text: str) -> Identity:
    """A natural person's RUC is 10, the DNI and a check digit (SUNAT)."""
    number = pe_ruc.validate(bare)
    if number.startswith("10"):
        return Identity(f"PE:DNI:{number[2:10]}", "person")
    return Identity(f"PE:RUC:{number}", "company" if number.startswith("20") else "person")


def _cpf(bare: str, text: str) -> Identity:
    return Identity(f"BR:CPF:{cpf.validate(bare.zfill(11) if len(bare) >= 8 else bare)}", "person")


def _cnpj(bare: str, text: str) -> Identity:
    return Identity(f"BR:CNPJ:{cnpj.validate(bare.zfill(14) if len(bare) >= 12 else bare)}", "company")


def _cuit(bare: str, text: str) -> Identity:
    number = cuit.validate(bare)
    return Identity(f"AR:CUIT:{number}", "person" if number.startswith("2") else "company")


def _ar_dni(bare: str, text: str) -> Identity:
    if not bare.isdigit() or not 7 <= len(bare) <= 8:
        raise _bad("invalid", "is not a DNI of 7 or 8 digits", "correct it", text)
    return Identity(f"AR:DNI:{bare.zfill(8)}", "person")


def _ec_ci(bare: str, text: str) -> Identity:
    return Identity(f"EC:CI:{ci.validate(bare.zfill(10) if len(bare) == 9 else bare)}", "person")


def _ec_ruc(bare: str, text: str) -> Identity:
    """A natural person's RUC is the cédula and 001 (SRI)."""
    number = ec_ruc.validate(bare.zfill(13) if len(bare) == 12 else bare)
    if number[2] < "6":
        return Identity(f"EC:CI:{number[:10]}", "person")
    return Identity(f"EC:RUC:{number}", "company")


def _foreigner(country: str, kind: str) -> Reader:
    def read(bare: str, text: str) -> Identity:
        if not 5 <= len(bare) <= 12 or not bare.isascii():
            raise _bad("invalid", "is not a number of 5 to 12 characters", "correct it", text)
        return Identity(f"{country}:{kind}:{bare.lstrip('0')}", "person")

    return read


_READERS: dict[tuple[str, str], Reader] = {
    ("MX", "RFC"): _rfc,
    ("MX", "CURP"): _curp,
    ("CO", "CC"): _cc,
    ("CO", "NIT"): _nit,
    ("CO", "CE"): _foreigner("CO", "CE"),
    ("CO", "PPT"): _foreigner("CO", "PPT"),
    ("CL", "RUT"): _rut,
    ("PE", "DNI"): _pe_dni,
    ("PE", "RUC"): _pe_ruc,
    ("PE", "CE"): _foreigner("PE", "CE"),
    ("BR", "CPF"): _cpf,
    ("BR", "CNPJ"): _cnpj,
    ("AR", "CUIT"): _cuit,
    ("AR", "DNI"): _ar_dni,
    ("EC", "CI"): _ec_ci,
    ("EC", "RUC"): _ec_ruc,
}


def _by_form(country: str, bare: str, text: str) -> Reader:
    """Which number it is when the file doesn't say, by its country and length."""
    size = len(bare)
    if country == "MX":
        return _curp if size == 18 else _rfc
    if country == "CO":
        is_nit = "-" in text or (bare[0] in "89" and (size == 9 or (size == 10 and nit.is_valid(bare))))
        return _nit if is_nit else _cc
    if country == "CL":
        return _rut
    if country == "PE":
        return _pe_ruc if size == 11 else _pe_dni
    if country == "BR":
        return _cnpj if size > 11 else _cpf
    if country == "AR":
        return _cuit if size == 11 else _ar_dni
    if country == "EC":
        return _ec_ruc if size > 10 else _ec_ci
    reason = f"has no check that we know in {country or 'an unknown country'}"
    raise _bad("unsupported", reason, "map the column as customer instead", text)


COUNTRY_OF_TYPE = {
    "RFC": "MX",
    "CURP": "MX",
    "CC": "CO",
    "NIT": "CO",
    "CPF": "BR",
    "CNPJ": "BR",
    "CUIT": "AR",
}
"""Numbers whose own name tells the country."""
