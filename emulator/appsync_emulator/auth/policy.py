"""What IAM policies say of `appsync:GraphQL`.

Source: AppSync developer guide, AWS_IAM authorization; IAM user guide, policy
evaluation logic: what is not allowed is denied, and a Deny beats every Allow.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

ACTION = "appsync:graphql"
_FIELDS = "/types/"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a policy that is about `appsync:GraphQL`.

    Attributes:
        resources: patterns of ARNs.
        inverted: whether it is about all resources but these (`NotResource`).
    """

    effect: Literal["Allow", "Deny"]
    resources: tuple[str, ...]
    inverted: bool = False

    def covers(self, arn: str) -> bool:
        """Tell whether it is about the resource."""
        return self.inverted != any(glob(one).match(arn) for one in self.resources)

    def touches(self, api_arn: str) -> bool:
        """Tell whether it may be about something of an API."""
        if self.inverted:
            return True
        return any(
            glob(one).match(f"{api_arn}/types")
            or glob(one.partition(_FIELDS)[0]).match(api_arn)
            for one in self.resources
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """All that the policies of one caller say."""

    statements: tuple[Statement, ...]

    def allows(self, arn: str) -> bool:
        """Tell whether the field with this ARN may be asked for."""
        effects = {one.effect for one in self.statements if one.covers(arn)}
        return effects == {"Allow"}

    def allows_some(self, api_arn: str) -> bool:
        """Tell whether anything of an API may be asked for."""
        return any(
            one.effect == "Allow" and one.touches(api_arn) for one in self.statements
        )


@lru_cache(maxsize=1024)
def glob(pattern: str) -> re.Pattern[str]:
    """Compile a pattern with IAM's `*` and `?`."""
    parts = (
        {"*": ".*", "?": "."}.get(part, re.escape(part))
        for part in re.split(r"([*?])", pattern)
    )
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


def read_policy(documents: Iterable[Any]) -> Policy:
    """Take what is about `appsync:GraphQL` from policy documents.

    An Allow with a `Condition` allows nothing here, because conditions are not
    evaluated and nothing may seem to be allowed that is not; a Deny with one denies.
    """
    statements: list[Statement] = []
    for document in documents:
        stated = document.get("Statement") if isinstance(document, Mapping) else None
        for one in _listed(stated):
            made = _statement(one)
            if made is not None:
                statements.append(made)
    return Policy(tuple(statements))


def _statement(given: Any) -> Statement | None:
    if not isinstance(given, Mapping) or not _names_action(given):
        return None
    effect = given.get("Effect")
    if effect != "Deny" and (effect != "Allow" or given.get("Condition")):
        return None
    inverted = "NotResource" in given
    resources = _listed(given.get("NotResource" if inverted else "Resource"))
    texts = tuple(one for one in resources if isinstance(one, str))
    return Statement("Deny" if effect == "Deny" else "Allow", texts, inverted)


def _names_action(given: Mapping[str, Any]) -> bool:
    inverted = "NotAction" in given
    actions = _listed(given.get("NotAction" if inverted else "Action"))
    # Actions have no case (IAM user guide, Action).
    named = any(
        isinstance(one, str) and glob(one.lower()).match(ACTION) for one in actions
    )
    return named != inverted


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
