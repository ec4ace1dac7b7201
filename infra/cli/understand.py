"""What would be made of a reply? Shown with the words that decided, so that a collections manager can say that it was wrong."""

import argparse
from datetime import date

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from recobro.errors import InvalidInput
from recobro.intake.currencies import OF_COUNTRY
from recobro.law.almanac import calendars_for
from recobro.law.load import load_calendars
from recobro.understanding import Context, Understood, understand
from recobro.understanding.understood import Part

LANGUAGES = {"BR": "pt", "US": "en", "GB": "en"}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="what the person wrote")
    parser.add_argument(
        "--country", required=True, metavar="XX", help="where they live: MX, CO, PE, CL, AR, BR …"
    )
    parser.add_argument(
        "--language", default="", metavar="es|pt|en", help="how we write to them (the country's)"
    )
    parser.add_argument(
        "--channel", default="whatsapp", metavar="NAME", help="how it came: whatsapp, sms, email"
    )
    parser.add_argument(
        "--on", default="", metavar="DATE", help="the day it was there when they wrote (today)"
    )


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    country = arguments.country.upper()
    if country not in OF_COUNTRY:
        raise InvalidInput(
            "--country", f"is {arguments.country!r}", f"one of: {', '.join(sorted(OF_COUNTRY))}"
        )
    try:
        today = date.fromisoformat(arguments.on) if arguments.on else date.today()  # noqa: DTZ011 - the operator's own
    except ValueError:
        raise InvalidInput("--on", f"is {arguments.on!r}", "write 2026-11-24") from None
    closed = frozenset(day for one in calendars_for(load_calendars(), country, "") for day in one.dates)
    found = understand(
        arguments.text,
        language=arguments.language or LANGUAGES.get(country, "es"),
        country=country,
        channel=arguments.channel,
        now_local=today,
        context=Context(currency=OF_COUNTRY[country], holidays=closed),
    )
    if screen.as_json:
        screen.answer(found)
        return 0
    show(found, screen)
    return 0


def show(found: Understood, screen: Screen) -> None:
    """The intent first, then what was promised, then every rule that spoke and the words it saw."""
    whose = "a person reads it" if found.to_person else "sure"
    also = f", and {', '.join(found.also)}" if found.also else ""
    screen.say(f"{found.intent}{also}: {whose}.", "bold")
    if found.channel:
        screen.say(f"Stops: {found.channel}.")
    if found.promise is not None:
        for part in found.promise.parts:
            screen.say(f"Named: {_part(part)}.")
        if found.promise.ask:
            screen.say(f"To be asked: {', '.join(found.promise.ask)}.")
    rows = list(dict.fromkeys((one.rule, one.intent, one.words) for one in found.matched))
    screen.table("What was matched", ("rule", "speaks for", "words"), rows, empty="No rule matched.")


def _part(part: Part) -> str:
    said = [f"{one.words!r}" for one in (part.sum, part.day) if one is not None]
    day = part.day.on.isoformat() if part.day is not None and part.day.on is not None else "no day"
    if part.sum is not None and part.sum.amount is not None:
        return (
            f"{part.sum.amount.minor} {part.sum.amount.currency} (minor units), {day}, from {', '.join(said)}"
        )
    share = (
        f"{part.sum.share} of what is due, " if part.sum is not None and part.sum.share is not None else ""
    )
    return f"{share}{day}, from {', '.join(said)}"


COMMAND = Command(
    name="understand",
    summary="Show what a reply would be taken to mean, and the words that decided",
    examples=(
        'recobro understand "el viernes te pago la mitad" --country MX',
        'recobro understand "quiero cancelar" --country CL --on 2026-11-24',
        'recobro understand "sexta que vem eu pago" --country BR --json',
    ),
    options=options,
    run=run,
    has_place=False,
)
