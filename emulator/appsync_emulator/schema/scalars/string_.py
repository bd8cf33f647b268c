"""`String`: any text.

graphql-java calls `toString` on whatever it gets, as input and as output: a number
becomes its digits and an object becomes Java's `{a=1}`, which surprises everyone who
forgot `$util.toJson` once.
"""

from appsync_emulator.schema.scalars.scalar import Scalar, java_text, string_literal
from appsync_emulator.types import JSON


def coerce(value: JSON) -> str:
    """Give `value` as Java writes it.

    Raises:
        ScalarError: it is nested too deeply.
    """
    return value if value.__class__ is str else java_text(value)


STRING = Scalar(
    name="String",
    description="A sequence of UTF-8 characters.",
    parse=coerce,
    parse_literal=string_literal(coerce),
    serialize=coerce,
    fast_class=str,
    fast_input=str,
)
