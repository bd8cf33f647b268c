"""Loads templates: the one entry to this package."""

from collections.abc import Sequence
from pathlib import Path

from appsync_emulator.config.assemble import assemble
from appsync_emulator.config.codes import PARAMETER_NAME, STRUCTURE
from appsync_emulator.config.deployment import Deployment
from appsync_emulator.config.find import file_name, locate, stack_name
from appsync_emulator.config.project import Project
from appsync_emulator.errors import ProjectError, nearest_name
from appsync_emulator.model import Application
from appsync_emulator.types import Origin


def load(paths: Sequence[Path], deployment: Deployment) -> Application:
    """Make the application that the templates deploy.

    Args:
        paths: templates, or folders with one; each is a stack, and
            `Fn::ImportValue` finds what the others export.
        deployment: where they are deployed, and with which parameters.

    Raises:
        ProjectError: a template is wrong; `ProjectErrors` when several things are.
    """
    project = Project(deployment)
    templates = []
    for path in paths:
        with project.problems.collect():
            templates.append(locate(Path(path)))
    application = Application()
    try:
        for template, name in zip(
            templates, _names(templates, deployment.stack_name), strict=True
        ):
            with project.problems.collect():
                project.add(template, name)
        application = assemble(project)
        if len(project.documents) == len(paths):  # else some names are not known
            _check_parameters(project)
    except RecursionError:
        message = "Parts of the templates depend on each other too deeply."
        origin = Origin(str(templates[0]))
        project.problems.add(ProjectError(STRUCTURE, message, origin))
    project.problems.raise_any()
    return application


def _names(templates: Sequence[Path], given: str) -> list[str]:
    """Give each stack a name of its own; the ids of everything come from it."""
    names: list[str] = []
    for template in templates:
        name = given or stack_name(template)
        if name in names:
            name = f"{name}-{file_name(template)}"
        while name in names:
            name += "-2"
        names.append(name)
    return names


def _check_parameters(project: Project) -> None:
    """Refuse values for parameters that no template has.

    While other things are wrong, a name that is not nearly a parameter's may be that of
    an export, which nobody has come to ask for.
    """
    wrong = project.problems.any
    declared = project.parameter_names()
    for name in project.deployment.parameters:
        if name in declared or name in project.imports:
            continue
        if wrong and nearest_name(name, declared) is None:
            continue
        error = ProjectError(
            PARAMETER_NAME,
            f"Parameters: [{name}] do not exist in the template.",
            Origin(project.documents[0].source),
            found=name,
            allowed=declared,
        )
        project.problems.add(error)
