"""Behind the link that pays: the creditor's name and one button, then the way to the gateway; no amount, no person, no account."""

from dataclasses import dataclass

from recobro.pages.html import Html, h, web_address
from recobro.pages.pay import gateway_title
from recobro.pages.scene import Scene


@dataclass(frozen=True, slots=True)
class Whom:
    """creditor: as it is called; payee: who receives the money; gateway: through which."""

    creditor: str
    payee: str
    gateway: str

    @property
    def through(self) -> str:
        return gateway_title(self.gateway)


def tap_page(scene: Scene, whom: Whom, said: Html) -> Html:
    """The same whatever is owed. said: what just went wrong."""
    return scene.page(
        h(
            '<h1>{title}</h1>{said}<p>{why}</p><form method="post" action="{to}">{button}</form>'
            '<p class="note"><strong>{only}</strong></p><p>{paid}</p>',
            title=scene.say("tap_title", creditor=whom.creditor),
            said=said,
            why=scene.say("tap_why", gateway=whom.through),
            to=scene.path,
            button=scene.button(scene.say("tap_go")),
            only=scene.say("pay_only_to", payee=whom.payee),
            paid=scene.say("tap_paid"),
        )
    )


def onward_page(scene: Scene, whom: Whom, url: str) -> Html:
    """To the gateway at once (WCAG 2.2, technique G110), and by a link where a browser does not go by itself.

    No form of ours ends on another site: its policy stays `form-action 'self'`.
    """
    to = web_address(url)
    return scene.page(
        h(
            '<h1>{title}</h1><p class="note"><strong>{only}</strong></p>'
            '<p><a class="go" rel="noopener noreferrer" href="{to}">{go}</a></p>',
            title=scene.say("link_ready"),
            only=scene.say("pay_only_to", payee=whom.payee),
            to=to,
            go=scene.say("go_gateway", gateway=whom.through),
        ),
        onward=to,
    )


def nothing_page(scene: Scene) -> Html:
    """One answer for whatever it is: paid, contested, held, gone, or no longer this reader's to pay."""
    return scene.page(
        h(
            "<h1>{title}</h1><p>{text}</p>",
            title=scene.say("tap_nothing"),
            text=scene.say("tap_nothing_why", contact=scene.contact),
        )
    )
