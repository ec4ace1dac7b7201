"""When somebody will pay, in their own calendar: one exact day, or a question. A day read wrong is a promise broken by us.

Each form below is one way to name a day; which words mean which form stands in words/<language>.toml under [[days]].
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recobro.domain.business_days import is_business_day
from recobro.understanding.dates import NO_DAY, Found, easter, in_year, not_past
from recobro.understanding.lexicon import Lexicon, Rule
from recobro.understanding.phrases import Hit
from recobro.understanding.tokens import NUMBER, Token
from recobro.understanding.understood import Ask

MOST_BUSINESS_DAYS, SOON = 60, 4
"""Further off, a count is a slip; and hours within which it is still the same day."""


@dataclass(frozen=True, slots=True)
class Named:
    """The words of a form, read. today: local. numbers, weekday, month, unit, feast: what the words name, in order."""

    rule: Rule
    today: date
    numbers: Sequence[int] = ()
    weekday: int | None = None
    month: int | None = None
    unit: str = ""
    feast: str = ""
    holidays: frozenset[date] = frozenset()


def day_of(
    hit: Hit, tokens: Sequence[Token], today: date, lexicon: Lexicon, holidays: frozenset[date]
) -> Found:
    """The day that a hit of a [[days]] rule names, seen from `today`."""
    rule = lexicon.rules[hit.rule]
    seen = [tokens[place] for place in hit.places]
    named = Named(
        rule,
        today,
        numbers=[int(one.value) for one in seen if one.value is not None and NUMBER in one.symbols],
        weekday=_first(seen, lexicon.weekdays, lexicon),
        month=_first(seen, lexicon.months, lexicon),
        unit=next(
            (lexicon.units[w] for one in seen if (w := lexicon.spelled(one.words)) in lexicon.units), ""
        ),
        feast=next((f for one in seen if (f := lexicon.feasts.get(one.words, ""))), ""),
        holidays=holidays,
    )
    try:
        on, ask = FORMS[rule.form](named)
        if rule.value == "ask" and on is not None:
            ask = ask or (Ask.WHICH_DAY,)
        return (on and on + timedelta(days=rule.shift)), ask
    except (ValueError, OverflowError):  # no such day: the 31st of February, the year 12026
        return None, (Ask.IMPOSSIBLE,)


def _first(seen: Sequence[Token], table: Mapping[str, str], lexicon: Lexicon) -> int | None:
    return next((int(table[w]) for one in seen if (w := lexicon.spelled(one.words)) in table), None)


def _in_days(named: Named) -> Found:
    return named.today + timedelta(days=named.rule.days), ()


def _span(named: Named) -> Found:
    """ "En tres días", "en una semana", "dentro de un mes"."""
    count = named.numbers[-1] if named.numbers else 1
    if named.unit == "month" and not named.numbers:  # "en un mes": about then
        return _after(named.today, count, named.unit), (Ask.WHICH_DAY,)
    if len(named.numbers) > 1:
        return _after(named.today, count, named.unit), (Ask.WHICH_DAY,)
    return _after(named.today, count, named.unit), ()


def _hours(named: Named) -> Found:
    """ "Dame 48 horas": whole days; less than one is today, or tomorrow, and is asked."""
    count = named.numbers[0] if named.numbers else 1
    whole, rest = divmod(count, 24)
    return named.today + timedelta(days=whole), ((Ask.WHICH_DAY,) if rest > SOON else ())


def _span_business(named: Named) -> Found:
    """ "En tres días hábiles": working days, counted from tomorrow."""
    left = named.numbers[0] if named.numbers else 1
    if not 1 <= left <= MOST_BUSINESS_DAYS:
        return NO_DAY
    day = named.today
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day, named.holidays)
    return day, ()


def _after(today: date, count: int, unit: str) -> date:
    if unit == "month":
        month = today.month - 1 + count
        year, month = today.year + month // 12, month % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    if unit == "year":
        return date(today.year + count, today.month, min(today.day, 28 if today.month == 2 else today.day))
    return today + timedelta(days=count * {"day": 1, "week": 7, "two_weeks": 14, "fortnight": 15}[unit])


def _coming(weekday: int, today: date) -> date:
    """The next such day after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _weekday(named: Named) -> Found:
    """ "El viernes": the next one. Said on a Friday, it may be today."""
    day = _coming(named.weekday or 0, named.today)
    return day, ((Ask.WHICH_OF_TWO,) if (day - named.today).days == 7 else ())


def _weekday_coming(named: Named) -> Found:
    """ "El próximo viernes", "sexta que vem", "next Friday": while this week's is still to come, people differ."""
    day = _coming(named.weekday or 0, named.today)
    return day, ((Ask.WHICH_OF_TWO,) if (named.weekday or 0) > named.today.weekday() else ())


def _weekday_in_eight(named: Named) -> Found:
    """ "De este lunes en ocho": a week after the coming one."""
    return _coming(named.weekday or 0, named.today) + timedelta(days=7), ()


def _weekday_next_week(named: Named) -> Found:
    """ "El lunes de la próxima semana": weeks begin on Monday."""
    monday = named.today + timedelta(days=7 - named.today.weekday())
    return monday + timedelta(days=named.weekday or 0), ()


def _weekday_this_week(named: Named) -> Found:
    day = named.today + timedelta(days=(named.weekday or 0) - named.today.weekday())
    return not_past(day, named.today)


def _weekday_and_day(named: Named) -> Found:
    """ "El viernes 4": both must agree, or it is asked."""
    day, ask = _day_of_month(named) if named.month is None else _day_and_month(named)
    if day is None or day.weekday() == named.weekday:
        return day, ask
    return day, (Ask.WHICH_OF_TWO,)


