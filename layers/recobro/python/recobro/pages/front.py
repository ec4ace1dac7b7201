"""What a stranger may see: who wrote, how to check that it is us, how to say "not me" or "stop"; nothing of any debt."""

from collections.abc import Sequence

from recobro.domain.client import Brand
from recobro.domain.identity import TRIES
from recobro.pages.html import NOTHING, Html, h, lines
from recobro.pages.scene import Scene, field, told

QUESTION = Html(' required autocomplete="off" autocapitalize="off" spellcheck="false"')


def front(
    scene: Scene, brand: Brand | None, questions: Sequence[str], *, locked: bool, failed: bool = False
) -> Html:
    """questions: what to ask, two or none. failed: what was just answered was wrong."""
    agency = scene.playbook.client.agency
    creditor = brand.name if brand is not None else ""
    body = h(
        "<h1>{hello}</h1><p>{for_whom} {private}</p>{enter}{not_you}<p>{verify}</p>",
        hello=scene.say("hello", agency=agency.name),
        for_whom=scene.say("for_whom", creditor=creditor) if creditor else "",
        private=scene.say("private"),
        enter=_enter(scene, questions, locked=locked, failed=failed),
        not_you=_not_you(scene),
        verify=scene.say(
            "verify",
            phone=agency.phone_in(scene.debtor.profile.country),
            email=agency.email,
            creditor=creditor,
            creditor_contact=brand.contact if brand is not None else "",
        )
        if brand is not None
        else "",
    )
    return scene.page(body)


def _enter(scene: Scene, questions: Sequence[str], *, locked: bool, failed: bool) -> Html:
    if locked or not questions:
        text = scene.say("locked" if locked else "cannot_ask", contact=scene.contact)
        return h(
            '<section><h2>{title}</h2><p class="note">{text}</p></section>',
            title=scene.say("who_are_you"),
            text=text,
        )
    left = TRIES - scene.debtor.failed_identity
    warned = NOTHING
    if failed:
        warned = (
            told(scene, "last_try", wrong=True)
            if left == 1
            else told(scene, "not_right", wrong=True, left=left)
        )
    boxes = lines(field(scene, one, extra=QUESTION) for one in questions)
    form = scene.form("enter", h("{boxes}{button}", boxes=boxes, button=scene.button(scene.say("enter"))))
    return h(
        "<section><h2>{title}</h2>{warned}{form}</section>",
        title=scene.say("who_are_you"),
        warned=warned,
        form=form,
    )


def _not_you(scene: Scene) -> Html:
    return h(
        "<section><h2>{title}</h2><p>{why}</p>{not_me}<p>{stop_why}</p>{stop}</section>",
        title=scene.say("not_you"),
        why=scene.say("not_you_why"),
        not_me=scene.form("not-me", scene.button(scene.say("not_me"), quiet=True)),
        stop_why=scene.say("stop_here_why"),
        stop=scene.form("stop-here", scene.button(scene.say("stop_here"), quiet=True)),
    )


def ask_stop(scene: Scene) -> Html:
    """Behind the unsubscribe link of an e-mail: only asks."""
    button = scene.button(scene.say("yes_stop"))
    form = h('<form method="post" action="{to}">{button}</form>', to=scene.path, button=button)
    return scene.page(h("<h1>{ask}</h1>{form}", ask=scene.say("ask_stop"), form=form))


def only_says(scene: Scene, key: str, **values: object) -> Html:
    """One sentence, done or not."""
    return scene.page(h("<h1>{text}</h1>", text=scene.say(key, **values)))
