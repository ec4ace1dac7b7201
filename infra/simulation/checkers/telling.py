"""What is told, and to whom: no message and no line of a log says who somebody else is, and none tells more than its point may hear.

PRACTICE, Disclosure levels. Who writes, and in whose name, may be said anywhere: laws ask for it. Nobody identifies himself in a
simulated talk, so no answer by SMS has more to say than any other.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from infra.demo.people import Person
from infra.demo.portfolio import Portfolio
from infra.simulation.carriers_seen import Seen
from infra.simulation.checkers.known import Known, Try
from infra.simulation.checkers.record import Broke, Record
from infra.simulation.checkers.rules import ANSWERS, PAPERS, THANKS, overdue_of
from recobro.domain.client import Client

READ_BY_OTHERS = frozenset({"voice_auto", "push"})
"""What is spoken or lights up a screen never tells of a debt, whoever's telephone it is."""

_LINK = re.compile(r"/[a-z]/[\w=.-]+")
"""Its token is drawn from all letters, and spells somebody's name sooner or later."""

_THANKS = re.compile(r"¡gracias!|constancia|confirmação|confirmation", re.IGNORECASE)
"""Who has just paid and reads only that there is a message for them has been contacted once more."""

_MONEY = re.compile(r"\$\s?\d|\d\s?(?:MXN|COP|USD)\b|\b(?:MXN|COP|USD)\s?\d|\d (?:pesos|dólares|dolares)\b")

_SUM = re.compile(r"\$\s?(\d[\d.,]*\d)")


def _minor(text: str) -> int:
    """What a sum as written is in hundredths."""
    digits = int(re.sub(r"\D", "", text))
    return digits if re.search(r"[.,]\d\d$", text) else digits * 100


