"""Java 8's date patterns (java.time.format.DateTimeFormatter) and how they print.

A pattern is a list of fields.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from appsync_resolvers.vtl.values.failure import Thrown

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_LETTERS = re.compile(r"([A-Za-z])\1*|'((?:[^']|'')*)'|(.)", re.DOTALL)
_MOST = (
    dict.fromkeys("FaW", 1)
    | dict.fromkeys("dwHhKkms", 2)
    | {"D": 3, "z": 4}
    | dict.fromkeys("GMLQqEecXxZ", 5)
)
"""How often these letters may stand."""
_NUMBER_FIELDS = "dDHhKkmsyuYMLwWeceSAnNQqF"


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a pattern.

    Attributes:
        letter: the pattern letter, `'` for literal text, `[` for an optional part,
            `p` for what is filled up with spaces in front.
        width: how often the letter stands.
        text: the literal text.
        parts: what an optional part consists of, or what is filled up.
    """

    letter: str
    width: int = 1
    text: str = ""
    parts: "tuple[Field, ...]" = ()


def compile_format(pattern: str) -> tuple[Field, ...]:
    """Take a pattern apart.

    Raises:
        Thrown: it is not a pattern.
    """
    stack: list[list[Field]] = [[]]
    pad = 0
    for match in _LETTERS.finditer(pattern):
        letter, quoted, other = match[1], match[2], match[3]
        if pad and not letter:
            break
        if letter == "p" and not pad:
            pad = len(match[0])
        elif letter:
            if letter not in "GuyYDMLdQqwWEecFaHhKkmsSAnNVzOXxZ":
                raise _illegal(f"Unknown pattern letter: {letter}")
            _check_width(letter, len(match[0]))
            field = Field(letter, len(match[0]))
            stack[-1].append(Field("p", pad, parts=(field,)) if pad else field)
            pad = 0
        elif quoted is not None:
            stack[-1].append(Field("'", text=quoted.replace("''", "'") or "'"))
        else:
            _take(other, stack, pattern)
    if pad:
        what = f"Pad letter 'p' must be followed by valid pad pattern: {pattern}"
        raise _illegal(what)
    while len(stack) > 1:
        _close(stack)
    return tuple(stack[0])


def _take(char: str, stack: list[list[Field]], pattern: str) -> None:
    """Take a character that is neither a letter nor quoted."""
    if char == "[":
        stack.append([])
    elif char == "]":
        if len(stack) == 1:
            raise _illegal("Pattern invalid as it contains ] without previous [")
        _close(stack)
    elif char == "'":
        what = f"Pattern ends with an incomplete string literal: {pattern}"
        raise _illegal(what)
    elif char in "{}#":
        raise _illegal(f"Pattern includes reserved character: '{char}'")
    else:
        stack[-1].append(Field("'", text=char))


def _close(stack: list[list[Field]]) -> None:
    """End the optional part that was begun last."""
    inner = stack.pop()
    stack[-1].append(Field("[", parts=tuple(inner)))


def _check_width(letter: str, width: int) -> None:
    """Refuse a letter that stands too often.

    Raises:
        Thrown: IllegalArgumentException, in Java's words.
    """
    if letter == "V" and width != 2:
        raise _illegal("Pattern letter count must be 2: V")
    if letter == "O" and width not in (1, 4):
        raise _illegal("Pattern letter count must be 1 or 4: O")
    if letter == "c" and width == 2:
        raise _illegal('Invalid pattern "cc"')
    if letter == "S" and width > 9:
        what = f"Minimum width must be from 0 to 9 inclusive but was {width}"
        raise _illegal(what)
    if letter in "uyAnN" and width > 19:
        what = f"The minimum width must be from 1 to 19 inclusive but was {width}"
        raise _illegal(what)
    if width > _MOST.get(letter, width):
        raise _illegal(f"Too many pattern letters: {letter}")


def _illegal(what: str) -> Thrown:
    return Thrown(f"java.lang.IllegalArgumentException: {what}")


def write(fields: tuple[Field, ...], moment: datetime) -> str:
    """Print a moment."""
    return "".join(_write(field, moment) for field in fields)


