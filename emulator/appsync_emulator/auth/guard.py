"""Which fields a caller may access: the schema's authorization directives.

Source: AppSync developer guide, authorization, additional authorization modes. A field
without directives takes those of its type; without either it is for callers of the
API's default mode alone. A directive takes the place of the default mode, it does not
add to it. That holds for every object type on the way: a type whose fields are returned
to a caller has to let the caller in too.
"""

from collections.abc import Mapping

from appsync_emulator.model import Api, AuthType
from appsync_emulator.schema.authorization import AuthRule

Rules = Mapping[tuple[str, str | None], tuple[AuthRule, ...]]


class Guard:
    """Tells which fields of one API a mode lets its callers access.

    Args:
        api: its authorization modes.
        rules: by (type name, field name); of the type itself under None.
    """

    def __init__(self, api: Api, rules: Rules) -> None:
        self._default = api.auth.type
        modes = {provider.type for provider in (api.auth, *api.additional_auth)}
        # The guide: `@aws_auth` works only where user pools are the only mode.
        pools = modes == {"AMAZON_COGNITO_USER_POOLS"}
        self._modes = {
            place: {
                rule.mode for rule in found if pools or rule.directive != "aws_auth"
            }
            for place, found in rules.items()
        }

    def admits(self, mode: AuthType, type_name: str, field_name: str) -> bool:
        """Tell whether callers of a mode may access a field.

        Groups of user pools are not looked at: that mode lets nobody in yet.
        """
        modes = self._modes.get((type_name, field_name))
        modes = modes or self._modes.get((type_name, None))
        return mode in modes if modes else mode == self._default