def _day_of_month(named: Named) -> Found:
    """ "El 15": the next one. "El 31" in a month without one is asked."""
    number, today = named.numbers[0], named.today
    if not 1 <= number <= 31:
        return NO_DAY
    if number == today.day:
        return today, (Ask.WHICH_OF_TWO,)
    year, month = (today.year, today.month) if number > today.day else _next_month(today)
    if number > monthrange(year, month)[1]:
        return None, (Ask.IMPOSSIBLE,)
    return date(year, month, number), ()


def _first_of_month(named: Named) -> Found:
    return date(*_next_month(named.today), 1), ()


def _next_month(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)


def _day_next_month(named: Named) -> Found:
    return date(*_next_month(named.today), named.numbers[0]), ()


def _day_this_month(named: Named) -> Found:
    return not_past(named.today.replace(day=named.numbers[0]), named.today)


def _day_and_month(named: Named) -> Found:
    """ "El 15 de diciembre", with or without its year."""
    day = named.numbers[0] if named.numbers else 1
    month = named.month or 1
    if len(named.numbers) > 1:
        year = named.numbers[1] + (2000 if named.numbers[1] < 100 else 0)
        return not_past(date(year, month, day), named.today)
    return in_year(day, month, named.today)


def _month_end(named: Named) -> Found:
    """ "Fin de mes", "fin de diciembre": the last day."""
    year, month = named.today.year, named.today.month
    if named.month is not None:
        year, month = year + (named.month < month), named.month
    elif named.rule.days:
        year, month = _next_month(named.today)
    return date(year, month, monthrange(year, month)[1]), ()


def _year_end(named: Named) -> Found:
    return date(named.today.year, 12, 31), ()


def _fortnight(named: Named) -> Found:
    """ "La quincena": wages are paid on the 15th and on the last day (MX, CO, PE, EC)."""
    return _paydays(named.today)[0], ()


def _next_fortnight(named: Named) -> Found:
    """ "La otra quincena": the coming pay day, or the one after it, as people say it both ways."""
    first, second = _paydays(named.today)
    return (second, ()) if (first - named.today).days <= 5 else (first, (Ask.WHICH_OF_TWO,))


def _coming_fortnight(named: Named) -> Found:
    return _paydays(named.today)[0], ()


def _paydays(today: date) -> list[date]:
    """The next two pay days after today."""
    found: list[date] = []
    day = today
    while len(found) < 2:
        day += timedelta(days=1)
        if day.day == 15 or (day + timedelta(days=1)).day == 1:
            found.append(day)
    return found


def _first_half(named: Named) -> Found:
    month = named.month
    return in_year(15, month, named.today) if month else (_paydays(named.today)[0], (Ask.WHICH_DAY,))


def _second_half(named: Named) -> Found:
    return _month_end(named)


def _business_day(named: Named) -> Found:
    """ "No quinto dia útil": the fifth working day of a month, when wages are paid in Brazil (CLT art. 459 § 1)."""
    count = named.numbers[0] if named.numbers else 5
    for year, month in ((named.today.year, named.today.month), _next_month(named.today)):
        day = date(year, month, 1)
        left = count
        while True:
            left -= is_business_day(day, named.holidays)
            if left <= 0:
                break
            day += timedelta(days=1)
        if day > named.today:
            return day, ()
    return NO_DAY


def _last_business_day(named: Named) -> Found:
    for year, month in ((named.today.year, named.today.month), _next_month(named.today)):
        day = date(year, month, monthrange(year, month)[1])
        while not is_business_day(day, named.holidays):
            day -= timedelta(days=1)
        if day >= named.today:
            return day, ()
    return NO_DAY


def _feast(named: Named) -> Found:
    month, _, day = named.feast.partition("-")
    on = date(named.today.year, int(month), int(day))
    on = on if on >= named.today else on.replace(year=on.year + 1)
    return on, ()


def _easter(named: Named) -> Found:
    """ "Jueves santo", "quarta de cinzas": so many days from Easter Sunday, of this year or the next."""
    days = (easter(named.today.year + ahead) + timedelta(days=named.rule.days) for ahead in (0, 1))
    return next(day for day in days if day >= named.today), ()


def _vague(named: Named) -> Found:
    """ "La próxima semana", "cuando me paguen", "en enero": some day, which we have to ask."""
    return None, (Ask.WHICH_DAY,)


FORMS: Mapping[str, Callable[[Named], Found]] = {
    "in_days": _in_days,
    "span": _span,
    "hours": _hours,
    "span_business": _span_business,
    "weekday": _weekday,
    "weekday_coming": _weekday_coming,
    "weekday_in_eight": _weekday_in_eight,
    "weekday_next_week": _weekday_next_week,
    "weekday_this_week": _weekday_this_week,
    "weekday_and_day": _weekday_and_day,
    "day_of_month": _day_of_month,
    "first_of_month": _first_of_month,
    "day_next_month": _day_next_month,
    "day_this_month": _day_this_month,
    "day_and_month": _day_and_month,
    "month_end": _month_end,
    "year_end": _year_end,
    "fortnight": _fortnight,
    "next_fortnight": _next_fortnight,
    "coming_fortnight": _coming_fortnight,
    "first_half": _first_half,
    "second_half": _second_half,
    "business_day": _business_day,
    "last_business_day": _last_business_day,
    "feast": _feast,
    "easter": _easter,
    "vague": _vague,
}
