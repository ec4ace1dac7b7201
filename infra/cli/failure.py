"""Why a command did not do what was asked, in one sentence that names the field, and another that says what to do."""

import subprocess
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from infra.local.refusal import Refused
from recobro.errors import Conflict, InvalidInput, InvariantBroken, NotFound, RecobroError, Stale, Unavailable

FIXES: dict[type[RecobroError], str] = {
    NotFound: "check the id, reference or address; `recobro tasks list` and `recobro timeline` show those that exist",
    Conflict: "the same key stands with other content: correct the input, or ask who wrote it",
    Stale: "somebody saved at the same moment: run the command again",
    Unavailable: "AWS did not answer: wait a moment and run the command again",
    InvariantBroken: "this is a fault of Recobro: please report it with the command you ran",
}


@dataclass(frozen=True)
class Failure:
    """family: as in DESIGN §8. field: what was wrong, where there is one. fix: what to do now."""

    family: str
    problem: str
    field: str = ""
    fix: str = ""
    where: str = ""

    @property
    def headline(self) -> str:
        """The problem with its place, in one line."""
        return ": ".join(part for part in (self.where, self.field, self.problem) if part)


def told(error: Exception) -> Failure | None:
    """The failure behind an expected error; None for a fault whose trace somebody has to see."""
    match error:
        case InvalidInput():
            return Failure("InvalidInput", error.problem, error.field, error.fix, error.where)
        case RecobroError():
            fix = next((fix for kind, fix in FIXES.items() if isinstance(error, kind)), "")
            return Failure(type(error).__name__, str(error), fix=fix)
        case Refused():
            return Failure(
                "InvalidInput", str(error), fix="the template holds what this machine does not model"
            )
        case NoCredentialsError() | ProfileNotFound():
            fix = "name a profile of ~/.aws/config (--profile), or leave it out to work on this machine"
            return Failure("InvalidInput", str(error), "--profile", fix)
        case ClientError():
            said = error.response.get("Error", {})
            problem = f"AWS refused {error.operation_name}: {said.get('Code', '')} {said.get('Message', '')}".strip()
            return Failure(
                "Unavailable", problem, fix="check the profile's permissions, the stack's name and the Region"
            )
        case BotoCoreError():
            return Failure("Unavailable", str(error), fix="check the network, the profile and the Region")
        case subprocess.CalledProcessError():
            return Failure("InvalidInput", str(error), fix="mend what is named above")
        case FileNotFoundError() | IsADirectoryError() | PermissionError() if error.filename:
            return Failure(
                "InvalidInput",
                (error.strerror or str(error)).lower(),
                str(error.filename),
                "name a file that can be read",
            )
    return None
