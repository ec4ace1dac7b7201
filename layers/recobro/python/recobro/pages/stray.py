"""What is shown where nothing can be: a link that ended, a request that made no sense, a moment in which we could not answer."""

from recobro.domain.client import Client
from recobro.pages.html import NOTHING, Html, frame, h
from recobro.pages.scene import words_in


def stray(client: Client, language: str, key: str) -> Html:
    """key: "dead" | "busy" | "amiss". Names the agency, as every page does, and nobody else."""
    words, agency = words_in(language), client.agency
    contact = f"{agency.phone} · {agency.email}"
    return frame(
        language=language,
        title=words["title"].format(agency=agency.name),
        top=h("<p><strong>{agency}</strong></p>", agency=agency.name),
        body=h(
            "<h1>{title}</h1><p>{text}</p>",
            title=words[f"{key}_title"],
            text=words[key].format(contact=contact),
        ),
        foot=NOTHING,
    )
