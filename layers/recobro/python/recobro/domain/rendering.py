"""What a person will read, from an approved template and today's figures; the same two always give the same words."""

from collections.abc import Mapping
from dataclasses import dataclass

from recobro.domain import email_layout, gsm7, markup
from recobro.domain.substitution import fill, names_in, value_of
from recobro.domain.template import NEUTRAL_SUFFIX, Part, Template
from recobro.errors import InvalidInput, NotFound

PAY_LINK = "pay_link"


@dataclass(frozen=True, slots=True)
class Rendered:
    """text: the whole message in plain words. subject: of e-mail, title of push. html, preview: of e-mail.

    parameters: what fills an approved WhatsApp template, in order. button: where its button leads; empty: it has none.
    """

    text: str
    subject: str = ""
    preview: str = ""
    html: str = ""
    parameters: tuple[str, ...] = ()
    button: str = ""


def channel_name(part_name: str) -> str:
    """ "email_neutral" → "email"."""
    return part_name.removesuffix(NEUTRAL_SUFFIX)


def used(part_name: str, part: Part) -> tuple[str, ...]:
    """The variables that a part needs: what has to be kept to say the same again."""
    extra = " {sender_name}" if channel_name(part_name) == "email" else ""
    extra += f" {{{PAY_LINK}}}" if part.pay_template else ""
    named = names_in(part.subject, part.preview, part.body, part.footer + extra)
    return tuple(dict.fromkeys((*named, *part.parameters)))


def render(template: Template, part_name: str, variables: Mapping[str, str]) -> Rendered:
    """One part with its values. Raises InvalidInput naming template, part and the variable that has no value."""
    part = template.parts.get(part_name)
    if part is None:
        raise NotFound(f"template {template.name}.{template.language} has no part {part_name!r}")
    try:
        return _RENDERERS.get(channel_name(part_name), _plain)(template, part, variables)
    except InvalidInput as error:
        error.where = f"template {template.name}.{template.language}, part {part_name}"
        raise


def _plain(template: Template, part: Part, variables: Mapping[str, str]) -> Rendered:
    text = _without_empty_lines(part.body, variables)
    return Rendered(text=text, subject=fill(part.subject, variables))


def _sms(template: Template, part: Part, variables: Mapping[str, str]) -> Rendered:
    return Rendered(text=gsm7.transliterate(_plain(template, part, variables).text))


def _whatsapp(template: Template, part: Part, variables: Mapping[str, str]) -> Rendered:
    """Meta refuses a parameter that is empty or holds a line break."""
    parameters = tuple(value_of(name, variables) for name in part.parameters)
    empty = next((name for name, value in zip(part.parameters, parameters, strict=True) if not value), None)
    if empty is not None:
        raise InvalidInput(
            "{" + empty + "}", "is empty", "an approved template's parameter always needs words"
        )
    text, button = (
        fill(part.body.strip(), variables),
        variables.get(PAY_LINK, "") if part.pay_template else "",
    )
    return Rendered(
        text=f"{text}\n\n{part.pay_label}: {button}" if button else text, parameters=parameters, button=button
    )


def _email(template: Template, part: Part, variables: Mapping[str, str]) -> Rendered:
    body, footer = markup.parse(part.body), markup.parse(part.footer)
    subject, preview = fill(part.subject, variables), fill(part.preview, variables)
    text = markup.to_text(body, variables)
    if footer:
        text += f"\n\n--\n{markup.to_text(footer, variables)}"
    html = email_layout.page(
        language=template.language,
        title=subject,
        preview=preview,
        sender=fill("{sender_name}", variables),
        body=markup.resolved(body, variables),
        footer=markup.resolved(footer, variables),
    )
    return Rendered(text=text, subject=subject, preview=preview, html=html)


def _without_empty_lines(body: str, variables: Mapping[str, str]) -> str:
    """Filled line by line; a line whose variables were all empty goes, and so does a doubled space."""
    lines = [(line, " ".join(fill(line, variables).split())) for line in body.strip().split("\n")]
    return "\n".join(filled for line, filled in lines if filled or not line.strip())


_RENDERERS = {"sms": _sms, "whatsapp": _whatsapp, "email": _email}
