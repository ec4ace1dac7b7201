"""Which money a creditor means by a code, a word or a sign; "$" alone says nothing that the row doesn't say already."""

CURRENCIES = frozenset(
    [
        "ARS",
        "AUD",
        "BOB",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CRC",
        "CUP",
        "DKK",
        "DOP",
        "EUR",
        "GBP",
        "GTQ",
        "HKD",
        "HNL",
        "INR",
        "JMD",
        "JPY",
        "KRW",
        "MXN",
        "NIO",
        "NOK",
        "NZD",
        "PAB",
        "PEN",
        "PLN",
        "PYG",
        "SEK",
        "SGD",
        "THB",
        "TRY",
        "TTD",
        "TWD",
        "USD",
        "UYU",
        "VND",
        "ZAR",
    ]
)
"""ISO 4217 codes whose minor unit `recobro.domain.money.exponent` knows: none or two decimals."""

OF_COUNTRY = {
    "AR": "ARS", "BO": "BOB", "BR": "BRL", "CL": "CLP", "CO": "COP", "CR": "CRC", "DO": "DOP", "EC": "USD", "ES": "EUR",
    "GB": "GBP", "GT": "GTQ", "HN": "HNL", "MX": "MXN", "NI": "NIO", "PA": "USD", "PE": "PEN", "PT": "EUR", "PY": "PYG",
    "SV": "USD", "TW": "TWD", "US": "USD", "UY": "UYU",
}  # fmt: skip
"""What a debt is in when neither file nor mapping says so and the mapping was guessed."""

SIGNS: dict[str, str] = {
    "$": "", "PESOS": "", "PESO": "", "MONEDA": "", "NACIONAL": "", "M.N.": "MXN", "MN": "MXN", "MX$": "MXN", "MXP": "MXN",
    "COL$": "COP", "US$": "USD", "U$S": "USD", "DLS": "USD", "DOLARES": "USD", "USD$": "USD", "AR$": "ARS", "CLP$": "CLP",
    "R$": "BRL", "REAIS": "BRL", "S/": "PEN", "S/.": "PEN", "SOLES": "PEN", "€": "EUR", "EUROS": "EUR", "£": "GBP",
    "NT$": "TWD", "BS": "BOB", "GS": "PYG", "₲": "PYG", "Q": "GTQ", "L": "HNL",
    **{code: code for code in CURRENCIES},
}  # fmt: skip
"""Signs and words beside an amount → currency; "" where several currencies share it."""


def currency_of(text: str, country: str) -> str:
    """The ISO code that a currency cell means in that country; "" when it means none we know."""
    word = text.upper().strip()
    meant = SIGNS.get(word)
    if meant is None:
        meant = SIGNS.get(word.replace("Ó", "O").removesuffix("."))
    if meant == "":
        return OF_COUNTRY.get(country, "")
    return meant or ""
