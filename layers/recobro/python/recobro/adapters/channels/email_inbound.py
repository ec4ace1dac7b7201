"""What people write back by e-mail, as SES hands it on: their own words above the quote, and no machine's words taken for theirs.

Docs: docs.aws.amazon.com/ses/latest/dg (receiving-email-notifications-contents, SNS action with the message in `content`);
auto-replies: RFC 3834; bounces: RFC 3464, RFC 5321 §4.5.5 (empty return path).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parseaddr
from html import unescape
from typing import Any

from recobro.adapters.channels.reading import from_iso, items, part, text
from recobro.ports import Inbound

OURS = "amazonses.com"
"""The domain of message ids that SES gives: its left side is the id by which we know the message."""
LONGEST = 200_000
"""Characters of one message's text that are looked at; SNS carries 150 kB at most."""

_QUOTE_BEGINS = re.compile(
    r"^\s*(?:>|-{2,}\s*$|_{8,}|-{3,}\s*(?:original|mensaje|mensagem|forwarded|reenviad|encaminhad)"
    r"|(?:el|on|em|am|le)\b.{4,200}(?:escribi[oó]|wrote|escreveu|schrieb|a écrit)\s*:?\s*$"
    r"|(?:de|from|von)\s*:\s.+(?:@|<)|enviado desde mi|sent from my|enviado do meu)",
    re.IGNORECASE,
)
"""The line from which on nothing is the writer's own any more: quotes, signatures, "El lunes … escribió:"."""
_TAG = re.compile(
    r"<(?:style|script|blockquote|head)\b.*?</(?:style|script|blockquote|head)>|<[^<>]{0,2000}>",
    re.IGNORECASE | re.DOTALL,
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:respuesta autom[aá]tica|fuera de (?:la )?oficina|auto(?:matic)?[- ]?reply|out of office|resposta autom[aá]tica|ausente)",
    re.IGNORECASE,
)
_ANSWERED_SUBJECT = re.compile(r"^\s*(?:re|rv|fw|fwd|res|enc|tr|aw|wg)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
"""Re:, RV:, Fwd:, RES:, ENC: as mail programs write it in Spanish, Portuguese and English (and a few more)."""
FILES = ("image/", "application/pdf")
"""What may be the proof of a payment."""


def parse_messages(raw: Mapping[str, Any], received_at: datetime) -> list[Inbound]:
    """One received mail; empty for a machine's: an absence note, a bounce, a list. Never raises for what people may send."""
    mail = part(raw, "mail")
    message = _parsed(text(raw, "content"))
    if _is_machine(message, mail):
        return []
    sender = parseaddr(str(message.get("From", "")) or text(mail, "source"))[1] or text(mail, "source")
    file = _first_file(message)
    return [
        Inbound(
            id=text(mail, "messageId"),
            channel="email",
            sender=sender.strip().lower(),
            body="\n".join(filter(None, (_own_subject(message), own_words(_text_of(message)))))
            or _subject(message),
            at=from_iso(text(mail, "timestamp"), received_at),
            replies_to=_answered(message),
            kind="document" if file else "text",
            media=file,
            is_vouched=_is_vouched(part(raw, "receipt")),
        )
    ]


def _subject(message: EmailMessage) -> str:
    return str(message.get("Subject", ""))[:200].strip()


def _own_subject(message: EmailMessage) -> str:
    """What somebody wrote above their words ("No me contacten más"); empty where it is ours, answered or passed on."""
    subject = _subject(message)
    return "" if _ANSWERED_SUBJECT.match(subject) else subject


def _is_vouched(receipt: Mapping[str, Any]) -> bool:
    """Whether the sender's domain stands by the message: anybody can write any From.

    DMARC where the domain asks for it, else SPF or DKIM (SES, receiving-email-notifications-contents: verdicts). Where SES was
    told not to look, there is nothing to doubt it by.
    """
    named = ("dmarc", "spf", "dkim")
    dmarc, *others = (text(receipt, f"{one}Verdict", "status").upper() for one in named)
    if dmarc in {"PASS", "FAIL"}:
        return dmarc == "PASS"
    return "PASS" in others or not any(others)


def own_words(written: str) -> str:
    """The reply above the quote; where people write below or inside it, what is not quoted."""
    lines = written.replace("\r\n", "\n").split("\n")
    ends = next((number for number, line in enumerate(lines) if _QUOTE_BEGINS.match(line)), len(lines))
    above = "\n".join(lines[:ends]).strip()
    if above:
        return above
    below = [
        line for line in lines[ends:] if not line.lstrip().startswith(">") and not _QUOTE_BEGINS.match(line)
    ]
    return "\n".join(below).strip()


def _parsed(content: str) -> EmailMessage:
    """Whatever bytes came; a mail that is none is an empty one."""
    parser: BytesParser[EmailMessage] = BytesParser(policy=default)
    return parser.parsebytes(content.encode("utf-8", "surrogateescape"))


def _header(message: EmailMessage, name: str) -> str:
    """A header that its sender may have mangled."""
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _is_machine(message: EmailMessage, mail: Mapping[str, Any]) -> bool:
    """No person wrote it (RFC 3834), or it tells what became of our own mail, which SES tells us better."""
    automatic = _header(message, "Auto-Submitted").lower()
    precedence = _header(message, "Precedence").lower()
    returns = [
        text(one, "value") for one in items(mail, "headers") if text(one, "name").lower() == "return-path"
    ]
    source = text(mail, "source").lower()
    return (
        (automatic not in {"", "no"})
        or precedence in {"bulk", "list", "junk", "auto_reply"}
        or bool(_header(message, "X-Autoreply") or _header(message, "X-Auto-Response-Suppress") == "All")
        or message.get_content_type() == "multipart/report"
        or source.startswith(("mailer-daemon@", "postmaster@"))
        or "<>" in returns
        or bool(_AUTO_SUBJECT.match(_header(message, "Subject")))
    )


def _text_of(message: EmailMessage) -> str:
    """The plain part, else the HTML without its marks and quotes."""
    found = message.get_body(preferencelist=("plain", "html"))
    if found is None:
        return ""
    try:
        content = str(found.get_content())[:LONGEST]
    except (LookupError, ValueError, AttributeError, KeyError):
        payload = found.get_payload(decode=True)
        content = payload.decode("utf-8", "replace")[:LONGEST] if isinstance(payload, bytes) else ""
    if found.get_content_type() == "text/html":
        content = unescape(_TAG.sub(" ", _BREAK.sub("\n", content)))
    return content


def _first_file(message: EmailMessage) -> str:
    """The name by which an attached receipt can be found in the kept mail; empty: none."""
    for number, one in enumerate(message.iter_attachments() if message.is_multipart() else (), 1):
        if one.get_content_type().startswith(FILES):
            return f"part-{number}"
    return ""


def _answered(message: EmailMessage) -> str:
    """SES's id of our message that this one answers."""
    named = re.findall(
        r"<([^<>@\s]{1,200})@([^<>\s]{1,200})>",
        _header(message, "In-Reply-To") + _header(message, "References"),
    )
    return next((left for left, domain in reversed(named) if domain.endswith(OURS)), "")
