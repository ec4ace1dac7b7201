"""Whom can we reach at all, and what is missing for the rest: the first thing an operations director asks of a portfolio."""

from dataclasses import replace
from datetime import datetime

from recobro.domain.candidates import weigh
from recobro.domain.channel import MACHINE_CHANNELS
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of, voices_of_messages
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.strategy import Stage, Step

REACHABLE = "reachable"


def contactability(debtor: Debtor, playbook: Playbook, now: datetime) -> dict[str, str]:
    """channel → "reachable", or the rule that refuses whatever the hour. Empty when nothing is owed."""
    free = replace(debtor, tasks=(), holds=(), promises=(), paid_at={})
    today = today_of(free, playbook, now)
    voice = next((one for one in voices_of_messages(free, playbook, today) if one.debts), None)
    if voice is None:
        return {}
    answers: dict[str, str] = {}
    for channel in MACHINE_CHANNELS:
        step = Step("any", voice.dpd, (channel,), "any")
        stage = Stage("any", voice.dpd, voice.dpd, (step,))
        weighed = weigh(free, voice, stage, step, [], playbook, Switches(), (), now)
        answers[channel.value] = REACHABLE if weighed.found else weighed.refused[0].rule
    return answers
