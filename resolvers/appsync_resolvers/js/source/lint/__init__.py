"""The rules AWS's `@aws-appsync/eslint-plugin` 2.0.2 checks, with its messages.

A rule is a function from a `File` to the findings in it; this is the list of them. The
save-time check of AppSync applies them all, the type-aware ones included (observed:
`@aws-appsync/no-function-passing: …` as `codeErrors` value).
"""

from collections.abc import Callable, Iterator

from appsync_resolvers.js.source.lint.file import File, Finding
from appsync_resolvers.js.source.lint.functions import (
    no_function_passing,
    no_function_reassign,
    no_function_return,
)
from appsync_resolvers.js.source.lint.methods import no_disallowed_methods
from appsync_resolvers.js.source.lint.reassignment import no_disallowed_re_assignment
from appsync_resolvers.js.source.lint.recursion import no_recursion
from appsync_resolvers.js.source.lint.syntax import no_unsupported_syntax
from appsync_resolvers.js.source.lint.undocumented import not_in_the_documented_language

__all__ = ["RULES", "File", "Finding", "lint"]

RULES: tuple[Callable[[File], Iterator[Finding]], ...] = (
    no_unsupported_syntax,
    no_disallowed_re_assignment,
    no_recursion,
    no_function_passing,
    no_function_return,
    no_function_reassign,
    no_disallowed_methods,
    not_in_the_documented_language,
)


def lint(file: File) -> list[Finding]:
    """Give all findings in a file, in the order of the text."""
    found = [finding for rule in RULES for finding in rule(file)]
    return sorted(found, key=lambda finding: finding.range)
