r"""Java's predefined character classes, such as `\d`, `\p{Lu}` and `\p{Punct}`."""

import re
import unicodedata

from appsync_resolvers.vtl.regex.nodes import One

LINE_ENDS = "\n\r\u0085\u2028\u2029"

_SETS = {
    "d": "0-9",
    "w": "a-zA-Z_0-9",
    "s": r" \t\n\x0b\f\r",
    "h": r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0b\f\r\x85\u2028\u2029",
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r" \t\n\x0b\f\r",
}
_PREDICATES = {
    "javaLowerCase": str.islower,
    "javaUpperCase": str.isupper,
    "javaWhitespace": str.isspace,
    "javaLetter": str.isalpha,
    "javaDigit": str.isdecimal,
    "javaLetterOrDigit": str.isalnum,
    "IsAlphabetic": str.isalpha,
    "IsLowercase": str.islower,
    "IsUppercase": str.isupper,
    "IsDigit": str.isdecimal,
    "IsLetter": str.isalpha,
    "IsWhite_Space": str.isspace,
    "IsPunctuation": lambda char: unicodedata.category(char)[0] == "P",
}
_CATEGORIES = frozenset(
    {
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl"),
        *("No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk"),
        *("So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cs", "Cn"),
    }
)
_SCRIPTS = {
    script: (script,)
    for script in (
        *("ARABIC", "ARMENIAN", "BENGALI", "CYRILLIC", "DEVANAGARI", "GEORGIAN"),
        *("GREEK", "HANGUL", "HEBREW", "HIRAGANA", "KATAKANA", "KHMER", "LAO"),
        *("LATIN", "MONGOLIAN", "MYANMAR", "TAMIL", "TELUGU", "THAI", "TIBETAN"),
    )
} | {"HAN": ("CJK UNIFIED", "CJK COMPATIBILITY", "KANGXI", "CJK RADICAL")}
"""The beginnings of the Unicode names of a script's characters."""


def from_source(source: str) -> One:
    """Make a class from what Python's `re` calls it."""
    pattern = re.compile(source, re.DOTALL)
    return One(lambda char: pattern.fullmatch(char) is not None, source)


def predefined(letter: str) -> One:
    r"""Give the class of `\d`, or with an upper-case letter its opposite."""
    sign = "^" if letter.isupper() else ""
    return from_source(f"[{sign}{_SETS[letter.lower()]}]")


def negated(one: One) -> One:
    """Give the opposite of a class."""
    source = None if one.source is None else f"(?:(?!{one.source})(?s:.))"
    test = one.test
    return One(lambda char: not test(char), source)


def by_property(name: str) -> One | None:
    r"""Give the class of `\p{name}`, None when Java knows no such property.

    Scripts and blocks (`IsGreek`, `InCyrillic`) are told by the character's Unicode
    name, which is what Python has of them.
    """
    if name in _SETS and len(name) > 1:
        return from_source(f"[{_SETS[name]}]")
    if name in _PREDICATES:
        return One(_PREDICATES[name], None)
    category = name.removeprefix("Is")
    if category in _CATEGORIES:
        return One(lambda char: unicodedata.category(char).startswith(category), None)
    names = _SCRIPTS.get(name[2:].upper()) if name.startswith(("Is", "In")) else None
    if names is None:
        return None
    starts = names
    return One(lambda char: unicodedata.name(char, "").startswith(starts), None)
