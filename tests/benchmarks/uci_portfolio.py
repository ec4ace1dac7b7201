"""Thirty thousand real accounts as a creditor would send them, to see the import and the sweep at their real size.

Data: I-Cheng Yeh, "Default of Credit Card Clients", UCI Machine Learning Repository (id 350), doi 10.24432/C55S3H, CC BY 4.0.
Keep this attribution wherever rows or figures from it appear. The file names nobody: contact points are invented here, the
same for the same account: phones from the range 555-0100 to 555-0199 that North America keeps for fiction, e-mails at
example.com. The data itself is not in this repository: give its path as the first argument or in UCI_CREDIT_CARD_CSV.

    python -m tests.benchmarks.uci_portfolio default_of_credit_card_clients.csv portfolio.csv --creditor acme --as-of 2026-11-22
"""

import argparse
import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import phonenumbers

MAPPING = Path(__file__).with_name("uci_mapping.toml")
SOURCE_ENV = "UCI_CREDIT_CARD_CSV"
HEADERS = (
    "ACCOUNT", "CUSTOMER", "CREDITOR", "HOLDER", "BILL_AMT1", "DUE_ON", "LIMIT_BAND", "PHONE", "EMAIL", "PROVENANCE",
    "AUTHORISED", "AUTHORISED_ON", "SEX", "AGE", "EDUCATION", "MARRIAGE",
)  # fmt: skip


def write_portfolio(source: Path, target: Path, *, creditor: str, as_of: date) -> int:
    """Writes a portfolio file for `uci_mapping.toml`; returns its rows. as_of stands for the end of September 2005."""
    with (
        source.open(encoding="utf-8", newline="") as file,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out)
        writer.writerow(HEADERS)
        count = 0
        for row in _rows(csv.DictReader(file), creditor, as_of):
            writer.writerow(row)
            count += 1
    return count


def _rows(accounts: Iterable[Mapping[str, str]], creditor: str, as_of: date) -> Iterator[tuple[str, ...]]:
    for account in accounts:
        number = int(account["ID"])
        yield (
            f"TW{number:06d}", f"{number:06d}", creditor, f"Account holder {number}", account["BILL_AMT1"],
            (as_of - timedelta(days=days_past_due(number, int(account["PAY_0"])))).isoformat(),
            "limit_high" if int(account["LIMIT_BAL"]) >= 200_000 else "limit_low",
            phone_of(number), f"account{number}@example.com" if number % 10 < 7 else "",
            "debtor" if number % 8 else "unknown", "SMS;EMAIL" if number % 10 else "", "2005-04-01",
            account["SEX"], account["AGE"], account["EDUCATION"], account["MARRIAGE"],
        )  # fmt: skip


def days_past_due(number: int, months_past_due: int) -> int:
    """PAY_0 counts months past due in September 2005 (-2, -1 and 0 are not late); days within a month are spread by account."""
    day = number * 7 % 30
    return 30 * months_past_due - day if months_past_due > 0 else -(1 + day)


def phone_of(number: int) -> str:
    """An invented phone, another one for each of the first 45,000 accounts; "" for one account in eight."""
    areas = _area_codes()
    area, line = areas[number % len(areas)], number // len(areas) % 100
    return "" if number % 8 == 5 else f"+1{area}55501{line:02d}"


@cache
def _area_codes() -> tuple[int, ...]:
    """The areas in which 555-01xx is somebody's line, not a service."""
    personal = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    return tuple(
        area
        for area in range(200, 990)
        if phonenumbers.number_type(phonenumbers.parse(f"+1{area}5550100")) == personal
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "source", nargs="?", default=os.environ.get(SOURCE_ENV), help=f"the public CSV; or set {SOURCE_ENV}"
    )
    parser.add_argument("target", type=Path)
    parser.add_argument("--creditor", required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    chosen = parser.parse_args()
    if not chosen.source:
        parser.error(f"give the path of the public CSV, or set {SOURCE_ENV}")
    print(
        write_portfolio(Path(chosen.source), chosen.target, creditor=chosen.creditor, as_of=chosen.as_of),
        "rows",
    )


if __name__ == "__main__":
    main()
