"""Portfolio files of any size, invented: the same seed writes the same file, row by row, in constant memory."""

import csv
import random
from pathlib import Path

from stdnum.mx import rfc

HEADERS = (
    "No. contrato", "RFC", "Nombre", "Apellido paterno", "Apellido materno", "Saldo total", "Moneda", "Fecha de vencimiento",
    "Producto", "Celular", "Teléfono casa", "Correo electrónico", "Entidad federativa", "Canales autorizados",
    "Fecha de autorización", "Edad", "Sexo", "Estatus",
)  # fmt: skip
_NAMES = ("María", "José", "Guadalupe", "Juan", "Lucía", "Ximena", "Óscar", "Iván", "Sofía", "Raúl")
_SURNAMES = (
    "Hernández",
    "García",
    "Martínez",
    "López",
    "Núñez",
    "Peña",
    "Ibáñez",
    "Muñoz",
    "Ávila",
    "Cortés",
)
_STATES = ("Jalisco", "CDMX", "Nuevo León", "Sonora", "Baja California", "Puebla", "Veracruz", "Chihuahua")


def write_portfolio(path: Path, rows: int, seed: int = 7) -> None:
    """CSV as a bank exports it: semicolons, decimal comma, one person in five with a second debt, 2 % of bad rows."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADERS)
        person: tuple[str, ...] = ()
        for number in range(rows):
            if not person or chance.random() > 0.2:
                person = _person(chance)
            writer.writerow(_row(chance, number, person))


def _person(chance: random.Random) -> tuple[str, ...]:
    letters = "".join(chance.choices("ABCDEFGHIJKLMNPRSTVZ", k=4))
    day = f"{chance.randint(50, 99):02d}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    base = f"{letters[0]}X{letters[2:]}{day}{chance.choice('123456789')}{chance.choice('ABCDEF')}"
    name, first, second = chance.choice(_NAMES), chance.choice(_SURNAMES), chance.choice(_SURNAMES)
    mail = f"p{chance.getrandbits(40):010x}@example.com" if chance.random() < 0.7 else ""
    mobile = f"55{chance.randint(10_000_000, 59_999_999)}"
    home = f"33 {chance.randint(1000, 3999)} {chance.randint(0, 9999):04d}" if chance.random() < 0.5 else ""
    age, sex = str(chance.randint(18, 80)), chance.choice("FM")
    tax_id = base + rfc.calc_check_digit(base)
    return tax_id, name, first, second, mobile, home, mail, chance.choice(_STATES), age, sex


def _row(chance: random.Random, number: int, person: tuple[str, ...]) -> tuple[str, ...]:
    tax_id, name, first, second, mobile, home, mail, state, age, sex = person
    whole, cents = divmod(chance.randint(10_000, 9_000_000), 100)
    balance = f"{whole:,}".replace(",", ".") + f",{cents:02d}"
    due = f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/2026"
    if chance.random() < 0.02:
        due, balance = chance.choice((("31/02/2026", balance), (due, "n.d.")))
    return (
        f"C{number:08d}", tax_id, name, first, second, balance, "MXN", due, "tarjeta", mobile, home, mail, state,
        "SMS+CORREO", "15/03/2025", age, sex, "Vigente",
    )  # fmt: skip
