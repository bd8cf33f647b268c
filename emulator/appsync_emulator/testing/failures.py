"""What a test is told when something does not come."""

from collections.abc import Mapping, Sequence
from typing import Any


class WaitFailed(AssertionError):
    """Something that was waited for did not come; the message tells all that did."""


class SubscriptionRefused(Exception):
    """AppSync did not let a subscription begin.

    Attributes:
        errors: as AppSync sent them.
    """

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("; ".join(map(_sentence, errors)))
        self.errors = list(errors)

    @property
    def error_type(self) -> str:
        """The `errorType` of the first error; empty without one."""
        return str(self.errors[0].get("errorType", "")) if self.errors else ""


def _sentence(error: Mapping[str, Any]) -> str:
    return f"{error.get('errorType', 'error')}: {error.get('message', '')}"
