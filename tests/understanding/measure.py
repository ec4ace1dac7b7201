"""How much of what people write is understood, by the definitions of the promise: `python -m tests.understanding.measure FILE.tsv …`.

A line is country, language, text, intent, said on, date, amount, share, note, parted by tabs. date: the promised day or
"ask"; amount: "50000 MXN" in minor units or "ask"; share: percent. note: `also=<intent>` (said as well), `or=<date>` (as
right), `then=<date>` (the second part), `person_ok`, parted by semicolons.
"""

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from recobro.domain.money import Money
from recobro.law.almanac import calendars_for
from recobro.law.load import load_calendars
from recobro.understanding import Context, Understood
from recobro.understanding.understand import understood_by
from recobro.understanding.understood import Day, Intent, Sum
from recobro.understanding.weights import Weights, learned

CURRENCIES = {
    "MX": "MXN",
    "CO": "COP",
    "PE": "PEN",
    "CL": "CLP",
    "AR": "ARS",
    "BR": "BRL",
    "EC": "USD",
    "US": "USD",
    "GB": "GBP",
}
REPLIES = Path(__file__).with_name("replies_dev.tsv")
LEARNED = (
    REPLIES,
    *(
        REPLIES.with_name(f"replies_{which}.tsv")
        for which in (
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "border",
            "refusals",
        )
    ),
)
"""What the weights are learned from."""
UNDATED = date(2026, 11, 25)
BINDING = (Intent.OPT_OUT, Intent.WRONG_PERSON)


@dataclass(frozen=True)
class Line:
    country: str
    language: str
    text: str
    intent: str
    said_on: date
    day: str = ""
    amount: str = ""
    share: str = ""
    also: tuple[str, ...] = ()
    days_as_right: tuple[str, ...] = ()
    person_ok: bool = False


@dataclass
class Count:
    """Of some lines: how many, and how many of them were understood how."""

    lines: int = 0
    right: int = 0
    handed_over: int = 0
    binding: Counter[str] = field(default_factory=Counter)
    bound: Counter[str] = field(default_factory=Counter)
    not_opt_out: int = 0
    false_opt_outs: int = 0
    dates: int = 0
    dates_exact: int = 0
    dates_wrong_unasked: int = 0
    sums: int = 0
    sums_exact: int = 0
    sums_wrong_unasked: int = 0

    def figures(self) -> dict[str, float]:
        """Shares of 1. recall: bound (the intent, or among `also`), whoever reads it afterwards; handed over alone is a miss."""
        return {
            "right_or_handed_over": _share(self.right + self.handed_over, self.lines),
            "automated": _share(self.lines - self.handed_over, self.lines),
            "right_of_automated": _share(self.right, self.lines - self.handed_over),
            **{f"{intent}_recall": _share(self.bound[intent], self.binding[intent]) for intent in BINDING},
            "false_opt_outs": _share(self.false_opt_outs, self.not_opt_out, none=0.0),
            "dates_exact": _share(self.dates_exact, self.dates),
            "dates_wrong_unasked": float(self.dates_wrong_unasked),
            "sums_exact": _share(self.sums_exact, self.sums),
            "sums_wrong_unasked": float(self.sums_wrong_unasked),
        }


def _share(part: int, whole: int, none: float = 1.0) -> float:
    return part / whole if whole else none


def read(path: Path) -> list[Line]:
    """The lines of a file. Raises ValueError for one that is not as described above."""
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row]
    return [_line(row) for row in rows if row[0] != "country"]


def _line(row: Sequence[str]) -> Line:
    country, language, text, intent, said_on, day, amount, share, note = row
    notes = [one for one in note.split(";") if one]
    return Line(
        country, language, text, Intent(intent), date.fromisoformat(said_on) if said_on else UNDATED, day, amount, share,
        tuple(one[5:] for one in notes if one.startswith("also=")),
        tuple(one[3:] for one in notes if one.startswith("or=")),
        "person_ok" in notes,
    )  # fmt: skip


_CALENDARS = load_calendars()


@cache
def _closed(country: str) -> frozenset[date]:
    return frozenset(day for one in calendars_for(_CALENDARS, country, "") for day in one.dates)


def context_of(line: Line) -> Context:
    """A reply to us, in the debt's currency and with the country's holidays."""
    return Context(currency=CURRENCIES.get(line.country, ""), holidays=_closed(line.country))


def heard(line: Line, weights: Weights | None = None) -> Understood:
    return understood_by(
        learned() if weights is None else weights,
        line.text,
        language=line.language,
        country=line.country,
        channel="whatsapp",
        now_local=line.said_on,
        context=context_of(line),
    )


def is_right(line: Line, found: Understood) -> bool:
    """The intent, or another of those said with the labelled one among the rest."""
    return found.intent == line.intent or (found.intent in line.also and line.intent in found.also)


def first_day(found: Understood) -> Day | None:
    return next((part.day for part in found.promise.parts if part.day), None) if found.promise else None


def first_sum(found: Understood) -> Sum | None:
    return next((part.sum for part in found.promise.parts if part.sum), None) if found.promise else None


