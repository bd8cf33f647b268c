"""AWS::AppSync::FunctionConfiguration."""

from appsync_emulator.config.resources.code import CODE_PROPERTIES, read_code
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import TEXT, UNREAD, Block
from appsync_emulator.model import FunctionConfig

SHAPE = Block(
    {
        **CODE_PROPERTIES,
        "ApiId": TEXT,
        "DataSourceName": TEXT,
        "Description": UNREAD,
        # AppSync knows one version; it was required before JavaScript came.
        "FunctionVersion": TEXT,
        "Name": TEXT,
    },
    required=("ApiId", "DataSourceName", "Name"),
)


def read(reading: Reading) -> FunctionConfig:
    """Give the function.

    Raises:
        ProjectError: its code cannot be read.
    """
    values = reading.values
    return FunctionConfig(
        id=reading.resource.id(),
        name=values["Name"],
        data_source=values["DataSourceName"],
        code=read_code(reading),
        origin=reading.origin,
        max_batch_size=values.get("MaxBatchSize", 0),
    )
