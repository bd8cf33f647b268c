"""The code of a resolver or an AppSync function: JavaScript, templates or none."""

from appsync_emulator.config.codes import COMBINATION
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import TEXT, Block, Shape, choice, integer
from appsync_emulator.model import Code

_RUNTIME = Block(
    {"Name": choice("APPSYNC_JS"), "RuntimeVersion": choice("1.0.0")},
    required=("Name", "RuntimeVersion"),
)
_SYNC = Block(
    {
        "ConflictDetection": choice("NONE", "VERSION"),
        "ConflictHandler": choice(
            "NONE", "AUTOMERGE", "LAMBDA", "OPTIMISTIC_CONCURRENCY"
        ),
        "LambdaConflictHandlerConfig": Block({"LambdaConflictHandlerArn": TEXT}),
    },
    required=("ConflictDetection",),
)

CODE_PROPERTIES: dict[str, Shape] = {
    "Code": TEXT,
    "CodeS3Location": TEXT,
    "MaxBatchSize": integer(0, 2000),
    "RequestMappingTemplate": TEXT,
    "RequestMappingTemplateS3Location": TEXT,
    "ResponseMappingTemplate": TEXT,
    "ResponseMappingTemplateS3Location": TEXT,
    "Runtime": _RUNTIME,
    "SyncConfig": _SYNC,
}
"""The properties that resolvers and functions have in common."""


def read_code(reading: Reading) -> Code:
    """Give the code; it may be empty, which means a direct Lambda resolver.

    Raises:
        ProjectError: JavaScript and templates are mixed, or one without the other half.
    """
    code = reading.text("Code", "CodeS3Location")
    request = reading.text("RequestMappingTemplate", "RequestMappingTemplateS3Location")
    response = reading.text(
        "ResponseMappingTemplate", "ResponseMappingTemplateS3Location"
    )
    if "Runtime" in reading.nodes:
        if code is None:
            message = "The runtime APPSYNC_JS needs Code or CodeS3Location."
            raise reading.wrong(COMBINATION, message, "Runtime")
        if request is not None or response is not None:
            message = "The runtime APPSYNC_JS has no mapping templates."
            raise reading.wrong(COMBINATION, message, "Runtime")
        return Code("APPSYNC_JS", code=code)
    if code is not None:
        name = "Code" if "Code" in reading.nodes else "CodeS3Location"
        message = f"{name} needs a Runtime with the name APPSYNC_JS."
        raise reading.wrong(COMBINATION, message, name)
    return Code("VTL", request=request, response=response)
