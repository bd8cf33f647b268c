"""The command `appsync-emulator`.

Exit codes: 0 for a normal end, 1 when the emulator failed, 2 when the project or the
command line is wrong.
"""

import sys
from collections.abc import Callable
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import click

from appsync_emulator import __version__
from appsync_emulator.errors import EmulatorError, ProjectError
from appsync_emulator.settings import (
    Settings,
    environment_name,
    from_environment,
    option_name,
)

PROJECT_WRONG = 2
TEMPLATES = click.argument(
    "templates", nargs=-1, type=click.Path(path_type=Path), metavar="[TEMPLATE]..."
)


def option(about: Field[Any]) -> Callable[[Any], Any]:
    """Make the option of one setting."""
    default = about.default
    sentence = about.metadata["sentence"]
    unit = about.metadata["unit"]
    shown = f"{default} {unit}".strip() if default not in ("", ()) else ""
    notes = [f"default {shown}"] if shown else []
    if isinstance(default, tuple):
        notes.append("may be repeated")
    help_ = f"{sentence} [{', '.join([*notes, environment_name(about.name)])}]"
    return click.option(
        option_name(about.name),
        about.name,
        type=str if isinstance(default, tuple) else type(default),
        multiple=isinstance(default, tuple),
        default=None,
        metavar=about.metadata["metavar"] or None,
        help=help_,
    )


def all_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option per setting."""
    for about in reversed(fields(Settings)):
        command = option(about)(command)
    return command


def some_settings(*names: str) -> Callable[[Callable[..., Any]], Any]:
    """Give a command the options of a few settings."""

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        for about in reversed(fields(Settings)):
            if about.name in names:
                command = option(about)(command)
        return command

    return give


def settings_of(given: dict[str, Any]) -> Settings:
    """Put together options, environment and defaults, in that order.

    Raises:
        click.UsageError: a value is not what its setting may be.
    """
    options = {name: value for name, value in given.items() if value not in (None, ())}
    try:
        return Settings(**{**from_environment(), **options})
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="appsync-emulator")
def main() -> None:
    """Run AWS AppSync on this machine."""


@main.command()
@TEMPLATES
@all_settings
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    help="Write port, CA and APIs as JSON into this file once requests are served.",
)
def start(templates: tuple[Path, ...], ready_file: Path | None, **given: Any) -> None:
    """Serve the APIs of one or more templates.

    Without TEMPLATE the one in the current folder is taken.
    """
    from appsync_emulator.process import run_server

    settings = settings_of(given)
    guarded(lambda: run_server(templates, settings, ready_file))


@main.command()
@TEMPLATES
@all_settings
def check(templates: tuple[Path, ...], **given: Any) -> None:
    """Load templates, schemas and resolvers and report, without serving."""
    from appsync_emulator.process import check_project

    settings = settings_of(given)
    guarded(lambda: check_project(templates, settings))


@main.command()
@TEMPLATES
@click.option(
    "--template",
    "more",
    type=click.Path(path_type=Path),
    multiple=True,
    help="The same as TEMPLATE.",
)
@click.option("--user", required=True, help="Whom the token is for.")
@click.option("--group", "groups", multiple=True, help="A group of the user.")
@click.option(
    "--claim",
    "claims",
    multiple=True,
    metavar="NAME=VALUE",
    help="A further claim, or another value for one; VALUE is JSON, else text.",
)
@click.option("--api", help="Name or id of the API; the first that trusts tokens.")
@click.option("--issuer", help="User pool or issuer; the API's first.")
@click.option("--client", help="Id or name of the app client; the pool's first.")
@click.option(
    "--expires",
    type=float,
    metavar="SECONDS",
    help="How long the token holds, also below 0; what the app client says.",
)
@click.option(
    "--id/--access",
    "is_id",
    default=False,
    help="Which of the two tokens of a user pool; the access token.",
)
@some_settings(
    *("host", "port", "region", "account_id", "stack_name", "parameter"),
    *("local_issuer", "data_dir"),
)
def token(
    templates: tuple[Path, ...], more: tuple[Path, ...], is_id: bool, **given: Any
) -> None:
    """Print a token that the APIs of the templates let in.

    It is of a user pool of the templates, or of an issuer of --local-issuer. No server
    has to run; give the settings that the server is started with.
    """
    from appsync_emulator.tokencommand import Wanted, print_token

    names = ("user", "groups", "claims", "api", "issuer", "client", "expires")
    about = {name: given.pop(name) for name in names}
    wanted = Wanted(**about, use="id" if is_id else "access")
    settings = settings_of(given)
    guarded(lambda: print_token((*templates, *more), settings, wanted))


@main.command()
@all_settings
def demo(**given: Any) -> None:
    """Show the streaming loop: an answer of null at once, then its tokens."""
    from appsync_emulator.process import run_the_demo

    settings = settings_of({"port": 0, **_without_none(given)})
    guarded(lambda: run_the_demo(settings))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--context",
    default="{}",
    metavar="FILE",
    help="The context object as JSON: a file, - for the standard input, or the JSON "
    "itself; empty when not given.",
)
@click.option(
    "--function",
    type=click.Choice(["request", "response"]),
    default="request",
    help="Which handler of the code to evaluate.",
)
@click.option(
    "--runtime",
    type=click.Choice(["APPSYNC_JS", "VTL"]),
    help="The language; told by the ending of FILE when not given.",
)
def evaluate(file: Path, context: str, function: Any, runtime: Any) -> None:
    """Evaluate one handler of resolver code, or a mapping template, alone.

    Prints what `aws appsync evaluate-code` prints, without AWS or a server. Ends with
    code 1 when the evaluation has an error.
    """
    from appsync_emulator.evaluatefile import run_evaluation

    guarded(lambda: run_evaluation(file, context, function, runtime))


def _without_none(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def guarded(work: Callable[[], int]) -> None:
    """Run a command and end with its exit code, or with what went wrong."""
    try:
        code = work()
    except ProjectError as error:
        print(error, file=sys.stderr)
        code = PROJECT_WRONG
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except EmulatorError as error:
        print(error, file=sys.stderr)
        code = 1
    sys.exit(code)
