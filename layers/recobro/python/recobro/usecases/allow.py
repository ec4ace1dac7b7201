"""What a person allows us is written down with its evidence and its end, and opens no more than the law leaves to them."""

from datetime import datetime, timedelta

from recobro.domain.candidates import packs_of
from recobro.domain.debtor import Debtor
from recobro.domain.facts import CallBackAgreed, Fact, TaskOpened, WaiverEnded, WaiverGranted
from recobro.domain.task import Task
from recobro.domain.waiver import LONGEST_CALL_BACK, CallBack, Waiver
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases.saving import change


def allow(house: House, debtor_id: str, name: str, evidence: str, until: datetime | None = None) -> None:
    """Record a waiver. Raises InvalidInput for one that no law over this person knows, without evidence, or ended already."""

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        known = waivers_known(house, debtor)
        if name not in known:
            fix = (
                f"one of: {', '.join(sorted(known))}"
                if known
                else "the laws over this person leave nothing to them"
            )
            raise InvalidInput("waiver", f"is {name!r}", fix)
        _proved(evidence)
        if until is not None and until <= now:
            raise InvalidInput("until", f"is {until:%Y-%m-%d %H:%MZ}", "a time to come, or none")
        return (WaiverGranted(Waiver(name, evidence.strip(), now, until)),)

    change(house, debtor_id, facts)


def take_back(house: House, debtor_id: str, name: str, why: str) -> None:
    """The person no longer allows it: binds at once. Raises NotFound where it does not stand."""

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        if not any(one.name == name and one.is_open(now) for one in debtor.waivers):
            raise NotFound(f"no waiver {name!r} of {debtor_id}")
        return (WaiverEnded(name, why),)

    change(house, debtor_id, facts)


def call_back(
    house: House, debtor_id: str, since: datetime, until: datetime, evidence: str, *, creditor: str = ""
) -> str:
    """The person asked to be called between two instants: a task for somebody, and one call that may be claimed then.

    evidence: a reference to what they wrote or said. Returns the task's id. Raises InvalidInput.
    """
    made: list[str] = []
    brands = [brand.id for brand in house.playbook.client.brands]
    if creditor and creditor not in brands:
        raise InvalidInput("creditor", f"is {creditor!r}", f"one of: {', '.join(brands)}")

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        _proved(evidence)
        if until <= now or until <= since:
            raise InvalidInput("until", f"is {until:%Y-%m-%d %H:%MZ}", "after its beginning, and to come")
        if until - since > LONGEST_CALL_BACK:
            longest = f"at most {LONGEST_CALL_BACK // timedelta(hours=1)} hours from its beginning"
            raise InvalidInput("until", f"is {until:%Y-%m-%d %H:%MZ}", longest)
        ident = f"cb{since:%Y%m%dT%H%M}"
        made[:] = [f"t{ident}"]
        if any(one.id == ident for one in debtor.call_backs):
            return ()
        asked = CallBack(ident, since, until, evidence.strip(), now, creditor)
        task = Task(f"t{ident}", "call_back", 1, now, until, creditor=creditor)
        return (CallBackAgreed(asked), TaskOpened(task))

    change(house, debtor_id, facts)
    return made[0]


def waivers_known(house: House, debtor: Debtor) -> frozenset[str]:
    """The waivers that some law over this person gives a meaning to."""
    packs = packs_of(debtor, house.playbook)
    of_hours = {name for pack in packs for window in pack.windows for name in window.waivers}
    of_channels = {name for pack in packs for rule in pack.channel_rules for name in rule.unless}
    at_work = {
        "debtor_request" for pack in packs for one in pack.recipients if one.treatment == "only_on_request"
    }
    return frozenset(of_hours | of_channels | at_work)


def _proved(evidence: str) -> None:
    if not evidence.strip():
        raise InvalidInput("evidence", "is missing", "name the message, recording or form that proves it")
