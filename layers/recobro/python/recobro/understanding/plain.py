"""A promise is written down unasked only where every word of it is plain: asking costs a message, a wrong day costs trust.

It is not a doubt that makes us ask, but the want of certainty: one day in a plain form, at most one sum, and beside them no
other number, day, span, condition, denial, doubt or question, nobody else's money, and no bill but ours.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from recobro.domain.business_days import is_business_day
from recobro.understanding.folding import STOP
from recobro.understanding.lexicon import Lexicon
from recobro.understanding.spoken import Spoken, names_nothing_else, speaks_of_paying
from recobro.understanding.tokens import BLANK, JOINS, PAST, TIME, Token
from recobro.understanding.understood import Ask, Context, Day, Part, Promised, Sum
from recobro.understanding.weights import ASKS

FURTHEST = 45
"""Days. A day further off was seldom meant, and is worth a question."""

PLAIN_FORMS = frozenset(
    {"in_days", "span", "weekday", "weekday_and_day", "day_of_month", "day_and_month", "numeric"}
)
"""Of days.py, and a date in figures: what names one day by itself. A pay day, a feast or an end of month is another to somebody."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES_A_DAY = _words("""
el la este dia para hoy mismo manana pasado en dentro de dias hasta al a esta tarde noche temprano primera hora mediodia
hoje amanha depois no na neste nesta essa esse feira em daqui ate o noite cedo
today tomorrow the day after on this in days of st nd rd th by at tonight morning evening afternoon first thing
""")
"""Words that a plain day is made of, besides its number, weekday and month."""

MOVES_IT = _words("""
si pero sino aunque o u cuando apenas hasta despues luego antes desde otro otra otros otras proximo proxima siguiente siguientes viene
entra entrante
sigue semana semanas mes meses quincena quincenas quincenal fin fines final finales finde feriado festivo puente vez veces
sueldo nomina aguinaldo prima bono gratificacion grati cesantias pension jubilacion salario mesada cobro cobra cobrar cobre cobramos pagan
paguen pagaron paga pagas depositan depositen acreditan prestan presta adelantan creo quizas talvez tal capaz calculo ojala espero
depende tratar
trato intento intentar tipo como casi unos unas mas menos aprox alrededor cerca no ni nunca jamas tampoco ultimo ultima primero primer
segundo segunda tercero tercera principio principios inicio mediados medio media pude pudo podia iba dije dijo dijeron decia quede quedo
ayer anoche pasado pasada anterior hace era fue estaba tenia esposo esposa marido mujer hermano hermana mama papa hijo hija jefe jefa patron
ellos cada todos todas dos tres par varios algunos pocos ano anos navidad cuota cuotas resto restante falta mitad partes habil habiles
laborable laborables recien partir entre alguno cualquier
mas ou se quando assim proximos vem outro outra fim talvez acho recebo receber recebe cai caiu ultima primeiro primeira feriado natal
salario adiantamento uteis util nao nem nunca ate antes depois parcela parcelas metade minha meu marido chefe falou disse ontem qualquer
but or if unless when whenever once until till til before after next following week weeks month months fortnight end later payday
paydays wages salary paid paycheck paying paychecks maybe perhaps hopefully probably might try trying think hope about around roughly never
not dont cant cannot wont didnt couldnt every each couple few several half rest remainder instalment instalments husband wife boss
said told yesterday ago last latest earliest business working either any
dudo dudamos duda pueda puedan pudiera alcance junte consiga logre obligan obliga obligado obligada obligando obligaron
fuerzan presionan exigen
gano ganamos gana tengo tenemos tiene tienen quedan queda sobran sobra gasto dejan dejas dejarian solo solamente nomas
unicamente interes intereses capital recargo
recargos multa multas renta alquiler arriendo luz agua gas internet predial hipoteca colegiatura colegio escuela medicina medicinas comida
comprobante comprobantes recibo voucher vouchers ticket constancia captura foto pantallazo
duvido duvidamos duvida possa puder conseguir consiga der obrigam obrigando obrigaram ganho ganhamos tenho temos tem sobram
apenas somente juros multa principal aluguel energia condominio mercado comprovante comprovantes print
doubt doubtful unlikely forcing forced force forces make making makes earn have has got left only just interest principal fees rent electric
electricity water gas utilities groceries mortgage receipt receipts proof screenshot whatever
""")
"""Words that make a day or a sum another, somebody else's, for something else, or none: none may stand beside a plain one."""

