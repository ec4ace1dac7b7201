"""Names, places and documents that belong to nobody, in the proportions of two real countries."""

import unicodedata
from datetime import date, timedelta
from random import Random

from stdnum.mx import curp, rfc

GIVEN = {
    "F": ("María", "Guadalupe", "Sofía", "Valentina", "Camila", "Lucía", "Daniela", "Paola", "Andrea", "Carolina",
          "Ximena", "Fernanda", "Gabriela", "Rosa", "Elena", "Marcela", "Natalia", "Diana", "Adriana", "Luz"),
    "M": ("José", "Luis", "Carlos", "Juan", "Miguel", "Andrés", "Santiago", "Mateo", "Diego", "Javier",
          "Ricardo", "Fernando", "Óscar", "Iván", "Héctor", "Rubén", "Camilo", "Felipe", "Mauricio", "Álvaro"),
}  # fmt: skip
SURNAMES = {
    "MX": ("Hernández", "García", "Martínez", "López", "González", "Pérez", "Rodríguez", "Sánchez", "Ramírez", "Cruz",
           "Flores", "Gómez", "Morales", "Vázquez", "Reyes", "Jiménez", "Torres", "Díaz", "Gutiérrez", "Mendoza"),
    "CO": ("Rodríguez", "Gómez", "González", "Martínez", "García", "López", "Hernández", "Sánchez", "Ramírez", "Díaz",
           "Torres", "Rojas", "Moreno", "Vargas", "Ortiz", "Castro", "Quintero", "Ospina", "Cárdenas", "Restrepo"),
}  # fmt: skip

PLACES: dict[str, tuple[tuple[str, str, str, str, int], ...]] = {
    "MX": (
        ("CMX", "Ciudad de México", "America/Mexico_City", "55", 34),
        ("JAL", "Guadalajara", "America/Mexico_City", "33", 16),
        ("NLE", "Monterrey", "America/Monterrey", "81", 16),
        ("PUE", "Puebla", "America/Mexico_City", "222", 12),
        ("BCN", "Tijuana", "America/Tijuana", "664", 9),
        ("SON", "Hermosillo", "America/Hermosillo", "662", 6),
        ("ROO", "Cancún", "America/Cancun", "998", 7),
    ),
    "CO": (
        ("DC", "Bogotá", "America/Bogota", "300", 45),
        ("ANT", "Medellín", "America/Bogota", "300", 25),
        ("VAC", "Cali", "America/Bogota", "300", 18),
        ("ATL", "Barranquilla", "America/Bogota", "300", 12),
    ),
}
"""country → (ISO 3166-2 subdivision, city, zone, area or mobile prefix, weight)."""

_CURP_STATES = {"CMX": "DF", "JAL": "JC", "NLE": "NL", "PUE": "PL", "BCN": "BC", "SON": "SR", "ROO": "QR"}
_VOWELS = "AEIOU"


def plain(text: str) -> str:
    """Letters without accents, upper case, as documents and mailboxes write them."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return bare.upper().replace(" ", "")


def birthday(chance: Random) -> date:
    return date(1955, 1, 1) + timedelta(days=chance.randrange(48 * 365))


def mexican_curp(
    chance: Random, given: str, first: str, second: str, sex: str, born: date, state: str
) -> str:
    """A CURP with a right check digit (RENAPO's rules, as python-stdnum checks them); empty when the letters are refused."""
    names = [plain(first), plain(second), plain(given)]
    inner = next((c for c in names[0][1:] if c in _VOWELS), "X")
    letters = f"{names[0][0]}{inner}{names[1][0]}{names[2][0]}"
    consonants = "".join(next((c for c in name[1:] if c not in _VOWELS), "X") for name in names)
    homoclave = chance.choice("0123456789") if born.year < 2000 else chance.choice("ABCDEFGH")
    marked = "H" if sex == "M" else "M"
    stem = f"{letters}{born:%y%m%d}{marked}{_CURP_STATES[state]}{consonants}{homoclave}"
    number = stem + curp.calc_check_digit(stem + "0")
    return number if curp.is_valid(number) else ""


def mexican_rfc(chance: Random, letters: str, day: date) -> str:
    """An RFC with a right check digit: three letters for a company, four for a person."""
    stem = f"{letters}{day:%y%m%d}{chance.choice('ABCDEFGHJK')}{chance.choice('123456789')}"
    number: str = stem + rfc.calc_check_digit(stem)
    return number if rfc.is_valid(number, validate_check_digits=True) else ""


def colombian_cc(chance: Random) -> str:
    """A cédula de ciudadanía: ten digits since 2003; it carries no check digit."""
    return str(chance.randrange(1_000_000_000, 1_199_999_999))