def _write(field: Field, moment: datetime) -> str:
    letter, width = field.letter, field.width
    if letter == "'":
        return field.text
    if letter == "[":
        return write(field.parts, moment)
    if letter == "p":
        return _padded(_write(field.parts[0], moment), width)
    if letter in "XxZO":
        return _write_offset(letter, width, moment.utcoffset() or timedelta())
    if letter == "V":
        return _zone_id(moment.tzinfo)
    if letter == "z":
        return _zone_name(moment)
    if letter in "EMLecaGQq" and (width > 2 or letter in "EaG"):
        return _write_name(letter, width, moment)
    if letter == "S":
        return f"{moment.microsecond * 1000:09d}"[:width]
    value = _number(letter, moment)
    if letter in "yuY" and width == 2:
        value %= 100
    return str(value).zfill(width)


def _padded(text: str, width: int) -> str:
    if len(text) > width:
        what = f"output of {len(text)} characters exceeds pad width of {width}"
        raise Thrown(f"java.time.DateTimeException: Cannot print as {what}")
    return text.rjust(width)


def _write_name(letter: str, width: int, moment: datetime) -> str:
    if letter == "a":
        return "AM" if moment.hour < 12 else "PM"
    if letter == "G":
        return "Anno Domini" if width == 4 else "A" if width == 5 else "AD"
    if letter in "Qq":
        quarter = (moment.month + 2) // 3
        names = ("1st", "2nd", "3rd", "4th")
        return f"{names[quarter - 1]} quarter" if width == 4 else f"Q{quarter}"
    name = MONTHS[moment.month - 1] if letter in "ML" else DAYS[moment.weekday()]
    return name if width == 4 else name[:1] if width == 5 else name[:3]


def _number(letter: str, moment: datetime) -> int:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    sunday_based = moment.isoweekday() % 7 + 1
    day_of_year = moment.timetuple().tm_yday
    nanoseconds = (moment.replace(tzinfo=None) - midnight.replace(tzinfo=None)) // (
        timedelta(microseconds=1)
    )
    return {
        "y": moment.year,
        "u": moment.year,
        "Y": _week_year(moment)[0],
        "w": _week_year(moment)[1],
        "W": (moment.day + (moment.replace(day=1).isoweekday() % 7) - 1) // 7 + 1,
        "M": moment.month,
        "L": moment.month,
        "Q": (moment.month + 2) // 3,
        "q": (moment.month + 2) // 3,
        "d": moment.day,
        "D": day_of_year,
        "F": (moment.day - 1) % 7 + 1,
        "e": sunday_based,
        "c": sunday_based,
        "H": moment.hour,
        "k": moment.hour or 24,
        "K": moment.hour % 12,
        "h": moment.hour % 12 or 12,
        "m": moment.minute,
        "s": moment.second,
        "A": nanoseconds // 1000,
        "n": moment.microsecond * 1000,
        "N": nanoseconds * 1000,
    }[letter]


def _week_year(moment: datetime) -> tuple[int, int]:
    """Give year and week as in the United States.

    A week begins on Sunday, the first one of a year is the one with 1 January.
    """
    saturday = moment.date() + timedelta(days=6 - moment.isoweekday() % 7)
    first = saturday.replace(month=1, day=1)
    week = ((saturday - first).days) // 7 + 1
    return saturday.year, week


def _write_offset(letter: str, width: int, offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign = "-" if seconds < 0 else "+"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, second = divmod(rest, 60)
    if letter == "O" or (letter == "Z" and width == 4):
        return _localized(sign, hours, minutes, second, short=width == 1)
    if letter == "X" and not seconds:
        return "Z"
    if letter == "Z" and width == 5 and not seconds:
        return "Z"
    form = {"Z": {5: 5}.get(width, 2)}.get(letter, width)
    colon = ":" if form in (3, 5) else ""
    text = f"{sign}{hours:02d}"
    if form != 1 or minutes:
        text += f"{colon}{minutes:02d}"
    if form > 3 and second:
        text += f"{colon}{second:02d}"
    return text


def _localized(sign: str, hours: int, minutes: int, second: int, *, short: bool) -> str:
    if not hours and not minutes and not second:
        return "GMT"
    text = f"GMT{sign}{hours}" if short else f"GMT{sign}{hours:02d}"
    if minutes or second or not short:
        text += f":{minutes:02d}"
    return text + (f":{second:02d}" if second else "")


def _zone_id(zone: tzinfo | None) -> str:
    if zone is UTC:
        return "Z"
    if isinstance(zone, timezone):
        return zone.tzname(None).removeprefix("UTC") or "UTC"
    return str(zone)


def _zone_name(moment: datetime) -> str:
    if isinstance(moment.tzinfo, timezone):
        return _zone_id(moment.tzinfo)
    return moment.tzname() or ""
