"""AWS::AppSync::DataSource."""

import re

from appsync_emulator.config.codes import COMBINATION, PROPERTY_VALUE
from appsync_emulator.config.ids import function_name
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import FLAG, TEXT, UNREAD, Block, choice
from appsync_emulator.model import DataSourceConfig

_ENDPOINT = Block({"AwsRegion": TEXT, "Endpoint": TEXT}, ("AwsRegion", "Endpoint"))
_DELTA = {"BaseTableTTL": TEXT, "DeltaSyncTableName": TEXT, "DeltaSyncTableTTL": TEXT}
_DYNAMODB = Block(
    {
        "AwsRegion": TEXT,
        "DeltaSyncConfig": Block(_DELTA, tuple(_DELTA)),
        "TableName": TEXT,
        "UseCallerCredentials": FLAG,
        "Versioned": FLAG,
    },
    required=("AwsRegion", "TableName"),
)
_HTTP = Block(
    {
        "AuthorizationConfig": Block(
            {
                "AuthorizationType": choice("AWS_IAM"),
                "AwsIamConfig": Block(
                    {"SigningRegion": TEXT, "SigningServiceName": TEXT}
                ),
            },
            required=("AuthorizationType",),
        ),
        "Endpoint": TEXT,
    },
    required=("Endpoint",),
)
_RELATIONAL = Block(
    {
        "RdsHttpEndpointConfig": Block(
            {
                "AwsRegion": TEXT,
                "AwsSecretStoreArn": TEXT,
                "DatabaseName": TEXT,
                "DbClusterIdentifier": TEXT,
                "Schema": TEXT,
            },
            required=("AwsRegion", "AwsSecretStoreArn", "DbClusterIdentifier"),
        ),
        "RelationalDatabaseSourceType": choice("RDS_HTTP_ENDPOINT"),
    },
    required=("RelationalDatabaseSourceType",),
)

_BLOCKS = {
    "AWS_LAMBDA": "LambdaConfig",
    "AMAZON_DYNAMODB": "DynamoDBConfig",
    "HTTP": "HttpConfig",
    "RELATIONAL_DATABASE": "RelationalDatabaseConfig",
    "AMAZON_OPENSEARCH_SERVICE": "OpenSearchServiceConfig",
    "AMAZON_ELASTICSEARCH": "ElasticsearchConfig",
    "AMAZON_EVENTBRIDGE": "EventBridgeConfig",
    "AMAZON_BEDROCK_RUNTIME": None,
    "NONE": None,
}
"""The types, and the block that holds a type's settings."""

SHAPE = Block(
    {
        "ApiId": TEXT,
        "Description": UNREAD,
        "DynamoDBConfig": _DYNAMODB,
        "ElasticsearchConfig": _ENDPOINT,
        "EventBridgeConfig": Block({"EventBusArn": TEXT}, required=("EventBusArn",)),
        "HttpConfig": _HTTP,
        "LambdaConfig": Block({"LambdaFunctionArn": TEXT}, ("LambdaFunctionArn",)),
        "MetricsConfig": UNREAD,
        "Name": TEXT,
        "OpenSearchServiceConfig": _ENDPOINT,
        "RelationalDatabaseConfig": _RELATIONAL,
        "ServiceRoleArn": UNREAD,
        "Type": choice(*_BLOCKS),
    },
    required=("ApiId", "Name", "Type"),
)

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")


def read(reading: Reading) -> DataSourceConfig:
    """Give the data source.

    Raises:
        ProjectError: the settings of its type are missing, or no function's ARN.
    """
    values = reading.values
    if not _NAME.fullmatch(values["Name"]):
        message = (
            f"Name cannot be {values['Name']!r}: a letter or _ comes first, then "
            "letters, digits and _."
        )
        raise reading.wrong(PROPERTY_VALUE, message, "Name")
    block = _BLOCKS[values["Type"]]
    if block is not None and block not in values:
        message = f"A data source of type {values['Type']} needs {block}."
        raise reading.wrong(COMBINATION, message, "Type")
    settings = values[block] if block is not None else {}
    function = None
    if block == "LambdaConfig":
        function = settings["LambdaFunctionArn"]
        if not function.startswith("arn:") or function_name(function) is None:
            message = (
                f"{function!r} is no ARN of a Lambda function; !GetAtt Name.Arn gives "
                "the one of a function in the template."
            )
            raise reading.wrong(PROPERTY_VALUE, message, "LambdaConfig")
        settings = {}
    return DataSourceConfig(
        name=values["Name"],
        type=values["Type"],
        origin=reading.origin,
        function=function,
        settings=settings,
    )
