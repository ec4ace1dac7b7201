"""When, where and how we may write: what is chosen here binds the very next message."""

from collections.abc import Mapping
from datetime import time

from recobro.domain.preferences import DAYS, ChosenHours
from recobro.pages.html import NOTHING, Html, h, lines
from recobro.pages.scene import LANGUAGES, Scene

HOURS = range(7, 22)


def settings_page(
    scene: Scene, channels: Mapping[str, bool], waivers: Mapping[str, bool], said: Html = NOTHING
) -> Html:
    """channels: as people call them → open. waivers: what the law leaves to this person → allowed."""
    inside = h(
        '<h2>{where}</h2><fieldset class="pick"><legend>{channels}</legend>{boxes}</fieldset>'
        '<h2>{when}</h2><p>{when_why}</p><fieldset class="pick"><legend>{days_legend}</legend>{days}</fieldset>{hours}{waivers}'
        '<h2>{language}</h2><label for="language">{language_label}</label>'
        '<select id="language" name="language">{languages}</select>{button}',
        where=scene.say("set_where"),
        channels=scene.say("set_channels"),
        boxes=lines(
            _box("channel", name, scene.say(f"channel_{name}"), on=on) for name, on in channels.items()
        ),
        when=scene.say("set_when"),
        when_why=scene.say("set_when_why"),
        days_legend=scene.say("set_days"),
        days=lines(
            _box(
                "day",
                day,
                scene.say(f"day_{day}"),
                on=not scene.debtor.hours or day in scene.debtor.hours.days,
            )
            for day in DAYS
        ),
        hours=_hours(scene, scene.debtor.hours),
        waivers=_waivers(scene, waivers),
        language=scene.say("languages"),
        language_label=scene.say("set_language"),
        languages=lines(
            _option(code, name, chosen=code == scene.debtor.profile.language[:2])
            for code, name in LANGUAGES.items()
        ),
        button=scene.button(scene.say("set_save")),
    )
    return scene.page(
        h(
            "<h1>{title}</h1>{said}{form}<p>{back}</p>",
            title=scene.say("to_settings"),
            said=said,
            form=scene.form("settings", inside),
            back=scene.link("", scene.say("home")),
        ),
        title=scene.say("to_settings"),
    )


def _hours(scene: Scene, hours: ChosenHours) -> Html:
    def select(name: str, chosen: time) -> Html:
        anytime = h('<option value="">{any}</option>', any=scene.say("set_any"))
        options = lines(
            _option(f"{one:02d}", f"{one:02d}:00", chosen=bool(hours) and chosen.hour == one) for one in HOURS
        )
        return h(
            '<label for="{name}">{label}</label><select id="{name}" name="{name}">{any}{options}</select>',
            name=name,
            label=scene.say(f"set_{name}"),
            any=anytime,
            options=options,
        )

    return h("{opens}{closes}", opens=select("opens", hours.opens), closes=select("closes", hours.closes))


def _waivers(scene: Scene, waivers: Mapping[str, bool]) -> Html:
    if not waivers:
        return NOTHING
    boxes = lines(_box("waiver", name, scene.say("set_wider"), on=on) for name, on in waivers.items())
    return h(
        '<fieldset class="pick"><legend>{legend}</legend>{boxes}</fieldset>',
        legend=scene.say("set_more"),
        boxes=boxes,
    )


def _box(name: str, value: str, label: str, *, on: bool) -> Html:
    return h(
        '<label><input type="checkbox" name="{name}" value="{value}"{on}> {label}</label>',
        name=name,
        value=value,
        on=Html(" checked") if on else NOTHING,
        label=label,
    )


def _option(value: str, label: str, *, chosen: bool) -> Html:
    return h(
        '<option value="{value}"{chosen}>{label}</option>',
        value=value,
        chosen=Html(" selected") if chosen else NOTHING,
        label=label,
    )


PAUSES = (7, 15, 30)


def pause_page(scene: Scene, paused_until: str, *, stopped: bool, said: Html = NOTHING) -> Html:
    """paused_until: the day, as written there; empty: not paused. stopped: every channel is closed."""
    choices = lines(
        h(
            '<label><input type="radio" name="days" value="{days}"{on}> {label}</label>',
            days=days,
            on=Html(" checked") if days == PAUSES[0] else NOTHING,
            label=scene.say("pause_days", days=days),
        )
        for days in PAUSES
    )
    pause = scene.form(
        "pause",
        h(
            '<fieldset class="pick"><legend>{legend}</legend>{choices}</fieldset>{button}',
            legend=scene.say("pause_pick"),
            choices=choices,
            button=scene.button(scene.say("pause_send")),
        ),
    )
    stop = scene.form(
        "stop",
        h(
            "<p>{why}</p>{button}",
            why=scene.say("stop_why"),
            button=scene.button(scene.say("stop_send"), quiet=True),
        ),
    )
    resume = scene.form("resume", scene.button(scene.say("resume_send")))
    now = (
        scene.say("stopped_all")
        if stopped
        else scene.say("paused_until", date=paused_until)
        if paused_until
        else ""
    )
    return scene.page(
        h(
            "<h1>{title}</h1>{said}{now}<section><h2>{pause_title}</h2>{pause}</section><section><h2>{stop_title}</h2>{stop}</section><p>{back}</p>",
            title=scene.say("to_pause"),
            said=said,
            now=h('<div class="note"><p>{now}</p>{resume}</div>', now=now, resume=resume) if now else NOTHING,
            pause_title=scene.say("pause_title"),
            pause=pause,
            stop_title=scene.say("stop_title"),
            stop=stop,
            back=scene.link("", scene.say("home")),
        ),
        title=scene.say("to_pause"),
    )
