"""Who writes a letter says what is wanted first or last; between, only what may bind us is looked for, and a person reads it all."""

from collections.abc import Iterator

LONGEST = 500
"""Characters that are read of one message: more than three SMS. Of a longer one a part is read, so that none takes longer."""
BEGINNING, END = 200, 130
BEFORE, AFTER = 20, 65
"""Characters around a sign that are read with it."""
OVERLAP = 40
"""What beginning and end cut through is read once more."""
MOST_LOOKED_AT = 5_000
"""Characters between beginning and end in which signs are looked for."""
MOST_OF_ONE = 4
"""Times that one sign is looked at: more of the same says nothing new."""

SIGNS = (
    "no me ", "no nos ", "no mas ", "no más ", "no quiero", "dejen", "deje de", "déje", "paren ", "pare de", "de baja", "borr", "elimin",
    "quiten", "quite", "quít", "saquen", "sáque", "prohib", "autoriz", "lista",
    "não me ", "nao me ", "não quero", "nao quero", "parem ", "exclu", "descadast", "apagu", "sair d", "me tir", "deixe",
    "stop", "unsubs", "opt out", "opt-out", "leave me", "contact", "remove", "not text", "not call", "n't text", "n't call", "lose my",
    "wrong number", "wrong person", "equivocad", "errado", "engano", "no conozco", "não conheço", "nao conheco", "no soy ", "não sou ",
    "falleci", "faleceu", "muri", "morreu", "passed away", "died", "deceased", "menor de ", "underage",
)  # fmt: skip
"""How a refusal, a wrong person, a death or a child sounds, in Spanish, Portuguese and English: only what is worth reading closely."""


def what_is_read(text: str) -> str:
    """All of a message, or its beginning, its end, and the surroundings of signs between them, in their order; at most LONGEST."""
    if len(text) <= LONGEST:
        return text
    begins = BEGINNING - OVERLAP
    between = text[begins : min(len(text) - END + OVERLAP, begins + MOST_LOOKED_AT)]
    room, read_to = LONGEST - BEGINNING - END - 2, 0
    kept: list[str] = []
    for place in sorted(_places(between.lower())):
        piece = between[max(read_to, place - BEFORE) : place + AFTER][: max(0, room - 1)]
        if place < read_to or not piece:
            continue
        kept.append(piece)
        room -= len(piece) + 1
        read_to = place + AFTER
    return "\n".join((text[:BEGINNING], *kept, text[-END:]))


def _places(lowered: str) -> Iterator[int]:
    """Where signs stand."""
    for sign in SIGNS:
        place = lowered.find(sign)
        for _ in range(MOST_OF_ONE):
            if place < 0:
                break
            yield place
            place = lowered.find(sign, place + len(sign))
