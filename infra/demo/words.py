"""What debtors really write back: short, unpunctuated, polite, annoyed, mistaken."""

REPLIES: dict[str, tuple[str, ...]] = {
    "stop": ("BAJA", "baja por favor", "ya no me escriban", "STOP", "no me manden más mensajes", "Alto"),
    "paid": (
        "ya pagué",
        "Ya pague ayer en la tienda",
        "eso ya está pagado desde el lunes",
        "ya hice la transferencia",
    ),
    "promise": (
        "el viernes te pago",
        "les pago el viernes que me depositan",
        "en la quincena lo liquido",
        "mañana paso a pagar",
    ),
    "wrong_person": ("número equivocado", "no soy yo, se equivocaron", "aquí no vive nadie con ese nombre"),
    "hardship": ("me quedé sin trabajo, no puedo ahorita", "estoy en el hospital, no he podido trabajar"),
    "dispute": ("ese cargo no lo reconozco", "la silla llegó rota y no me la cambiaron", "yo no debo eso"),
    "person": ("quiero hablar con alguien", "me pueden llamar por favor?", "márqueme en la tarde"),
    "other": ("gracias por avisar", "ok", "a qué cuenta deposito?", "cuánto es en total?", "👍"),
}

REPLY_WEIGHTS = {
    "stop": 8.0,
    "paid": 8.0,
    "promise": 34.0,
    "hardship": 7.0,
    "dispute": 5.0,
    "person": 14.0,
    "other": 24.0,
}
"""Of those who answer and are who we think; "paid" is also what everyone says who has."""

DAYS: tuple[tuple[str, str], ...] = (("mañana", "tomorrow"), ("quincena", "payday"), ("viernes", "friday"))
"""What a promise's words name → the day that the person means."""

ANSWERS_BACK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("que dia le acomoda", ("el viernes", "mañana", "este viernes")),
    ("ultimos 4 caracteres", ("{surname} {last}",)),
    ("para no equivocarnos", ("sí",)),
    ("por el total o por una parte", ("todo",)),
    ("podemos anotar hasta", ("el viernes",)),
    ("en que le ayudamos", ("Hablar con alguien", "Elegir una fecha")),
)
"""What our answers ask (without accents) → what people then write."""
COURTESIES = ("gracias", "ok", "👍")

COMPANY_REPLIES = {
    "promise": ("Programado en la corrida de pagos del viernes.", "Se pagan el próximo viernes, saludos."),
    "other": ("Favor de enviar el complemento de pago.", "Recibido, lo revisamos con almacén."),
    "dispute": ("La factura no corresponde a la orden de compra, favor de revisar.",),
}
COMPANY_WEIGHTS = {"promise": 45.0, "other": 45.0, "dispute": 10.0}

CALLS = {"promise": 45.0, "refused": 34.0, "already_paid": 8.0, "dispute": 5.0, "hardship": 8.0}
"""How a talk with the right person ends."""

COMPANY_CALLS = {"promise": 60.0, "refused": 40.0}
"""Payables tell when the next payment run is, or that they look into it."""

NO_TALK = {"no_answer": 56.0, "voicemail": 26.0, "busy": 18.0}
"""How a call ends that reaches nobody."""


def intent_of(text: str) -> str:
    """What an agent makes of a message that they read; the same words as the debtors' list, read with a person's eyes."""
    lowered = text.lower()
    for intent, signs in _SIGNS.items():
        if any(sign in lowered for sign in signs):
            return intent
    return "other"


_SIGNS = {
    "wrong_person": ("equivocad", "equivocaron", "no soy", "con ese nombre"),
    "paid": ("pagué", "pague ayer", "está pagado", "la transferencia"),
    "dispute": ("no lo reconozco", "llegó rota", "no debo", "no corresponde"),
    "hardship": ("sin trabajo", "hospital"),
    "promise": ("viernes", "quincena", "mañana"),
    "person": ("hablar", "llamar", "márqueme"),
    "stop": ("no me escriban", "no me manden", "baja", "stop", "alto"),
}
