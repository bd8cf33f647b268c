"""The codes of everything that can be wrong with a user's template.

A code stays with its meaning for ever, so that searching for it finds old answers too.
"""

NO_TEMPLATE = "P100"
UNREADABLE = "P101"
MALFORMED = "P102"
OTHER_FORMAT = "P103"
STRUCTURE = "P104"
TRANSFORM = "P105"
SAM = "P106"
FUNCTION_USE = "P110"
FUNCTION_NAME = "P111"
REFERENCE = "P112"
ATTRIBUTE = "P113"
CIRCULAR = "P114"
CONDITION = "P115"
MAPPING = "P116"
IMPORT = "P117"
PARAMETER_MISSING = "P120"
PARAMETER_VALUE = "P121"
PARAMETER_NAME = "P122"
RESOURCE_TYPE = "P130"
PROPERTY_NAME = "P131"
PROPERTY_MISSING = "P132"
PROPERTY_VALUE = "P133"
COMBINATION = "P134"
DUPLICATE = "P135"
FILE = "P140"
PACKAGED = "P141"
NOT_EMULATED = "P150"

CODES = {
    NO_TEMPLATE: "No template was found where one was looked for.",
    UNREADABLE: "A file or folder of the project cannot be read.",
    MALFORMED: "A file is not well-formed YAML or JSON.",
    OTHER_FORMAT: "A file is no CloudFormation template but something else.",
    STRUCTURE: "A part of the template does not have the form CloudFormation wants.",
    TRANSFORM: "A transform of the template is not known or cannot be run.",
    SAM: "The SAM transform refuses the template.",
    FUNCTION_USE: "An intrinsic function has the wrong arguments or stands in a place "
    "where it is not allowed.",
    FUNCTION_NAME: "There is no intrinsic function of that name.",
    REFERENCE: "Something refers to a name that is nothing in the template.",
    ATTRIBUTE: "Fn::GetAtt asks for an attribute that the resource does not have.",
    CIRCULAR: "Parts of the template depend on each other in a circle.",
    CONDITION: "There is no condition of that name.",
    MAPPING: "Fn::FindInMap looks for something that Mappings does not have.",
    IMPORT: "Fn::ImportValue wants an export that no template of the call has.",
    PARAMETER_MISSING: "A parameter has neither a default nor a given value.",
    PARAMETER_VALUE: "The value of a parameter breaks the parameter's own rules.",
    PARAMETER_NAME: "A value was given for a parameter that does not exist.",
    RESOURCE_TYPE: "There is no such resource type.",
    PROPERTY_NAME: "The resource type has no property of that name.",
    PROPERTY_MISSING: "A property that the resource type requires is missing.",
    PROPERTY_VALUE: "The value of a property is not allowed.",
    COMBINATION: "Properties exclude or need each other.",
    DUPLICATE: "Two parts of the project claim the same name.",
    FILE: "A local file or folder that the template names does not exist.",
    PACKAGED: "The template refers to something in S3 instead of to a local file.",
    NOT_EMULATED: "The template uses a feature of AWS that is not emulated.",
}
"""Each code and what it stands for, one sentence each."""
