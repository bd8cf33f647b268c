"""NONE: the payload of the request is the result.

Source: AppSync developer guide, resolver reference for a NONE data source.
"""

from appsync_emulator.datasources.datasource import Scope, Step, object_document
from appsync_emulator.types import JSON


class NoneDataSource:
    """A data source that calls nothing."""

    def invoke(self, document: JSON, step: Step, scope: Scope) -> JSON:  # noqa: ARG002
        """Give the `payload`, None when there is none."""
        return object_document(document).get("payload")
