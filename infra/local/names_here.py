"""A browser at this machine knows one address; what functions and the sign-in call by their public names leads to it and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from infra.local.drivers.http_api import HttpAnswer
from infra.local.system import LocalSystem

LEADS = ("location", "content-security-policy")
"""Headers of an answer that tell a browser where it may go; words of a page are left as they are."""


@dataclass(frozen=True)
class Names:
    """public: names that are ours in AWS, the deployment's own first. here: the address at which this machine answers for them."""

    public: tuple[str, ...]
    here: str

    def from_outside(self, answer: HttpAnswer) -> HttpAnswer:
        """An answer whose ways lead back to this machine."""
        headers = {
            name: self._led(value) if name in LEADS else value for name, value in answer.headers.items()
        }
        return replace(answer, headers=headers)

    def to_outside(self, headers: Mapping[str, str]) -> dict[str, str]:
        """A request as the deployment would get it: sent by a page of its own, it says so by its public name."""
        if not self.public:
            return dict(headers)
        return {
            name: self.public[0] if name.lower() == "origin" and value == self.here else value
            for name, value in headers.items()
        }

    def _led(self, value: str) -> str:
        for name in self.public:
            value = value.replace(name, self.here)
        return value


def names_at(system: LocalSystem, host: str) -> Names:
    """host: as the request's header has it."""
    own = system.outputs.get("PublicUrl", "").rstrip("/")
    login = [system.login.url] if system.login is not None else []
    return Names(tuple(one for one in (own, *login) if one), f"http://{host}")
