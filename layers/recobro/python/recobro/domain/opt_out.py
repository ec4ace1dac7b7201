"""No means no, in the words people use for it: an opt-out is recognised before anything else is made of a message.

Only words that can mean nothing else bind by themselves. "Alto", "para" or "cancelar" are ordinary words (in Mexico and
Colombia "cancelar" is to pay): alone on a line they are read as an opt-out only where carriers define them so.
"""

import re
import unicodedata

_ALONE = frozenset(
    {
        "stop", "baja", "alto", "unsubscribe", "stopall", "end", "quit", "salir", "parar", "sair", "nomolestar",
        "cancelarsuscripcion", "desuscribir", "desuscribirme",
    }
)  # fmt: skip
_CARRIERS = frozenset(
    {"stop", "arret", "cancel", "end", "optout", "quit", "remove", "revoke", "unsubscribe"}
)  # fmt: skip
"""By which AWS and the carriers of the United States close a number, in any language; alone, and in capitals or not."""
_CARRIERS_ON_SMS = _CARRIERS | {"td"}
"""Where no carrier listens, "td" is how people write "todo" and "tudo"."""
_COURTESY = frozenset(
    {
        "por", "favor", "porfa", "porfavor", "gracias", "ya", "please", "pls", "hola", "buenas", "buenos", "dias",
        "tardes", "noches", "obrigado", "obrigada",
    }
)  # fmt: skip
"""Words that may stand around it without changing what is meant."""
_PHRASES = re.compile(
    r"""\b(
      no\ (me\ )?(vuelvan?\ a\ )?(escrib(an|as|ir)(me)?|mand(en|es|ar)(me)?|envi(en|es|ar)(me)?|llam(en|es|ar)(me)?|molest(en|es|ar)(me)?)
      |dejen?\ de\ (escribir|mandar|enviar|llamar|molestar)(me)?
      |quier[oe]\ (darme\ )?(de\ )?baja|darme\ de\ baja|dar\ de\ baja\ (mi\ numero|este\ numero|mi\ correo)
      |(pare|parem|deixe|deixem)\ de\ (mandar|enviar|ligar|escrever|me\ (mandar|ligar|escrever))
      |stop\ (texting|calling|messaging|contacting|emailing)(\ me)?
      |(remove|take)\ me\ (from|off)
    )\b""",
    re.VERBOSE,
)


def is_carriers_word(text: str, channel: str) -> bool:
    """Whether the whole message is a word at which the carrier itself stops delivering: what it takes for a no is one for us."""
    return _plain(text).replace(" ", "") in (_CARRIERS_ON_SMS if channel == "sms" else _CARRIERS)


def is_opt_out(text: str) -> bool:
    """Whether the message asks us to stop, and can hardly mean anything else."""
    plain = _plain(text)
    meant = [word for word in plain.split() if word not in _COURTESY]
    if "".join(meant) in _ALONE:
        return True
    return _PHRASES.search(plain) is not None


def _plain(text: str) -> str:
    """Lower case, no accents, no punctuation, single blanks."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", bare).split())
