"""AWS::Lambda::EventInvokeConfig."""

from appsync_emulator.config.codes import REFERENCE
from appsync_emulator.config.ids import function_name
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import TEXT, Block, integer
from appsync_emulator.types import JSON

# SAM writes an empty DestinationConfig when there is none.
_DESTINATION = Block({"Destination": TEXT}, required=("Destination",))
SHAPE = Block(
    {
        "DestinationConfig": Block(
            {"OnFailure": _DESTINATION, "OnSuccess": _DESTINATION}
        ),
        "FunctionName": TEXT,
        "MaximumEventAgeInSeconds": integer(60, 21_600),
        "MaximumRetryAttempts": integer(0, 2),
        "Qualifier": TEXT,
    },
    required=("FunctionName", "Qualifier"),
)

_KEPT = ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")


def read(reading: Reading) -> tuple[str, dict[str, JSON]]:
    """Give the function's name and its asynchronous configuration.

    Raises:
        ProjectError: FunctionName is no name of a function.
    """
    name = function_name(reading.values["FunctionName"])
    if name is None:
        message = f"{reading.values['FunctionName']!r} is no Lambda function."
        raise reading.wrong(REFERENCE, message, "FunctionName")
    values = reading.values
    return name, {
        key: values[key] for key in _KEPT if values.get(key) not in (None, {})
    }
