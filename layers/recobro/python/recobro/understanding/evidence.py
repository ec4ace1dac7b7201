"""What speaks for each reading of a message, rule by rule, before anybody weighs one against another."""

from dataclasses import dataclass, field

from recobro.understanding.lexicon import Rule
from recobro.understanding.understood import Matched


@dataclass
class Evidence:
    """What speaks for each intent: (is it sure, why, what STOP_CHANNEL stops)."""

    by_intent: dict[str, list[tuple[bool, Matched, Rule]]] = field(default_factory=dict)

    def add(self, rule: Rule, words: str, *, sure: bool) -> None:
        self.by_intent.setdefault(rule.intent, []).append((sure, Matched(rule.id, rule.intent, words), rule))

    def sure(self, intent: str) -> bool:
        return any(sure for sure, _, _ in self.by_intent.get(intent, ()))

    def needs_person(self) -> bool:
        """Whether somebody wrote what no rule may answer."""
        return any(rule.person for found in self.by_intent.values() for _, _, rule in found)

    def drop_hints(self, *intents: str) -> None:
        """Forget what was only suspected."""
        for intent in intents:
            if intent in self.by_intent and not self.sure(intent):
                del self.by_intent[intent]

    def drop(self, *intents: str) -> None:
        for intent in intents:
            self.by_intent.pop(intent, None)