class Telling:
    """Told of every message as it leaves, and of every line that a function writes."""

    def __init__(
        self,
        record: Record,
        portfolio: Portfolio,
        person_of: Callable[[str], Person | None],
        client: Client,
        broke: Broke,
    ) -> None:
        self._record = record
        self._people = portfolio.people
        self._person_of = person_of
        self._client = client
        self._broke = broke
        self._others: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._perhaps_own: dict[str, dict[str, str]] = {}
        known = (word for one in self._people for word in (one.name, one.document, *one.addresses()))
        self._personal = tuple(sorted(set(known)))

    def asked(self, call: Seen) -> None:
        """A request has left for a carrier."""
        one = self._record.known.get(call.what.echo.get("debtor_id", ""))
        person = self._person_of(one.id) if one is not None else None
        claim = one.tries.get(call.what.echo.get("attempt_id", "")) if one is not None else None
        if one is None or person is None or claim is None:
            return
        said = "\n".join(_texts(call.params))
        bare = _LINK.sub(" ", said)
        words, names = self._words_of_others(person)
        found = next((word for word in words if stands_in(word, said)), "")
        found = found or next((name for name in names if stands_in(name, bare)), "")
        if found:
            self._broke("tells of another", one.id, f"{claim.id[:8]} by {claim.channel} says {found}")
        if stands_in(person.document, said):
            self._broke(
                "tells who it is", one.id, f"{claim.id[:8]} by {claim.channel} says an identity number"
            )
        if self._is_neutral(one, claim, person, call):
            self._of_a_debt(one, claim, bare)
        if claim.kind == THANKS and _THANKS.search(said) is None:
            self._broke("thanks", one.id, f"{claim.id[:8]} by {claim.channel} says nothing of them")
        if claim.kind not in ANSWERS | PAPERS and claim.debts:
            self._asks_for(one, claim, said)
        if call.what.channel == "email":
            self._in_sight(one, claim, call.what.subject)

    def logged(self, line: str) -> None:
        """A function writes a line."""
        found = next((word for word in self._personal if stands_in(word, line)), "")
        if found:
            self._broke("logs name nobody", "", f"{found} in {line[:120]}")

    def saved(self, one: Known) -> None:
        """A record was written: what another has on record too is neutral in both, whoever came first."""
        mine = self._perhaps_own[one.id] = _perhaps_own(one)
        for other, theirs in self._perhaps_own.items():
            for point in mine.keys() & theirs.keys() if other != one.id else ():
                if {mine[point], theirs[point]} != {"neutral"}:
                    self._broke("shared point", one.id, f"{point[:6]} is own for one of it and {other}")

    def _words_of_others(self, person: Person) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What says who somebody else is, and by which names others are called: the agency's own person has one, too."""
        if person.document not in self._others:
            others = [one for one in self._people if one.document != person.document]
            own = {
                person.name,
                person.given_name,
                *person.addresses(),
                *(one.ref for one in person.obligations),
            }
            told = {word for one in others for word in (one.name, one.document, *one.addresses())}
            told |= {debt.ref for one in others for debt in one.obligations}
            ours = set(self._client.agency.responsible.split())
            called = {one.given_name for one in others} - own - ours - {""}
            self._others[person.document] = _spelled(told - own), _spelled(called)
        return self._others[person.document]

    def _is_neutral(self, one: Known, claim: Try, person: Person, call: Seen) -> bool:
        """Whether others may read or hear it; by SMS alone, what is not due yet may be told in the creditor's own name."""
        point: dict[str, Any] = next(
            (each for each in one.body.get("points", ()) if each["id"] == claim.point), {}
        )
        if claim.channel in READ_BY_OTHERS or point.get("level", "neutral") == "neutral":
            return True
        if claim.channel != "sms":
            return False
        brand = self._client.brand(claim.creditor)
        day = datetime.fromtimestamp(call.at, UTC).astimezone(ZoneInfo(person.zone)).date()
        is_ours_to_tell = brand is not None and brand.acts_as_in(claim.step[1]) == "first_party"
        return (
            not is_ours_to_tell or claim.kind in ANSWERS | PAPERS or bool(overdue_of(one, claim, person, day))
        )

    def _asks_for(self, one: Known, claim: Try, said: str) -> None:
        """Nobody is asked for more than they owe to that creditor."""
        currency = one.debts[claim.debts[0]].currency
        owed = sum(
            debt.outstanding
            for debt in one.debts.values()
            if (debt.creditor, debt.currency) == (claim.creditor, currency) and debt.is_owed
        )
        most = max(map(_minor, _SUM.findall(said)), default=0)
        if most > owed:
            self._broke(
                "asks for too much", one.id, f"{claim.id[:8]} by {claim.channel} says {most} of {owed}"
            )

    def _of_a_debt(self, one: Known, claim: Try, text: str) -> None:
        amount = _MONEY.search(text)
        told = amount[0] if amount else next((key for key in one.debts if stands_in(_ref(key), text)), "")
        if told:
            self._broke("tells of a debt", one.id, f"{claim.id[:8]} by {claim.channel} says {told}")

    def _in_sight(self, one: Known, claim: Try, subject: str) -> None:
        """Whoever passes by reads a subject: no debt, and no creditor for whom another writes."""
        self._of_a_debt(one, claim, subject)
        brand = self._client.brand(claim.creditor)
        if brand is not None and brand.acts_as_in(claim.step[1]) != "first_party" and brand.name in subject:
            self._broke("tells of a debt", one.id, f"{claim.id[:8]} names {brand.name} in its subject")


def _perhaps_own(one: Known) -> dict[str, str]:
    """Point → level of every telephone and mailbox of which they did not say that it is somebody else's."""
    return {
        point["id"]: point.get("level", "neutral")
        for point in one.body.get("points", ())
        if point["kind"] in {"phone", "email"} and point["id"] not in one.disowned
    }


def stands_in(word: str, text: str) -> bool:
    """As a word of its own: a number in a longer one names nobody."""
    return word in text and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


@cache
def _plain(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()


def _spelled(words: Iterable[str]) -> tuple[str, ...]:
    """As they are written, and as an SMS spells them without accents."""
    return tuple(sorted({each for word in words for each in (word, _plain(word))}))


def _texts(params: Any) -> Iterator[str]:
    """Every text in a request, whatever it is packed in."""
    if isinstance(params, str):
        yield params
    elif isinstance(params, bytes | bytearray):
        yield params.decode(errors="replace")
    elif isinstance(params, dict):
        for name, value in params.items():
            yield str(name)
            yield from _texts(value)
    elif isinstance(params, list | tuple):
        for value in params:
            yield from _texts(value)


def _ref(key: str) -> str:
    return key.partition("/")[2]
