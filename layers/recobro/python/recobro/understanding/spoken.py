"""One message in one language's eyes, before anybody says what it means, and the days that its writer rules out."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from recobro.understanding.folding import STOP
from recobro.understanding.lexicon import Lexicon
from recobro.understanding.phrases import Hit
from recobro.understanding.promise import EITHER
from recobro.understanding.tokens import BLANK, NOW, TIME, Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEADS_TO_A_DAY = _words("""
el la de del en a al y para desde mejor entonces sera seria serian sea que este pues mismo primera hora mediodia manana temprano
sin falta seguro segura seguridad fijo fija juro prometo comprometo me confirmo confirmado te les
na em ate as melhor sem certeza confirmado garanto in on by to at the rather instead promise i
""")
"""What may stand beside the bare answer to "which day?", and says no more than it does: when on that day, and that it is certain."""
PAYS = frozenset({"<pay_first>", "<pay_inf>", "<pay_ger>", "<pay_now>"})
PAYS_BY_NAME = _words(
    "pago pagamento payment transferencia transfer transfe consignacion pix cheque check paying"
)
GIVES = frozenset({"<give_first>", "<give_inf>"})
ANYTHING = _words("do give catch put make sort drop cover fazendo mandando poner ponerme tener")
"""Among the words for paying, what people do with anything."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message in one language's eyes. plain: every token; tokens: with days and sums put together; hits: of its rules.

    seen: what the second reading counts.
    """

    lexicon: Lexicon
    country: str
    plain: Sequence[Token]
    tokens: Sequence[Token]
    hits: Sequence[Hit]
    seen: frozenset[str]


def willing(spoken: Spoken, holidays: Container[date]) -> list[Token]:
    """The tokens without the days on which they say that they cannot: "hoy no, mañana sí", "el lunes es feriado".

    "El lunes, si es festivo el martes" is the first day, unless that is a holiday.
    """
    tokens = list(spoken.tokens)
    if any(spoken.lexicon.rules[hit.rule].intent == "that_day" for hit in spoken.hits):
        return tokens  # "hasta el 5 no cobro, ese día te pago"
    denied = _days_denied(spoken)
    for hit in spoken.hits:
        if hit.start in denied:
            continue
        kind = spoken.lexicon.rules[hit.rule].intent
        named = [place for place in hit.places if tokens[place].day is not None]
        if kind == "if_closed" and len(named) > 1:
            first = spoken.tokens[named[0]].day
            closed = first is not None and first.on is not None and first.on in holidays
            named = named[:1] if closed else named[1:]
        elif kind == "income" and len(named) > 1:
            named = [] if NOW in tokens[named[1]].symbols else named[:1]
        elif kind != "not_then":
            continue
        for place in named:
            if place > 1 and tokens[place - 1].words in EITHER:
                continue  # "jueves o viernes, no sé": both, and it is asked
            tokens[place] = Token(tokens[place].words, BLANK, day=tokens[place].day)
    return tokens


def names_nothing_else(spoken: Spoken) -> bool:
    """Whether a message is days and sums alone, the bare answer to what we asked: "600", "mejor el viernes sin falta"."""
    idle = spoken.lexicon.courtesy | spoken.lexicon.nods | LEADS_TO_A_DAY
    return all(
        one.day
        or one.sum
        or one.words == STOP
        or TIME in one.symbols
        or (one.words in idle and "<neg>" not in one.symbols)
        for one in spoken.tokens
    )


def speaks_of_paying(spoken: Spoken) -> bool:
    """Whether a word for paying stands in a message, or a sum that is given: a day alone is no promise ("el viernes tengo audiencia")."""
    tokens = spoken.tokens
    gives = any(not GIVES.isdisjoint(one.symbols) for one in tokens)
    return any(
        one.words in PAYS_BY_NAME
        or (not PAYS.isdisjoint(one.symbols) and one.words not in ANYTHING)
        or (gives and one.sum is not None)
        for one in tokens
    )


def _days_denied(spoken: Spoken) -> frozenset[int]:
    """Places of a "no" that belongs to the day before it: in "hoy no, mañana sí" it takes nothing from tomorrow."""
    rules = spoken.lexicon.rules
    hits = (hit for hit in spoken.hits if rules[hit.rule].intent == "not_then")
    return frozenset(
        place
        for hit in hits
        if spoken.tokens[hit.start].day is not None
        for place in hit.places
        if "<neg>" in spoken.tokens[place].symbols
    )
