"""`$util.str`."""

from typing import Literal
from unicodedata import normalize

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.limits import checked, in_chunks
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.failure import MAX_TEXT, Thrown, too_large

STR: Table = {}
_FORMS: dict[str, Literal["NFC", "NFD", "NFKC", "NFKD"]] = {
    "nfc": "NFC",
    "nfd": "NFD",
    "nfkc": "NFKC",
    "nfkd": "NFKD",
}


@method(STR, "toUpper", "s")
def to_upper(_context: Context, text: str | None) -> str:
    """Write a text in capitals."""
    present(text)
    return checked(str(text).upper())


@method(STR, "toLower", "s")
def to_lower(_context: Context, text: str | None) -> str:
    """Write a text in small letters."""
    present(text)
    return checked(str(text).lower())


@method(STR, "toReplace", "sss")
def to_replace(
    _context: Context, text: str | None, old: str | None, new: str | None
) -> str:
    """Replace every occurrence of a part, which is no pattern."""
    present(text, old, new)
    source, found, put = str(text), str(old), str(new)
    if len(source) + source.count(found) * (len(put) - len(found)) > MAX_TEXT:
        too_large()
    return checked(source.replace(found, put))


@method(STR, "normalize", "ss")
def normal_form(_context: Context, text: str | None, form: str | None) -> str:
    """Bring a text into a Unicode normal form: nfc, nfd, nfkc or nfkd.

    Raises:
        Thrown: there is no such form.
    """
    present(text, form)
    apart: Literal["NFD", "NFKD"]
    known = _FORMS.get(str(form).lower())
    if known is None:
        what = f"No enum constant java.text.Normalizer.Form.{str(form).upper()}"
        raise Thrown(f"java.lang.IllegalArgumentException: {what}")
    apart = "NFKD" if "K" in known else "NFD"
    taken = in_chunks(str(text), lambda part: normalize(apart, part))
    return checked(taken if known == apart else normalize(known, taken))
