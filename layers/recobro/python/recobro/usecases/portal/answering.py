"""What a person answers on the page, acted on by the same rules as any other word of theirs (domain/acting.py, agreeing.py)."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from recobro.domain import acting, agreeing
from recobro.domain.account import Account, accounts
from recobro.domain.confirming import agreed_in_writing
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, ProofGiven
from recobro.domain.money import Money
from recobro.domain.refusal import Refusal
from recobro.domain.typed import amount_typed, day_typed
from recobro.pages import acts
from recobro.pages.html import NOTHING, Html
from recobro.pages.scene import told
from recobro.usecases.portal.visit import Visit
from recobro.web import LARGEST_UPLOAD, Shown


def payable(found: Visit) -> tuple[Account, ...]:
    """What may be agreed about: not what is contested, gone, or past its time (PRACTICE: Limitation)."""
    day = found.scene.today.day
    every = accounts(found.debtor, found.scene.today)
    return tuple(one for one in every if any(not debt.is_time_barred(day) for debt in one.payable))


def promise_form(found: Visit, said: Html = NOTHING, status: int = 200) -> Shown:
    in_parts = agreeing.agreed_in_parts(found.debtor)
    every = payable(found)
    owed = tuple(one for one in every if (one.creditor, one.currency) not in in_parts)
    if not every:
        return found.go()
    if not owed and not said:
        said = told(found.scene, "promise_plan_open", contact=found.scene.contact)
    rules, today = found.house.playbook.strategy.promises, found.scene.today
    furthest = {}
    for one in owed:
        voice = agreeing.voice_of(found.debtor, found.house.playbook, today, one.creditor, one.currency)
        days = rules.max_days_early if voice is None or voice.dpd <= agreeing.EARLY else rules.max_days_late
        furthest[one.creditor, one.currency] = (today.day + timedelta(days=days)).isoformat()
    return Shown(acts.promise_page(found.scene, owed, furthest, said), status)


def promise(found: Visit) -> Shown:
    asked, scene = found.asked, found.scene
    creditor, currency = asked.one("creditor"), asked.one("currency")
    amount = amount_typed(asked.one("amount"), currency, scene.locale)
    day = day_typed(asked.one("day"), scene.today.day)
    if not any((one.creditor, one.currency) == (creditor, currency) for one in payable(found)):
        return found.go()
    if amount is None or day is None:
        return promise_form(
            found, told(scene, "unread_amount" if amount is None else "unread_day", wrong=True), 422
        )
    no = found.act(
        "promise",
        lambda debtor, now: agreeing.promises(
            debtor, found.statement, found.house.playbook, now, amount, day, creditor, currency
        ),
        words=f"{amount} {currency} {day}",
    )
    if no is not None:
        return promise_form(found, _why_not(found, no, currency), 422)
    return found.go(done="promise")


def _why_not(found: Visit, no: Refusal, currency: str) -> Html:
    """The no, with the nearest yes."""
    scene, key = found.scene, no.rule.replace(".", "_")
    values = {"amount": "", "date": "", "contact": scene.contact}
    if no.rule == "promise.too_little":
        values["amount"] = scene.money(Money(int(no.detail), currency))
    if no.rule == "promise.too_far":
        day = day_typed(no.detail, scene.today.day)
        values["date"] = scene.day(day) if day is not None else no.detail
    return told(scene, key if scene.has(key) else "promise_nothing_due", wrong=True, **values)


def plan_form(found: Visit, said: Html = NOTHING, status: int = 200) -> Shown:
    offers = agreeing.plan_offers(found.debtor, found.house.playbook, found.house.now())
    return Shown(acts.plan_page(found.scene, offers, said), status)


def plan(found: Visit) -> Shown:
    """Only what policy computes today can be chosen."""
    chosen = found.asked.one("offer")[:80]
    book = found.house.playbook
    no = found.act(
        "plan",
        lambda debtor, now: agreed_in_writing(debtor, found.statement, book, now, chosen),
        words=chosen,
    )
    if no is not None:
        return plan_form(found, told(found.scene, "plan_changed", wrong=True), 422)
    return found.go(done="plan")


def _answered(found: Visit, form: str, own: Callable[[Debtor, datetime], Sequence[Fact]], done: str) -> Shown:
    """Do what a form is for; the words beside it, if any, are read like a message."""
    if not found.asked.one("words").strip():
        found.act(form, own)
        return found.go(done=done)
    from recobro.usecases.portal.hearing import act_and_hear  # what reads words takes long to load

    return act_and_hear(found, form, own, done)


def dispute_form(found: Visit, said: Html = NOTHING, status: int = 200) -> Shown:
    owed = tuple(one for one in accounts(found.debtor, found.scene.today) if one.payable)
    return Shown(acts.dispute_page(found.scene, owed, said), status) if owed else found.go()


def dispute(found: Visit) -> Shown:
    debts = tuple(key for key in found.asked.fields.get("debt", ()) if found.debtor.debt(key) is not None)
    if not debts:
        return dispute_form(found, told(found.scene, "dispute_none", wrong=True), 422)
    book = found.house.playbook
    return _answered(
        found,
        "dispute",
        lambda debtor, now: acting.disputes(debtor, found.statement, book, now, debts),
        done="dispute",
    )


def paid_form(found: Visit, said: Html = NOTHING, status: int = 200) -> Shown:
    return Shown(acts.paid_page(found.scene, said), status)


def paid(found: Visit) -> Shown:
    """With proof or without; what was sent is kept as it came, and shown to nobody but whoever reviews it."""
    proof = None
    if found.asked.upload is not None:
        body = found.asked.upload.body
        kind = kind_of(body)
        if not kind or len(body) > LARGEST_UPLOAD:
            return paid_form(
                found, told(found.scene, "proof_refused" if not kind else "proof_large", wrong=True), 422
            )
        proof = _keep(found, body, kind)
    book = found.house.playbook

    def decide(debtor: Debtor, now: datetime) -> Sequence[Fact]:
        said = acting.already_paid(debtor, found.statement, book, now, has_proof=proof is not None)
        return (*said, proof) if proof is not None and said else said

    return _answered(found, "already_paid", decide, done="proof" if proof is not None else "paid")


KINDS = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
)
"""How a file begins tells what it is; its name and what the browser calls it prove nothing."""


def kind_of(body: bytes) -> str:
    """The content type of what we take as proof; empty: nothing of the kind."""
    return next((kind for sign, at, kind in KINDS if body[at : at + len(sign)] == sign), "")


def _keep(found: Visit, body: bytes, kind: str) -> ProofGiven:
    """In the bucket, encrypted, as bytes to be downloaded and never as a page: whatever it holds, no browser runs it."""
    digest = hashlib.sha256(body).hexdigest()
    document = f"proofs/{found.debtor.id}/{digest[:32]}"
    found.house.files.keep_proof(document, body)
    return ProofGiven(document, digest, kind, len(body))


def hardship(found: Visit) -> Shown:
    book = found.house.playbook
    return _answered(
        found,
        "hardship",
        lambda debtor, now: acting.hardship(debtor, found.statement, book, now),
        done="hardship",
    )


def person(found: Visit) -> Shown:
    book = found.house.playbook
    return _answered(
        found,
        "asks_person",
        lambda debtor, now: acting.asks_person(debtor, found.statement, book, now),
        done="person",
    )


def complain(found: Visit) -> Shown:
    book = found.house.playbook
    return _answered(
        found,
        "complaint",
        lambda debtor, now: acting.complains(debtor, found.statement, book, now)[0],
        done="complain",
    )


def hardship_form(found: Visit) -> Shown:
    return Shown(acts.words_page(found.scene, "hardship"))


def person_form(found: Visit) -> Shown:
    return Shown(acts.words_page(found.scene, "person"))


def complain_form(found: Visit) -> Shown:
    return Shown(acts.words_page(found.scene, "complain"))
