"""How many decisions a second one core makes: a third contact, a third wait, a third stop; three debts, thirty attempts."""

import time
from dataclasses import replace
from datetime import date, timedelta

from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Stop, Wait
from recobro.domain.settle import settled
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, playbook

SECONDS = 3.0


def with_history(person: Debtor, attempts: int = 30) -> Debtor:
    """`person` with an open episode and that many attempts of earlier steps, one a day up to the day before yesterday."""
    opened, _ = settled(person, playbook(), NOW)
    past = tuple(
        ContactAttempt(
            id=f"a{number}",
            step=StepKey(1, "past", f"s{number}"),
            number=1,
            creditor="muebles",
            channel=(Channel.SMS, Channel.EMAIL, Channel.WHATSAPP)[number % 3],
            point="p1",
            claimed_at=NOW - timedelta(days=attempts + 8 - number),
            claim_id="c",
            send_by=NOW,
            status=AttemptStatus.DELIVERED,
        )
        for number in range(attempts)
    )
    return replace(opened, attempts=past)


def thirds() -> list[Debtor]:
    """One to contact, one to make wait, one to leave alone."""
    debts = tuple(
        debt(f"A{number}", due_on=date(2026, 3, 4) + timedelta(days=number * 30)) for number in range(3)
    )
    contact = with_history(debtor(*debts))
    yesterday = replace(contact.attempts[0], id="y", claimed_at=NOW - timedelta(hours=2))
    wait = replace(contact, attempts=(*contact.attempts[1:], yesterday))
    stop = replace(contact, feeds={})
    return [contact, wait, stop]


def run() -> dict[str, float]:
    """decisions a second, `next_permitted` included."""
    book, people = playbook(), thirds()
    kinds = [type(decide(person, book, NOW)) for person in people]
    if kinds != [Contact, Wait, Stop]:
        raise AssertionError(f"the thirds are {kinds}")
    made, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SECONDS:
        for person in people:
            decide(person, book, NOW)
        made += len(people)
    return {"decisions_per_second": round(made / spent)}


if __name__ == "__main__":
    print(run())
