"""Mapping templates: Velocity 1.7 as AppSync offers it, compiled to Python."""

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.handler import TemplateHandler


def compile_template(text: str, *, response: bool = False) -> TemplateHandler:
    """Compile a mapping template once, to be evaluated many times.

    Args:
        text: the template.
        response: whether it is a response template; the error of one that prints no
            JSON has other words.

    Returns:
        A `Handler`; calling it gives the JSON value of what the template prints.

    Raises:
        TemplateRejected: Velocity cannot parse it. AppSync accepts such a template and
            fails when it is used, with the message of this exception and the error type
            `MappingTemplate`.
    """
    return TemplateHandler(text, response=response)


def render(template: str | TemplateHandler, context: Context) -> str:
    """Give the text that a template prints, as the evaluate API does.

    Raises:
        TemplateRejected: Velocity cannot parse it.
        EvaluationError: it failed.
        EarlyReturn: it asked to leave.
    """
    handler = compile_template(template) if isinstance(template, str) else template
    return handler.render(context)


__all__ = ["TemplateHandler", "compile_template", "render"]
