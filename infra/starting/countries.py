"""What a country suggests for a new client: language, clock and a Region that has every service we use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suggested:
    """region: the nearest with SES, End User Messaging and EventBridge Scheduler; data stays in it."""

    language: str
    time_zone: str
    region: str = "us-east-1"


COUNTRIES = {
    "MX": Suggested("es", "America/Mexico_City"),
    "CO": Suggested("es", "America/Bogota"),
    "CL": Suggested("es", "America/Santiago", "sa-east-1"),
    "PE": Suggested("es", "America/Lima"),
    "BR": Suggested("pt", "America/Sao_Paulo", "sa-east-1"),
    "AR": Suggested("es", "America/Argentina/Buenos_Aires", "sa-east-1"),
    "EC": Suggested("es", "America/Guayaquil"),
    "US": Suggested("en", "America/New_York"),
    "ES": Suggested("es", "Europe/Madrid", "eu-west-1"),
    "GB": Suggested("en", "Europe/London", "eu-west-2"),
}
"""Countries whose law is shipped (recobro/law/packs)."""
