"""A template that this machine cannot run honestly is refused by name, before anything of it has run."""


class Refused(Exception):
    """Names the place in the template and the reason. Nothing was started."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason
