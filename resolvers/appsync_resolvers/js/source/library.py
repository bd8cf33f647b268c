"""What the functions of JavaScript's library give, by TypeScript's interfaces."""

from appsync_resolvers.js.source.words import words

# Interfaces that stand behind a global name.
GLOBALS = {
    "Array": "ArrayConstructor",
    "Date": "DateConstructor",
    "JSON": "JSON",
    "Math": "Math",
    "Number": "NumberConstructor",
    "Object": "ObjectConstructor",
    "Promise": "PromiseConstructor",
    "String": "StringConstructor",
}
# Global names that are functions rather than objects one can call.
FUNCTIONS = frozenset(
    words(
        "decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN"
        " parseFloat parseInt"
    )
)
CONSTRUCTORS = {"Array": "Array", "Date": "Date", "Promise": "Promise"}
CONVERSIONS = {
    "Array": "Array",
    "Number": "Number",
    "String": "String",
    "parseFloat": "Number",
    "parseInt": "Number",
}

# Results that depend on the array: one like it, one of its members, one of what the
# callback gives; and an array of strings.
SAME, MEMBER, MAPPED, STRINGS = "=", "member", "mapped", "strings"

_ARRAY = {
    **dict.fromkeys(words("concat fill filter reverse slice sort splice"), SAME),
    **dict.fromkeys(words("at find findLast pop shift"), MEMBER),
    **dict.fromkeys(words("findIndex findLastIndex indexOf lastIndexOf"), "Number"),
    **dict.fromkeys(words("join toLocaleString toString"), "String"),
    **dict.fromkeys(words("flat flatMap"), "Array"),
    "map": MAPPED,
}
_NUMBER = dict.fromkeys(
    words("toExponential toFixed toLocaleString toPrecision toString"), "String"
)
RESULTS = {
    "Array": _ARRAY,
    "ReadonlyArray": _ARRAY,
    "Date": dict.fromkeys(
        words(
            "toDateString toISOString toJSON toLocaleDateString toLocaleString"
            " toLocaleTimeString toString toTimeString toUTCString"
        ),
        "String",
    )
    | dict.fromkeys(words("getTime valueOf"), "Number"),
    "DateConstructor": {"now": "Number", "parse": "Number", "UTC": "Number"},
    "JSON": {"stringify": "String"},
    "Math": dict.fromkeys(words("ceil floor max min random round"), "Number"),
    "Number": _NUMBER,
    "ObjectConstructor": {"entries": "Array", "keys": STRINGS, "values": "Array"},
    "Promise": dict.fromkeys(words("catch finally then"), "Promise"),
    "String": {
        **dict.fromkeys(
            words(
                "at charAt concat normalize padEnd padStart repeat replace replaceAll"
                " slice substr substring toLocaleLowerCase toLocaleUpperCase"
                " toLowerCase toString toUpperCase trim trimEnd trimStart valueOf"
            ),
            "String",
        ),
        **dict.fromkeys(words("indexOf lastIndexOf localeCompare search"), "Number"),
        "split": STRINGS,
    },
}

# Which parameter of its callback an array's method gives the members to; the one after
# it gets their place.
ITERATING = {
    **dict.fromkeys(
        words(
            "every filter find findIndex findLast findLastIndex flatMap forEach map"
            " some"
        ),
        0,
    ),
    "reduce": 1,
    "reduceRight": 1,
}
