"""The invented portfolio is believable, valid and the same every time."""

import csv
import io
import re
from datetime import date

import phonenumbers
import pytest
from stdnum.mx import curp, rfc

from infra.demo.feeds import creditor_file, creditors
from infra.demo.portfolio import Portfolio, invent

START = date(2026, 8, 3)


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return invent(7, 300, START, 45)


def test_the_same_seed_invents_the_same_people(portfolio: Portfolio) -> None:
    assert invent(7, 300, START, 45) == portfolio
    assert invent(8, 300, START, 45) != portfolio


def test_the_shares_of_the_trade_hold(portfolio: Portfolio) -> None:
    people = [one for one in portfolio.people if not one.is_company]
    many = len(people)
    assert len(portfolio.people) == 300
    assert 0.24 < sum(one.mailbox is None for one in people) / many < 0.36
    assert 0.07 < sum(one.phone is not None and one.phone.owner != "self" for one in people) / many < 0.17
    assert 0.03 < sum(bool(one.phone and one.phone.shared_with) for one in people) / many < 0.07
    assert 0.04 < sum(bool(one.guarantees) for one in people) / many < 0.06
    colombians = [one for one in people if one.country == "CO"]
    silent = [one for one in colombians if not (one.phone and one.phone.authorised)]
    assert 0.04 < len(silent) / len(colombians) < 0.18


def test_due_dates_run_from_twenty_days_ahead_to_ninety_past(portfolio: Portfolio) -> None:
    days = [(START - debt.due_on).days for debt in portfolio.debts().values()]
    assert min(days) >= -20
    assert max(days) <= 90
    assert min(days) < -15
    assert max(days) > 80


def test_the_company_has_four_hundred_invoices_in_two_currencies_and_three_disputes(
    portfolio: Portfolio,
) -> None:
    (company,) = [one for one in portfolio.people if one.is_company]
    assert len(company.debts) == 400
    assert {debt.currency for debt in company.debts} == {"MXN", "USD"}
    assert sum(debt.disputed for debt in company.debts) == 3
    assert {contact.role for contact in company.contacts} == {"payables", "treasury", "owner"}
    assert rfc.is_valid(company.document, validate_check_digits=True)


def test_documents_and_numbers_are_valid_and_mailboxes_reserved(portfolio: Portfolio) -> None:
    for person in portfolio.people:
        if person.document_type == "CURP":
            assert curp.is_valid(person.document)
        if person.document_type == "RFC":
            assert rfc.is_valid(person.document, validate_check_digits=True)
        for address in person.addresses():
            if "@" in address:
                assert address.endswith(("@example.com", "@example.org"))
            elif person.device is not None and address == person.device.token:
                assert re.fullmatch(r"fcm-[0-9a-f]{32}", address)
            else:
                assert phonenumbers.is_valid_number(phonenumbers.parse(address))


def test_a_creditors_file_names_every_debt_of_its_own_once_per_obligor(portfolio: Portfolio) -> None:
    assert creditors(portfolio) == ("fabula", "quimera", "utopia")
    body = creditor_file(portfolio, "fabula", {}, START).decode()
    rows = list(csv.DictReader(io.StringIO(body), delimiter=";"))
    named = [(row["Número de documento"], row["Referencia"]) for row in rows]
    owed = [
        (one.document, debt.ref)
        for one in portfolio.people
        if one.creditor == "fabula"
        for debt in one.obligations
    ]
    assert sorted(named) == sorted(owed)
    assert {row["Rol"] for row in rows} == {"titular", "aval"}
