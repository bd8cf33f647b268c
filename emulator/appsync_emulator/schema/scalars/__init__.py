"""The scalars of AppSync: GraphQL's five and AWS's nine, one a file.

AppSync knows no others: a schema cannot declare its own.
"""

from collections.abc import Mapping

from appsync_emulator.schema.scalars.aws_date import AWS_DATE
from appsync_emulator.schema.scalars.aws_date_time import AWS_DATE_TIME
from appsync_emulator.schema.scalars.aws_email import AWS_EMAIL
from appsync_emulator.schema.scalars.aws_ip_address import AWS_IP_ADDRESS
from appsync_emulator.schema.scalars.aws_json import AWS_JSON
from appsync_emulator.schema.scalars.aws_phone import AWS_PHONE
from appsync_emulator.schema.scalars.aws_time import AWS_TIME
from appsync_emulator.schema.scalars.aws_timestamp import AWS_TIMESTAMP
from appsync_emulator.schema.scalars.aws_url import AWS_URL
from appsync_emulator.schema.scalars.boolean import BOOLEAN
from appsync_emulator.schema.scalars.float_ import FLOAT
from appsync_emulator.schema.scalars.id_ import ID
from appsync_emulator.schema.scalars.int_ import INT
from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    ScalarError,
    java_class,
    java_text,
)
from appsync_emulator.schema.scalars.string_ import STRING

AWS_SCALARS: Mapping[str, Scalar] = {
    scalar.name: scalar
    for scalar in (
        AWS_DATE,
        AWS_DATE_TIME,
        AWS_EMAIL,
        AWS_IP_ADDRESS,
        AWS_JSON,
        AWS_PHONE,
        AWS_TIME,
        AWS_TIMESTAMP,
        AWS_URL,
    )
}
SCALARS: Mapping[str, Scalar] = {
    **AWS_SCALARS,
    **{scalar.name: scalar for scalar in (BOOLEAN, FLOAT, ID, INT, STRING)},
}

__all__ = [
    "AWS_SCALARS",
    "SCALARS",
    "Scalar",
    "ScalarError",
    "java_class",
    "java_text",
]
