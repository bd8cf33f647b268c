"""Validation of documents as the engine behind AppSync does it.

AppSync runs graphql-java of 2018 (its introspection shows the experimental `@defer` of
version 11, and its messages are of that time). Which rules there are, what they accept
and what they print is that engine's, so graphql-core's own rules are not used: they
accept and refuse other things, and say it in other words.

    document    operations, their names, and all rules in order
    selections  fields, their arguments and sub-selections, fragments in place
    values      literals against input types
    directives  known, allowed at their place, once, with the right arguments
    fragments   unused and circular fragments, and how large a document really is
    uses        what each definition uses, noted on the way
    variables   definitions, uses and types of variables
    conflicts   fields of one response key that cannot be merged
    findings    the errors, in AppSync's shape
    java        how graphql-java prints literals and types

What the engine of that time does not check, while newer ones and graphql-core do:
arguments, input fields and variables that are written twice, and several root fields
of a subscription. It does not skip a document's other rules when one is broken.
"""

from appsync_emulator.execution.validation.document import Validation

__all__ = ["Validation"]
