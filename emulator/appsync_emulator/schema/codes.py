"""The codes of everything that can be wrong with a user's GraphQL schema.

A code stays with its meaning for ever, so that searching for it finds old answers too.
"""

SYNTAX = "P200"
NOT_ALLOWED = "P201"
DUPLICATE = "P202"
UNKNOWN_TYPE = "P203"
DIRECTIVE = "P204"
NO_QUERY = "P205"
TYPE_SYSTEM = "P206"
TOO_LARGE = "P207"
SUBSCRIPTION_MUTATION = "P210"
SUBSCRIPTION_TYPE = "P211"
DEFAULT_IGNORED = "P215"
RESOLVER_TYPE = "P220"
RESOLVER_FIELD = "P221"
RESOLVER_DATA_SOURCE = "P222"
RESOLVER_FUNCTION = "P223"

CODES = {
    SYNTAX: "The schema is not a document that AppSync can parse.",
    NOT_ALLOWED: "The schema defines something that AppSync does not let one define.",
    DUPLICATE: "The schema defines a name twice.",
    UNKNOWN_TYPE: "The schema names a type that it does not define.",
    DIRECTIVE: "A directive is unknown, or is not used as AppSync defines it.",
    NO_QUERY: "The schema has no query type.",
    TYPE_SYSTEM: "The schema breaks a rule of GraphQL's type system.",
    TOO_LARGE: "The schema is larger than AppSync's 1 MB.",
    SUBSCRIPTION_MUTATION: "A subscription follows a mutation that does not exist.",
    SUBSCRIPTION_TYPE: "A subscription and its mutation have different output types.",
    DEFAULT_IGNORED: "A default value of the schema that AppSync will not use; a "
    "warning.",
    RESOLVER_TYPE: "A resolver is for a type that the schema does not have.",
    RESOLVER_FIELD: "A resolver is for a field that its type does not have.",
    RESOLVER_DATA_SOURCE: "A resolver or function uses a data source that the API "
    "does not have.",
    RESOLVER_FUNCTION: "A pipeline uses a function that the API does not have.",
}
"""Each code and what it stands for, one sentence each."""
