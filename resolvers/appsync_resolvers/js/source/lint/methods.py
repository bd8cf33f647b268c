"""no-disallowed-methods: methods of JavaScript's library that APPSYNC_JS lacks.

Where the owner is unknown to us, the missing method fails at run time instead: the
runtime has removed them all (`runtime/intrinsics.js`).
"""

from collections.abc import Iterator

from appsync_resolvers.js.source.lint.file import File, Finding
from appsync_resolvers.js.source.words import words

# As the plugin lists them, less what it lists under an interface that has no such
# method (`String.fromCharCode`, `Array.from`, …): those never match.
DENIED = frozenset(
    {
        f"{owner}.{name}"
        for owner, names in {
            "Array": "copyWithin entries keys toLocaleString toString values",
            "Date": (
                "setDate setFullYear setHours setMilliseconds setMinutes setMonth"
                " setSeconds setTime setUTCDate setUTCFullYear setUTCHours"
                " setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds"
                " toLocaleDateString toLocaleString toLocaleTimeString"
            ),
            "ObjectConstructor": (
                "create defineProperties defineProperty freeze getOwnPropertyDescriptor"
                " getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols"
                " getPrototypeOf is isExtensible isFrozen isSealed preventExtensions"
                " seal setPrototypeOf"
            ),
            "String": (
                "charCodeAt localeCompare matchAll padEnd padStart repeat search"
                " toLocaleLowerCase toLocaleUpperCase valueOf"
            ),
        }.items()
        for name in words(names)
    }
)


def no_disallowed_methods(file: File) -> Iterator[Finding]:
    """Find calls of methods that are not implemented."""
    for call in file.tree.all("call_expression"):
        method = file.kinds.method(call)
        if method in DENIED:
            message = f"Method {method} is not implemented"
            yield Finding("no-disallowed-methods", message, call)
