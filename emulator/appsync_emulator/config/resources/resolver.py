"""AWS::AppSync::Resolver."""

from appsync_emulator.config.codes import COMBINATION, PROPERTY_MISSING
from appsync_emulator.config.resources.code import CODE_PROPERTIES, read_code
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import (
    TEXT,
    TEXTS,
    UNREAD,
    Block,
    Scalar,
    choice,
)
from appsync_emulator.model import Resolver

SHAPE = Block(
    {
        **CODE_PROPERTIES,
        "ApiId": TEXT,
        "CachingConfig": Block(
            {"CachingKeys": TEXTS, "Ttl": Scalar("number", least=1, most=3600)},
            required=("Ttl",),
        ),
        "DataSourceName": TEXT,
        "FieldName": TEXT,
        "Kind": choice("UNIT", "PIPELINE"),
        "MetricsConfig": UNREAD,
        "PipelineConfig": Block({"Functions": TEXTS}),
        "TypeName": TEXT,
    },
    required=("ApiId", "TypeName", "FieldName"),
)


def read(reading: Reading) -> Resolver:
    """Give the resolver.

    Raises:
        ProjectError: its kind and its other properties contradict each other, or its
            code cannot be read.
    """
    values = reading.values
    kind = values.get("Kind", "UNIT")
    data_source = values.get("DataSourceName")
    pipeline = values.get("PipelineConfig")
    if kind == "UNIT" and data_source is None:
        message = "A UNIT resolver needs DataSourceName."
        raise reading.wrong(PROPERTY_MISSING, message)
    if kind == "UNIT" and pipeline is not None:
        message = "A UNIT resolver has no PipelineConfig; should its Kind be PIPELINE?"
        raise reading.wrong(COMBINATION, message, "PipelineConfig")
    if kind == "PIPELINE" and data_source is not None:
        message = "A PIPELINE resolver has no DataSourceName; its functions have."
        raise reading.wrong(COMBINATION, message, "DataSourceName")
    return Resolver(
        type_name=values["TypeName"],
        field_name=values["FieldName"],
        kind=kind,
        code=read_code(reading),
        origin=reading.origin,
        data_source=data_source,
        functions=tuple((pipeline or {}).get("Functions", ())),
        max_batch_size=values.get("MaxBatchSize", 0),
        caching=values.get("CachingConfig"),
    )
