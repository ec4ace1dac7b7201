"""What a reply means, in the words people use: an opt-out binds, a promise has a day, and what we do not understand a person reads."""

from recobro.understanding.understand import understand
from recobro.understanding.understood import Context, Intent, Understood, Verdict

__all__ = ["Context", "Intent", "Understood", "Verdict", "understand"]
