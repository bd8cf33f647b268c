"""Validation of documents as the engine behind AppSync does it.

AppSync runs graphql-java of 2018 (its introspection shows the experimental `@defer` of
version 11, and its messages are of that time). Which rules there are, what they accept
and what they print is that engine's, so graphql-core's own rules are not used: they
accept and refuse other things, and say it in other words.

    operation          names of operations, definitions that cannot be executed
    fields             fields, their arguments and sub-selections
    values             literals against input types
    directives         directives and where they stand
    fragments          unknown, unused and circular fragments, impossible spreads
    variables          definitions, uses and types of variables
    conflicts          fields of one response key that cannot be merged
    findings           the errors, in AppSync's shape
    java               how graphql-java prints literals and types

What the engine of that time does not check, and newer ones and graphql-core do:
arguments, input fields and variables written twice, several root fields of a
subscription, and a null for a non-null argument that comes from nowhere.
"""

from appsync_emulator.execution.validation.document import Validation

__all__ = ["Validation"]