PART_ONLY = _words("""
interes intereses recargo recargos multa multas capital pueda alcance junte juros principal puder conseguir der interest fees whatever
""")
"""Beside a promise that names no sum: less than all may be meant ("sin intereses", "lo que pueda"), and how much is asked."""
WHAT_I_CAN = ("what", "i", "can")
WITHOUT = frozenset({"sin", "sem"})
FAIL = "falta"
"""The one word that "sin" may stand before: "sin falta" is a promise, "sin intereses" another sum."""
NO_OFFER = frozenset({
    ("con", "que"), ("com", "que"), ("obrigado", "a"), ("obrigada", "a"), ("what", "i"), ("no", "way"), ("have", "to"),
})  # fmt: skip
"""Two words that together offer nothing: "¿con qué le pago?", "sou obrigado a pagar", "what I can"."""

SPEAK_OF_MORE = frozenset({"<neg>", "<weekday>", "<month>", "<unit>", "<feast>", "<money>", "<n>"})
GREETED = frozenset({"buen", "buenos", "buenas", "bom", "boa", "bon", "good"})
"""Before a day or an afternoon: it is wished and not named."""
AT_ONCE = _words("""
ya altiro saliendo entrando yendo momento momentico momentito ratico ratito minutos minutitos tardecita agora saindo minutinho now heading
""")
"""What a promise says that is being kept now."""
RULED_OUT_WITHIN = 2
"""Words after a day within which "no" rules it out: "el lunes no puedo"."""
MONEY = frozenset({"<money>", "$"})
GROUPS = ".,'"


def plainly(promised: Promised | None, spoken: Sequence[Spoken], today: date) -> Promised | None:
    """`promised`, with a question for its day and its sum wherever the message is not plain."""
    heard = next((one for one in spoken if any(_is_named(token) for token in one.tokens)), None)
    if promised is None or heard is None:
        return promised
    days = [one for one in heard.tokens if one.day is not None]
    sums = [one for one in heard.tokens if one.sum is not None]
    is_plain = (
        len(promised.parts) == len(days) == 1
        and len(sums) <= 1
        and ASKS not in heard.seen
        and (names_nothing_else(heard) or speaks_of_paying(heard))
        and all(_is_explained(at, heard) for at in range(len(heard.tokens)))
        and _is_plain_day(days[0], heard.lexicon, today)
    )
    is_asked = is_plain or bool(set(promised.ask) - {Ask.HOW_MUCH})
    asks = promised.ask if is_asked else (*promised.ask, Ask.WHICH_DAY)
    unknown = None if sums else _unknown_part(heard)
    if unknown is not None:
        parts = tuple(replace(one, sum=unknown) for one in promised.parts)
        return Promised(parts, tuple(dict.fromkeys((*asks, Ask.HOW_MUCH))))
    if is_plain or not sums or (len(sums) == 1 and _is_plain_sum(heard)):
        return replace(promised, ask=tuple(dict.fromkeys(asks)))
    parts = tuple(replace(one, sum=_asked(one.sum)) for one in promised.parts)
    return Promised(parts, tuple(dict.fromkeys((*asks, Ask.HOW_MUCH))))


def with_likeliest(
    promised: Promised | None, spoken: Sequence[Spoken], context: Context, today: date
) -> Promised | None:
    """`promised`; where no day was read as promised, with the likeliest, which is asked: "no le quedo mal, el sábado"."""
    if promised is not None and any(part.day is not None for part in promised.parts):
        return promised
    day = next((found for one in spoken if (found := _last_day(one.tokens)) is not None), None)
    day = day or next((found for one in spoken if (found := _at_once(one, context, today)) is not None), None)
    if day is None:
        return promised
    if promised is None:
        return Promised((Part(None, day),), (Ask.WHICH_DAY,))
    first, *others = promised.parts
    return Promised((replace(first, day=day), *others), promised.ask)


