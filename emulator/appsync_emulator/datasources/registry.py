"""Which class serves which type of data source."""

from collections.abc import Coroutine
from typing import Any

from appsync_emulator.datasources.datasource import DataSource, Scope, Step
from appsync_emulator.datasources.lambda_ import LambdaDataSource
from appsync_emulator.datasources.none import NoneDataSource
from appsync_emulator.errors import NotEmulated
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import DataSourceConfig
from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError


def make_data_source(config: DataSourceConfig, lambdas: Lambdas) -> DataSource:
    """Give what serves a declared data source."""
    if config.type == "NONE":
        return NoneDataSource()
    if config.type == "AWS_LAMBDA" and config.function is not None:
        return LambdaDataSource(config.function, lambdas)
    return MissingDataSource(config)


class MissingDataSource:
    """A type of data source that is not emulated: every call says so."""

    def __init__(self, config: DataSourceConfig) -> None:
        self.feature = NotEmulated(f"The data source type {config.type}")

    def invoke(
        self,
        document: JSON,  # noqa: ARG002
        step: Step,  # noqa: ARG002
        scope: Scope,  # noqa: ARG002
    ) -> JSON | Coroutine[Any, Any, JSON]:
        """Refuse, naming the type."""
        raise EvaluationError(str(self.feature), "NotEmulated")
