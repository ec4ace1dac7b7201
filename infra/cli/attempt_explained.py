"""Why was this message sent? The decision as it was stored, made again from facts and kept rules, and every difference."""

from infra.cli.screen import Screen
from infra.cli.words import local
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases.rehearse import everyone
from recobro.usecases.replay import Replayed, replay

RULES = {
    "deployed": "with the rules that are deployed now",
    "kept": "with the rules of that day, as they are kept in the bucket",
    "unrecorded": "with today's rules: the release that claimed it did not record which applied",
    "lost": "with today's rules: those of that day are not in the bucket",
}
WORDS = {
    "same": "The words render to exactly what was recorded.",
    "differ": "The words do NOT render to what was recorded.",
    "gone": "What was said is no longer kept.",
    "none": "No words were recorded with it.",
}


def found_attempt(house: House, attempt: str, screen: Screen) -> str:
    """Whose attempt that is; the record holds 45 days of them. Raises InvalidInput."""
    with screen.progress("looking for the attempt") as tell:
        for count, loaded in enumerate(everyone(house), 1):
            tell(count, None)
            if loaded.debtor.attempt(attempt) is not None:
                return loaded.debtor.id
    fix = "if it is older than 45 days, name the person: recobro explain DEBTOR --attempt ATTEMPT"
    raise InvalidInput("ATTEMPT", f"nobody's record holds {attempt}", fix)


def explain_attempt(house: House, debtor: str, attempt: str, screen: Screen) -> int:
    """0: it is decided so again; 1: it is not, its words are others, or the chain does not hold."""
    found = replay(house, debtor, attempt)
    if screen.as_json:
        screen.answer({**_plain(found), "is_same": found.is_same})
    else:
        show(found, screen)
    return 0 if found.is_same and found.words != "differ" and not found.broken else 1


def show(found: Replayed, screen: Screen) -> None:
    """The verdict first, then the differences, then the articles."""
    one = found.attempt
    screen.say(
        f"{one.id}: {one.kind.value} by {one.channel.value}, {one.step.stage}.{one.step.step}, "
        f"claimed {local(found.at, 'UTC')} UTC by {one.by}.",
        "bold",
    )
    if not found.stored:
        screen.say(
            "A person made this contact: no machine decided it. The law was asked before it was claimed."
        )
    elif found.is_same:
        screen.say(
            f"Decided again, byte for byte the same, {RULES[found.rules]} (book {found.book or 'none'})."
        )
    else:
        screen.say(f"Decided again it is NOT the same, {RULES[found.rules]}.", "bold red")
        rows = [
            (one.where or "(the whole)", _said(one.stored), _said(one.replayed)) for one in found.differences
        ]
        screen.table("Differences", ("field", "stored", "now"), rows)
    screen.say(WORDS[found.words], "bold red" if found.words == "differ" else "")
    screen.say(f"Laws: {', '.join(found.laws)}.")
    verdict = f"The chain does NOT hold: {found.broken}." if found.broken else "The chain of facts holds."
    screen.say(verdict, "bold red" if found.broken else "")
    screen.say()
    rules = [(one.pack, one.about, one.rule, one.source) for one in found.asked]
    screen.table("Rules that were asked and allowed it", ("law", "about", "rule", "article"), rows=rules)
    if found.stored:
        screen.say(f"Stored decision: {found.stored}")


def _said(value: object) -> str:
    return "(nothing)" if value is None else str(value)


def _plain(found: Replayed) -> dict[str, object]:
    return {name: getattr(found, name) for name in Replayed.__dataclass_fields__}
