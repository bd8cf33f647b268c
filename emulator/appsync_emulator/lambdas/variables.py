"""The environment variables of a function."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from appsync_emulator.lambdas.invocation import LATEST
from appsync_emulator.lambdas.runners.language import BOOTSTRAP
from appsync_emulator.model import LambdaFunction

BASICS = ("PATH", "HOME", "USER", "LOGNAME", "LD_LIBRARY_PATH")
"""What functions get of the emulator's own environment: without these an interpreter
may not even start. Everything else there is the developer's and stays out, as nothing
of it would be on AWS."""


def basics(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give the part of the emulator's environment that functions get."""
    return {name: environ[name] for name in BASICS if name in environ}


def function_variables(
    function: LambdaFunction, region: str, extra: Mapping[str, str]
) -> dict[str, str]:
    """Give what all environments of a function have in common.

    Args:
        function: its own variables win over Lambda's defaults.
        region: of the function.
        extra: variables for all functions; they win over the function's own, so that a
            template need not be changed for local runs.

    See "Defined runtime environment variables" in the Lambda developer guide. The
    credentials are made up: SDKs insist on some, and real ones must not be found.
    """
    return {
        **basics(),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "ASIAEMULATOREMULATOR",
        "AWS_SECRET_ACCESS_KEY": "emulator",
        "AWS_SESSION_TOKEN": "emulator",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        **function.environment,
        **extra,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": LATEST,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "_HANDLER": function.handler,
        "LAMBDA_RUNTIME_DIR": str(BOOTSTRAP),
    }


def environment_variables(root: Path, temporary: Path, address: str) -> dict[str, str]:
    """Give what differs from one environment of a function to the next.

    Args:
        root: the task root.
        temporary: stands for `/tmp`.
        address: host and port of the Runtime API.
    """
    return {
        "LAMBDA_TASK_ROOT": str(root),
        "PWD": str(root),
        "TMPDIR": str(temporary),
        "AWS_LAMBDA_RUNTIME_API": address,
    }


def log_stream_name() -> str:
    """Make the name of a log stream: the day, the version, 32 digits."""
    day = time.strftime("%Y/%m/%d", time.gmtime())
    return f"{day}/[{LATEST}]{os.urandom(16).hex()}"