def day_verdict(line: Line, found: Understood) -> str:
    """ "exact", "asked" (no harm done) or "wrong": a day that would be acted on and was not said."""
    day = first_day(found)
    asked = found.to_person or day is None or bool(found.promise and found.promise.ask)
    if line.day == "ask":
        return "exact" if asked else "wrong"
    said = {line.day, *line.days_as_right}
    if day is not None and day.on is not None and day.on.isoformat() in said:
        return "exact"
    return "asked" if asked or found.intent is not Intent.PROMISE else "wrong"


def sum_verdict(line: Line, found: Understood) -> str:
    said = first_sum(found)
    asked = found.to_person or said is None or bool(said.ask)
    if line.amount == "ask":
        return "exact" if asked else "wrong"
    if said is not None and line.amount:
        minor, currency = line.amount.split()
        if said.amount == Money(int(minor), currency):
            return "exact"
    elif said is not None and line.share:
        share = said.share
        if share is not None and abs(share - Fraction(int(line.share), 100)) < Fraction(1, 50):
            return "exact"
    return "asked" if asked else "wrong"


def counted(
    lines: Iterable[Line], weights: Weights | None = None, count: Count | None = None
) -> tuple[Count, list[tuple[str, Line, Understood]]]:
    """The count, on top of `count`, and the misses with what kind each is. weights: of the second reading, for others than ours."""
    count, misses = count or Count(), []
    for line in lines:
        found = heard(line, weights)
        misses += [(kind, line, found) for kind in _count(line, found, count)]
    return count, misses


def _count(line: Line, found: Understood, count: Count) -> Iterator[str]:
    count.lines += 1
    meant = {found.intent, *found.also}
    if found.to_person:
        count.handed_over += 1
        yield "handed_over" if found.intent == line.intent or line.person_ok else "handed_over*"
    elif is_right(line, found):
        count.right += 1
    else:
        yield "wrong"
    for intent in BINDING:
        if line.intent == intent:
            count.binding[intent] += 1
            count.bound[intent] += intent in meant
            if intent not in meant:
                yield f"missed {intent}"
    if Intent.OPT_OUT not in (line.intent, *line.also):
        count.not_opt_out += 1
        if Intent.OPT_OUT in meant and line.intent != Intent.STOP_CHANNEL:
            count.false_opt_outs += 1
            yield "false opt_out"
    yield from _count_promise(line, found, count)


def _count_promise(line: Line, found: Understood, count: Count) -> Iterator[str]:
    if line.intent == Intent.PROMISE and line.day:
        count.dates += 1
        verdict = day_verdict(line, found)
        count.dates_exact += verdict == "exact"
        count.dates_wrong_unasked += verdict == "wrong"
        if verdict != "exact":
            yield f"date {verdict}"
    if line.intent == Intent.PROMISE and (line.amount or line.share):
        count.sums += 1
        verdict = sum_verdict(line, found)
        count.sums_exact += verdict == "exact"
        count.sums_wrong_unasked += verdict == "wrong"
        if verdict != "exact":
            yield f"sum {verdict}"


def timed(lines: Sequence[Line]) -> tuple[float, float]:
    """Milliseconds of the processor for one line: median and 99th percentile, once everything is loaded."""
    for line in lines[:50]:
        heard(line)
    took = []
    for line in lines:
        began = time.process_time()
        heard(line)
        took.append((time.process_time() - began) * 1_000)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.tsv")
    parser.add_argument(
        "--only", default="", help="misses of this kind only: wrong, handed_over, date, sum, missed, false"
    )
    parser.add_argument("--quiet", action="store_true", help="figures without the misses")
    arguments = parser.parse_args()
    lines = [line for file in arguments.files for line in read(file)]
    count, misses = counted(lines)
    if not arguments.quiet:
        for kind, line, found in misses:
            if kind.startswith(arguments.only):
                show(kind, line, found)
    countries = sorted({line.country for line in lines})
    by_country = [counted(line for line in lines if line.country == country)[0] for country in countries]
    print(f"\n{'':24}{'all':>9}" + "".join(f"{country:>9}" for country in countries))
    print(f"{'lines':24}{count.lines:>9}" + "".join(f"{one.lines:>9}" for one in by_country))
    for name, value in count.figures().items():
        print(
            f"{name:24}{shown(name, value)}" + "".join(shown(name, one.figures()[name]) for one in by_country)
        )
    median, slowest = timed(lines)
    print(f"{'milliseconds':24}{median:>9.3f} median, {slowest:.3f} at the 99th percentile")


def shown(name: str, value: float) -> str:
    return f"{value:>9.0f}" if name.endswith("unasked") else f"{value:>9.1%}"


def show(kind: str, line: Line, found: Understood) -> None:
    because = "; ".join(f"{one.rule}: {one.words}" for one in found.matched[:5])
    day, said = first_day(found), first_sum(found)
    print(f"{kind} | {line.country} {line.said_on} | {line.text}")
    print(f"    is {line.intent} {line.day} {line.amount}{line.share} {line.also or ''}")
    print(
        f"    got {found.intent} {found.verdict} {[str(one) for one in found.also] or ''} "
        f"{(day.on, day.words, day.ask) if day else ''} {(said.words, said.amount, said.share, said.ask) if said else ''} [{because}]"
    )


if __name__ == "__main__":
    main()
