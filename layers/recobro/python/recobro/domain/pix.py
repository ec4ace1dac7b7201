"""Pix copy-and-paste and its QR code: one line that any Brazilian bank's app reads, with payee, amount and our reference.

Banco Central do Brasil, "Manual de Padrões para Iniciação do Pix" (static BR Code), on EMV QRCPS-MPM 1.0.
"""

import unicodedata

from recobro.domain.money import Money

TXID = 25
"""Letters and digits that a static code's reference may have (EMV field 62-05)."""


def br_code(*, key: str, payee: str, city: str, amount: Money, reference: str = "") -> str:
    """key: the payee's Pix key. amount: in BRL. reference: letters and digits, cut at 25; empty: none ("***")."""
    whole, cents = divmod(amount.minor, 100)
    txid = "".join(one for one in reference if one.isascii() and one.isalnum())[:TXID] or "***"
    code = "".join(
        (
            _field("00", "01"),
            _field("26", _field("00", "br.gov.bcb.pix") + _field("01", key)),
            _field("52", "0000"),
            _field("53", "986"),
            _field("54", f"{whole}.{cents:02d}") if amount.minor else "",
            _field("58", "BR"),
            _field("59", _ascii(payee, 25)),
            _field("60", _ascii(city, 15)),
            _field("62", _field("05", txid)),
            "6304",
        )
    )
    return f"{code}{_crc16(code.encode()):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _ascii(text: str, most: int) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(bare.split())[:most].strip()


def _crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF (ISO/IEC 13239)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
