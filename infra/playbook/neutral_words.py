"""Words that tell of a debt: they stand in no subject, preview, title, push, call, nor in any message to a shared point."""

import re

DEBT_WORDS = re.compile(
    r"(?<!\w)(?:"
    # Spanish
    r"adeud\w*|deud\w*|cobr\w*|vencid\w*|vencim\w*|vence\w*|atras\w*|mora|moros\w*|pag(?:o|os|a|ar|ue|uen|amos|ad[oa]s?|u[eé])|"
    r"saldos?|cuotas?|facturas?|pr[eé]stamos?|cr[eé]ditos?|abon\w*|liquid\w*|montos?|importes?|intereses|capital|"
    r"embarg\w*|demanda\w*|judicial\w*|legal|bur[oó]|"
    # Portuguese
    r"d[ií]vidas?|cobran[çc]\w*|atrasad\w*|pagament\w*|faturas?|parcelas?|juros|empr[eé]stimos?|quitar|quita[çc]\w*|"
    # English
    r"debts?|dues?|owe[ds]?|owing|overdue|arrears|collect\w*|pay\w*|paid|balances?|invoices?|bills?|billing|loans?|credits?|"
    r"amounts?|interest|instal\w*|delinquen\w*"
    r")(?!\w)",
    re.IGNORECASE,
)


def debt_word_in(text: str) -> str:
    """The first word that tells of a debt; empty when there is none."""
    found = DEBT_WORDS.search(text)
    return found.group() if found else ""
