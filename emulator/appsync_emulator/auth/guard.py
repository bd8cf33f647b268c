"""Which fields a caller may access.

Source: AppSync developer guide, authorization, additional authorization modes. A field
without directives takes those of its type; without either it is for callers of the
API's default mode alone. A directive takes the place of the default mode, it does not
add to it. That holds for every object type on the way: a type whose fields are returned
to a caller has to let the caller in too.

Where user pools are the only mode, `@aws_auth` takes the place of all this. It is
looked at, as is the pool's `DefaultAction`, on fields of the root types only (observed:
aws-appsync-community #275, serverless-appsync-plugin #510).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from appsync_emulator.auth.caller import Rights
from appsync_emulator.model import Api
from appsync_emulator.schema.authorization import AuthRule

Rules = Mapping[tuple[str, str | None], tuple[AuthRule, ...]]

POOLS = "AMAZON_COGNITO_USER_POOLS"
ROOTS = ("Query", "Mutation", "Subscription")


class Guard:
    """Tells which fields of one API a caller may access.

    Args:
        api: its authorization modes.
        rules: by (type name, field name); of the type itself under None.
        arn: of the API, for what policies say.
        roots: names of the root types.
    """

    def __init__(
        self,
        api: Api,
        rules: Rules,
        arn: str = "",
        roots: Collection[str] = ROOTS,
    ) -> None:
        self._default = api.auth.type
        modes = {provider.type for provider in (api.auth, *api.additional_auth)}
        # The guide: `@aws_auth` works only where user pools are the only mode.
        self._pools_alone = modes == {POOLS}
        self._arn = arn
        self._roots = frozenset(roots)
        self._rules = {
            place: self._counting(place, found) for place, found in rules.items()
        }

        self._groups = frozenset(
            group
            for found in self._rules.values()
            for rule in found
            for group in rule.groups or ()
        )

    def relevant(self, rights: Rights) -> Rights:
        """Give rights without the groups that no directive names.

        So that users share plans whose groups differ in what does not matter, such as
        their tenant.
        """
        groups = rights.groups & self._groups
        if len(groups) == len(rights.groups):
            return rights
        return replace(rights, groups=groups)

    def _counting(
        self, place: tuple[str, str | None], found: Iterable[AuthRule]
    ) -> list[AuthRule]:
        """Leave out `@aws_auth` where AppSync does not look at it."""
        looked_at = self._pools_alone and place[0] in self._roots
        return [one for one in found if looked_at or one.directive != "aws_auth"]

    def admits(self, rights: Rights, type_name: str, field_name: str) -> bool:
        """Tell whether somebody with these rights may access a field."""
        if rights.denied and f"{type_name}.{field_name}" in rights.denied:
            return False
        if type_name in self._roots and self.policy_denies(
            rights, type_name, field_name
        ):
            return False
        rules = self._rules.get((type_name, field_name))
        rules = rules or self._rules.get((type_name, None))
        if rules:
            return any(_admitted(rule, rights) for rule in rules)
        if rights.mode != self._default:
            return False
        return not (rights.default_deny and type_name in self._roots)

    def policy_denies(self, rights: Rights, type_name: str, field_name: str) -> bool:
        """Tell whether IAM policies keep somebody from a field of a root type."""
        if rights.policy is None:
            return False
        arn = f"{self._arn}/types/{type_name}/fields/{field_name}"
        return not rights.policy.allows(arn)


def _admitted(rule: AuthRule, rights: Rights) -> bool:
    if rule.mode != rights.mode:
        return False
    return rule.groups is None or not rights.groups.isdisjoint(rule.groups)
