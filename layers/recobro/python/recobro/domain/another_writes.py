"""Whether a message says of itself that somebody else writes than the person whom we know at that address.

A phone is handed on within the half hour for which a check holds: who says "soy Nova" or "habla su esposo" is told nothing of the
one who showed who she is before. Better one question too many than a word to the wrong person.
"""

import re
from collections.abc import Sequence

from recobro.domain.about_whom import names_of, plain, words_of
from recobro.domain.debtor import Debtor

_SELF = r"client[ea]|deudora?|servidora?|segur[oa]"
"""What a debtor calls themselves to us: "soy su cliente", "aquí su servidora"."""
_KIN = (
    r"(?:espos[oa]|marido|mujer|hij[oa]|mama|madre|papa|padre|herman[oa]|ti[oa]|prim[oa]|suegr[oa]|cunad[oa]|abuel[oa]|niet[oa]"
    r"|novi[oa]|yerno|nuera|sobrin[oa]|vecin[oa]|amig[oa]|pareja|companer[oa]|jef[ea]|abogad[oa]|secretari[oa])\b"
)
_KIN_PT = (
    r"(?:espos[oa]|marido|mulher|filh[oa]|mae|pai|irmao|irma|ti[oa]|prim[oa]|sogr[oa]|cunhad[oa]|avo|net[oa]|namorad[oa]|genro"
    r"|nora|sobrinh[oa]|vizinh[oa]|amig[oa])\b"
)
_KIN_EN = (
    r"(?:wife|husband|son|daughter|mother|mom|mum|father|dad|sister|brother|partner|aunt|uncle|cousin|friend|neighbou?r|girlfriend"
    r"|boyfriend|roommate|lawyer|grand(?:son|daughter|mother|father))\b"
)
_NOT_OF = r"(?!\s+de\s+(?:familia|un[ao]?\b|dos|tres|cuatro|cinco|[0-9]))"
"""Who is "la mamá de tres niños" says nothing of another."""
_SPEAKS = r"(?:soy|somos|habla|escribe|contesta|responde)"
_SPEAKS_PT = r"(?:sou|aqui e|aqui fala|aqui quem \w+ e|quem (?:fala|escreve|responde) e|fala|escreve)"
_SAYS_SO = re.compile(
    rf"\b{_SPEAKS}\s+su\s+(?!(?:{_SELF})\b)[a-z]"
    rf"|\b(?:{_SPEAKS}|aqui|aca)\s+(?:su|el|la)\s+{_KIN}{_NOT_OF}"
    rf"|\bsoy\s+{_KIN}(?=\s+del?\b){_NOT_OF}"
    r"|\b(?:paso|pase|presto|preste)\s+(?:el|mi)\s+(?:tel|cel|movil)\w*\s+a\b"
    rf"|\b{_SPEAKS_PT}\s+(?:(?:o|a)\s+)?[a-z]+\s+(?:dele|dela)\b"
    rf"|\b{_SPEAKS_PT}\s+(?:o|a)\s+{_KIN_PT}"
    r"|\b(?:this is|it'?s|i am|i'?m)\s+(?:his|her|their)\s+(?!speaking|here)[a-z]"
    rf"|\b(?:this is|i am|i'?m)\s+the\s+{_KIN_EN}"
    rf"|\b(?:his|her|their)\s+{_KIN_EN}\s+(?:here|speaking|writing|texting)\b"
)
_LETS_KNOW = re.compile(
    r"\b(?:(?:le|les|te)\s+(?:habla|escribe|contesta|responde)|(?:aqui|aqui quem \w+|quem (?:fala|escreve))\s+e\s+[oa])\s+"
    r"(?:(?:don|dona|el|la|su|sr|sra|srta|senora?|senorita)\s+)*([a-z]{2,})"
)
"""Before the name of who writes: "le habla Pedro", "aqui é o Pedro"."""
_NO_NAME = frozenset({
    "para", "por", "de", "desde", "con", "que", "un", "una", "alguien", "nadie", "usted", "yo", "ella", "misma", "mismo", "titular",
    "interesada", "interesado", "persona", "cliente", "clienta", "deudor", "deudora", "devedor", "devedora", "servidor", "servidora",
    "segura", "seguro",
})  # fmt: skip


def says_another(text: str, known: Debtor) -> bool:
    """Whether it says that it is not `known` who writes: their husband, their daughter, somebody by another name."""
    said = plain(text)
    named = _LETS_KNOW.search(said)
    own = names_of(known) | _NO_NAME
    return _SAYS_SO.search(said) is not None or (named is not None and named[1] not in own)


def called_beside(text: str, there: Sequence[Debtor], known: Debtor) -> list[str]:
    """Who else of those there is called by a name that is not the known one's, too."""
    said = words_of(text) - names_of(known)
    return [one.id for one in there if one.id != known.id and said & names_of(one)]
