"""AWS::AppSync::GraphQLSchema."""

from appsync_emulator.config.codes import PROPERTY_MISSING
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import TEXT, Block
from appsync_emulator.types import Text

SHAPE = Block(
    {"ApiId": TEXT, "Definition": TEXT, "DefinitionS3Location": TEXT},
    required=("ApiId",),
)


def read(reading: Reading) -> Text:
    """Give the schema's text.

    Raises:
        ProjectError: there is none, or its file cannot be read.
    """
    text = reading.text("Definition", "DefinitionS3Location")
    if text is None:
        message = (
            "AWS::AppSync::GraphQLSchema needs Definition or DefinitionS3Location."
        )
        raise reading.wrong(PROPERTY_MISSING, message)
    return text
