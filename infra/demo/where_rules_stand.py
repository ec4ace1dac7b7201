"""Who reads why a contact was refused is told where the rule stands, also where only the rule's name was recorded."""

from collections.abc import Iterable, Mapping

HOUSE_RULES = {
    "step.done": "no step repeats within an episode",
    "step.superseded": "said already, before the person moved to another segment",
    "strategy.grace": "strategy.toml: grace_business_days",
    "strategy.no_step": "strategy.toml: no step asks for that day",
    "strategy.min_actionable": "strategy.toml: min_actionable",
    "strategy.max_tries": "strategy.toml: max_tries",
    "feed.stale": "PRACTICE: Feeds, feed_max_age_business_days",
    "payment.quiet": "PRACTICE: After a payment",
    "person.hours": "the person's own choice on their page",
    "person.erased": "data protection",
    "person.stopped": "PRACTICE: Opt-out",
    "person.no_point": "PRACTICE: Who is who",
    "debt.disputed": "PRACTICE: Dispute",
    "debt.recalled": "PRACTICE: Feeds",
    "debt.time_barred": "PRACTICE: Limitation",
}
"""Rule of the house → where it stands; a plan that moved records the rule alone."""

FAMILIES = {
    "agreement": "PRACTICE: Disclosure levels",
    "attempt": "DESIGN: claim before send",
    "budget": "client.toml: monthly_spend_usd",
    "calendar": "unknown: the stricter is taken",
    "client": "client.toml",
    "debt": "PRACTICE: What is owed",
    "debtor": "PRACTICE: What is owed",
    "event": "unknown: the stricter is taken",
    "gate": "carriers' policies",
    "hold": "PRACTICE: What people answer",
    "nothing": "strategy.toml: nothing is due",
    "offer": "PRACTICE: Money",
    "plan": "PRACTICE: Money",
    "playbook": "the client's files changed",
    "point": "PRACTICE: Opt-out",
    "promise": "PRACTICE: Promise",
    "repair": "recobro repair",
    "step": "DESIGN: no step repeats",
    "strategy": "strategy.toml",
    "switch": "operator or circuit",
    "task": "PRACTICE: Task",
    "words": "messages/",
    "zone": "unknown: the stricter is taken",
}
"""What stands before a rule's dot → where such rules stand that have no line of their own."""


def where_they_stand(rules: Iterable[str], told: Mapping[str, str]) -> dict[str, str]:
    """told: rule → article or source, as the law packs and the recorded refusals say."""
    return {
        rule: told.get(rule) or HOUSE_RULES.get(rule) or FAMILIES.get(rule.partition(".")[0], "")
        for rule in rules
    }
