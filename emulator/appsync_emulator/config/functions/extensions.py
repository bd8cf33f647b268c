"""The switch that some functions wait for: the transform AWS::LanguageExtensions."""

from appsync_emulator.config.codes import TRANSFORM
from appsync_emulator.config.node import Node
from appsync_emulator.config.template.scope import Scope


def need_extensions(scope: Scope, feature: str, call: Node) -> None:
    """Refuse `feature` in a template without the transform, as AWS does.

    Raises:
        ProjectError: the template does not declare the transform.
    """
    if not scope.stack.language_extensions:
        raise scope.wrong(
            f"{feature} needs the transform AWS::LanguageExtensions.",
            call,
            TRANSFORM,
            hint="Add `Transform: AWS::LanguageExtensions` to the template.",
        )
