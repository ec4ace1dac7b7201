"""Three countries changed how mobiles are written; who writes in the old form is still the same person.

Mexico dropped the 1 after +52 in 2019 (WhatsApp still sends 521…), Argentina writes a 9 after +54 when a
mobile is called from abroad, Brazil put a ninth digit before mobiles that began with 6 to 9 (older WhatsApp
accounts lack it).
"""


def canonical(number: str) -> str:
    """E.164 with its plus sign, in the form that carriers dial today; empty when it cannot be a number."""
    digits = "".join(one for one in number if one in "0123456789")
    if not 8 <= len(digits) <= 15:
        return ""
    if digits.startswith("521") and len(digits) == 13:
        digits = f"52{digits[3:]}"
    elif digits.startswith("55") and len(digits) == 12 and digits[4] in "6789":
        digits = f"{digits[:4]}9{digits[4:]}"
    return f"+{digits}"


def variants(number: str) -> tuple[str, ...]:
    """Every form that means the same phone, the canonical one first; empty when it cannot be a number."""
    today = canonical(number)
    if not today:
        return ()
    rest = today[3:]
    if today.startswith("+52") and len(rest) == 10:
        return (today, f"+521{rest}")
    if today.startswith("+549") and len(rest) == 11:
        return (today, f"+54{rest[1:]}")
    if today.startswith("+54") and len(rest) == 10:
        return (today, f"+549{rest}")
    if today.startswith("+55") and len(rest) == 11 and rest[2] == "9" and rest[3] in "6789":
        return (today, f"+55{rest[:2]}{rest[3:]}")
    return (today,)


def known_as(address: str) -> str:
    """What an address is known by, whoever writes it and however: Argentina's two forms are one telephone. Not what is dialled; every
    other address is known by itself.
    """
    is_local = (
        address.startswith("+54") and not address.startswith("+549") and len(address) == len("+54") + 10
    )
    return f"+549{address[3:]}" if is_local else address


def reached_by(known: str, told: str) -> str:
    """Which of two forms of one telephone is dialled: once it was said to be a mobile, a file that leaves the 9 out takes that from
    nobody; otherwise the newer.
    """
    return known if known == known_as(told) else told
