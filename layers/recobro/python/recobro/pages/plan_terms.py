"""The terms of a plan as a person reads them: every date with its amount, the total and the discount, before the yes and after it."""

from recobro.domain.money import Money
from recobro.domain.plan import PaymentPlan, PlanOffer
from recobro.pages.html import NOTHING, Html, h, lines
from recobro.pages.scene import Scene


def plan_dates(scene: Scene, offer: PlanOffer) -> Html:
    """Each part: when, and how much."""
    rows = lines(
        h(
            "<dt>{day}</dt><dd>{amount}</dd>",
            day=scene.day(one.due_on),
            amount=scene.money(Money(one.amount, offer.currency)),
        )
        for one in offer.parts
    )
    return h("<dl>{rows}</dl>", rows=rows)


def plan_saves(scene: Scene, offer: PlanOffer) -> str:
    """What is taken off once it is kept; empty where nothing is."""
    amount = Money(offer.discount, offer.currency)
    return scene.say("plan_saves", amount=scene.money(amount)) if offer.discount else ""


def agreed_plan(scene: Scene, plan: PaymentPlan) -> Html:
    """All that was agreed, and what of it has come."""
    offer = plan.offer
    came = scene.money(Money(plan.paid, plan.currency))
    said = (
        scene.say("plan_came", amount=came) if plan.paid else "",
        plan_saves(scene, offer),
        scene.say("plan_terms"),
    )
    return h(
        '<div class="card"><h3>{title}</h3>{dates}{said}</div>',
        title=scene.say("plan_agreed", total=scene.money(Money(offer.total, offer.currency))),
        dates=plan_dates(scene, offer),
        said=lines(h("<p>{text}</p>", text=one) if one else NOTHING for one in said),
    )
