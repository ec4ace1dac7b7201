"""A claim whose answer was lost may have been overtaken: its words go out only where they may still be said."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from botocore.exceptions import ReadTimeoutError

from recobro.bootstrap import Surroundings
from recobro.domain.contact_point import Level
from recobro.domain.playbook import Playbook, Switches
from recobro.house import House
from recobro.usecases.send import send
from tests.house import Clock, PretendCarrier, house, standing
from tests.portfolio import debtor_of, drop
from tests.sample import playbook

ANA = "muebles,C-1,PEGA850101AB1,Ana Prueba,,casa@example.com,1500.50,MXN,04/03/2026,MX,"
LUZ = "muebles,C-2,GOML900202AB9,Luz Ejemplo,,casa@example.com,820,MXN,10/03/2026,MX,"


def telling() -> Playbook:
    """The e-mail of late tells of the debt to who has the mailbox alone."""
    book = playbook()
    late = book.templates["late.es"]
    told = replace(late.parts["email"], level=Level.ADDRESSED, subject="Un mensaje", preview="Es personal")
    quiet = replace(told, level=Level.NEUTRAL, body="Un mensaje personal: {link}")
    late = replace(late, parts={**late.parts, "email": told, "email_neutral": quiet})
    return replace(book, templates={**book.templates, "late.es": late})


class LosesTheAnswer:
    """DynamoDB, whose answer to the claim is lost, and by which `meanwhile` is heard of first."""

    def __init__(self, real: Any, home: House, meanwhile: list[str]) -> None:
        self._real = real
        self._home = home
        self._meanwhile = meanwhile

    def __getattr__(self, operation: str) -> Any:
        real = getattr(self._real, operation)

        def call(**asked: Any) -> Any:
            answer = real(**asked)
            if operation in {"put_item", "transact_write_items"} and self._meanwhile and self._is_claimed():
                drop(self._home, self._meanwhile.pop(), name="otra.csv")
                raise ReadTimeoutError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")
            return answer

        return call

    def _is_claimed(self) -> bool:
        person = standing(self._home, debtor_of(self._home, "C-1"))
        return any(one.status.value == "claimed" for one in person.attempts)


def sent_while(meanwhile: str) -> tuple[str, list[str]]:
    """What became of a send that lost its claim's answer, and what was said."""
    clock, carrier = Clock(), PretendCarrier()
    with house(clock, book=telling()) as home:
        drop(home, ANA)
        debtor = debtor_of(home, "C-1")
        lost = [meanwhile]

        def client(service: str, **settings: Any) -> Any:
            real = home.client(service, **settings)
            return LosesTheAnswer(real, home, lost) if service == "dynamodb" else real

        slow = House(home.settings, Surroundings(client, home.now, random.Random(8)), home.playbook)
        outcome = send(slow, carrier, "email", debtor, home.now() + timedelta(minutes=15), Switches)
        assert lost == []
        return outcome.result, [one.body for one in carrier.asked]


def test_words_that_others_would_read_by_now_are_not_sent() -> None:
    assert sent_while(LUZ) == ("released", [])


def test_words_that_may_still_be_said_go_out_once() -> None:
    result, said = sent_while(LUZ.replace("casa@", "luz@"))

    assert result == "sent"
    assert len(said) == 1
    assert "1,500.50" in said[0]
