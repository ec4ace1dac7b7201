"""What a person tells us is kept in one way, by message or on the page, so that years later anybody can see that it is what they said."""

import hashlib
import hmac

from recobro.domain.debtor import Debtor
from recobro.ports import Content


def heard_words(debtor: Debtor, channel: str, ident: str, words: str) -> Content:
    """words: masked already. Hashed as they are kept, under the person's own key: channel, ident and words are all it takes to hash
    them again (infra/evidence/verify_evidence.py, received_digest).
    """
    text = f"{channel}\x1f{ident}\x1f{words}"
    digest = hmac.new(debtor.personal.key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return Content("inbound", "", channel, {"body": words, "id": ident}, digest[:32])
