"""Errors of the emulator, in two families.

    Exception
    ├── ProjectError         the user's project is wrong (code P…)
    │   └── ProjectErrors    several of them, found in one go
    └── EmulatorError        the emulator cannot do it (code E…)
        └── NotEmulated      a feature of AWS that is not emulated

Errors that AppSync itself would answer with are not exceptions of this kind: they are
data, made where the request is handled.
"""

import difflib
from collections.abc import Iterable, Sequence

from appsync_emulator.types import Origin

EMULATOR_CODES = {
    "E001": "A feature of AWS is not emulated.",
    "E020": "A function cannot run on this machine.",
    "E031": "An endpoint of AWS's services does not answer, or refuses.",
    "E101": "The port is already in use.",
    "E102": "The host cannot be listened on.",
    "E103": "A client wants TLS where it is turned off.",
    "E104": "The certificates cannot be kept where they should be.",
    "E105": "A name for the certificate is no host name.",
    "E106": "The key of a local issuer cannot be kept where it should be.",
}
"""Each code of an `EmulatorError` and what it stands for, one sentence each."""

UNPARSABLE = "Unable to parse GraphQL query."
"""What AppSync says to a body, a `start` and a document that it cannot read."""


class ProjectError(Exception):
    """Something in the user's project is wrong.

    Attributes:
        code: stable, for searching; listed in the README.
        origin: the file and line.
        message: what was found.
        allowed: what would be allowed; shown when short, and used for `nearest`.
        found: the wrong name, for `nearest`.
        hint: a last sentence of advice.
    """

    def __init__(
        self,
        code: str,
        message: str,
        origin: Origin,
        *,
        found: str | None = None,
        allowed: Iterable[str] = (),
        hint: str | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.origin = origin
        self.found = found
        self.allowed = tuple(allowed)
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.origin}: {self.code} {self.message}"
        nearest = nearest_name(self.found, self.allowed)
        if nearest is not None:
            text += f" Did you mean {nearest!r}?"
        elif self.allowed and len(self.allowed) <= 12:
            text += f" Allowed: {', '.join(self.allowed)}."
        if self.hint:
            text += f" {self.hint}"
        return text


class ProjectErrors(ProjectError):
    """All errors of a project that could be found at once, in file order."""

    def __init__(self, errors: Sequence[ProjectError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(first.code, first.message, first.origin)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class EmulatorError(Exception):
    """The emulator cannot do what was asked, through no fault of the project.

    Attributes:
        code: stable, for searching; listed in the README.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


class NotEmulated(EmulatorError):
    """A feature of AWS that the emulator does not have.

    Attributes:
        feature: the name AWS gives it.
    """

    def __init__(self, feature: str) -> None:
        super().__init__("E001", f"{feature} is not emulated.")
        self.feature = feature


def nearest_name(found: str | None, allowed: Iterable[str]) -> str | None:
    """Give the allowed name most like `found`, None when none comes near.

    Differences in case alone always count as near.
    """
    if found is None:
        return None
    names = list(allowed)
    for name in names:
        if name.lower() == found.lower():
            return name
    close = difflib.get_close_matches(found, names, n=1, cutoff=0.6)
    return close[0] if close else None