def _last_day(tokens: Sequence[Token]) -> Day | None:
    """The last day that no "no" follows: not the Monday of "el lunes no puedo", but that of "hasta el lunes no más"."""
    for at in range(len(tokens) - 1, -1, -1):
        day = tokens[at].day
        after = tokens[at + 1 : at + 1 + RULED_OUT_WITHIN]
        ruled_out = any("<neg>" in other.symbols for other in after) and [other.words for other in after] != [
            "no",
            "mas",
        ]
        if day is not None and day.on is not None and not ruled_out:
            return day
    return None


def _at_once(spoken: Spoken, context: Context, today: date) -> Day | None:
    """Today, for a promise that names no day and is being kept: "ya te pago", "estoy saliendo", "a las 6 te deposito"."""
    told = next((one for one in spoken.tokens if one.words in AT_ONCE or TIME in one.symbols), None)
    return None if told is None else Day(today, told.words, (), is_business_day(today, context.holidays))


def _is_named(token: Token) -> bool:
    return token.day is not None or token.sum is not None


def _is_explained(at: int, heard: Spoken) -> bool:
    """Whether a word is the day or the sum itself, the time of day, or says nothing of time and money."""
    one = heard.tokens[at]
    if one.words in GREETED and heard.tokens[at + 1 : at + 2] and heard.tokens[at + 1].day is not None:
        return False  # "good Friday"
    if _is_named(one) or TIME in one.symbols or one.symbols == BLANK:
        return True
    if one.words == "si":  # without its accent it may be "if"
        return at + 1 == len(heard.tokens) or heard.tokens[at + 1].words == STOP
    before = heard.tokens[at - 1].words if at else ""
    after = heard.tokens[at + 1].words if at + 1 < len(heard.tokens) else ""
    if FAIL in (one.words, after) and not WITHOUT.isdisjoint((one.words, before)):
        return True
    if one.words in WITHOUT or (one.words, after) in NO_OFFER:
        return False
    if before in GREETED:  # "buenos días"
        return True
    if one.value is not None or PAST in one.symbols:
        return False
    if "<paid>" in one.symbols and "<pay_first>" not in one.symbols and one.words != "pago":
        return False
    words = {one.words, heard.lexicon.spelled(one.words)}
    return MOVES_IT.isdisjoint(words) and SPEAK_OF_MORE.isdisjoint(one.symbols)


def _is_plain_day(token: Token, lexicon: Lexicon, today: date) -> bool:
    day = token.day
    if day is None or day.on is None or day.ask or token.form not in PLAIN_FORMS:
        return False
    named = token.words.split()
    if token.form == "span" and not {"dias", "dia", "days", "day"} & set(named):
        return False
    known = (NAMES_A_DAY, lexicon.weekdays, lexicon.months, lexicon.numbers, JOINS)
    return 0 <= (day.on - today).days <= FURTHEST and all(
        word[0].isdigit() or any(lexicon.spelled(word) in words for words in known) for word in named
    )


def _is_plain_sum(heard: Spoken) -> bool:
    """Whether an amount stands by its own mark, with no other number and nothing beside it that we cannot explain."""
    at = next(place for place, one in enumerate(heard.tokens) if one.sum is not None)
    one = heard.tokens[at]
    numbers = [other for other in heard.tokens if other.value is not None and TIME not in other.symbols]
    is_share = one.sum is not None and one.sum.share is not None
    is_marked = not MONEY.isdisjoint({*one.symbols, *one.words.split()}) or any(
        sign in one.words for sign in GROUPS
    )
    beside = (place for place in (at - 1, at + 1) if 0 <= place < len(heard.tokens))
    return (is_marked or is_share) and not numbers and all(_is_explained(place, heard) for place in beside)


def _unknown_part(heard: Spoken) -> Sum | None:
    """What is promised where no sum is named and less than all may be meant: "sin intereses", "lo que pueda"."""
    said = [one.words for one in heard.tokens]
    told = next((one for one in said if one in PART_ONLY), None)
    if told is None and WHAT_I_CAN in zip(said, said[1:], said[2:], strict=False):
        told = " ".join(WHAT_I_CAN)
    return None if told is None else Sum(told, ask=(Ask.HOW_MUCH,))


def _asked(said: Sum | None) -> Sum | None:
    if said is None or said.ask:
        return said
    return replace(said, ask=(Ask.HOW_MUCH,))
