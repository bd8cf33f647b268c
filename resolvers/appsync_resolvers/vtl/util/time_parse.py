"""Reading moments with Java 8's date patterns."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from appsync_resolvers.vtl.util.time_format import DAYS, MONTHS, Field
from appsync_resolvers.vtl.values.failure import Thrown

_OFFSETS = {
    "X": {1: r"Z|[+-]\d{2}(?:\d{2})?", 2: r"Z|[+-]\d{4}", 3: r"Z|[+-]\d{2}:\d{2}"},
    "x": {1: r"[+-]\d{2}(?:\d{2})?", 2: r"[+-]\d{4}", 3: r"[+-]\d{2}:\d{2}"},
}
_OFFSETS["X"] |= {4: r"Z|[+-]\d{4}(?:\d{2})?", 5: r"Z|[+-]\d{2}:\d{2}(?::\d{2})?"}
_OFFSETS["x"] |= {4: r"[+-]\d{4}(?:\d{2})?", 5: r"[+-]\d{2}:\d{2}(?::\d{2})?"}
_ZONE = re.compile(r"Z|[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?|[A-Za-z][A-Za-z0-9_/+-]*")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?:?(\d{2})?")
_RANGES = {
    "M": ("MonthOfYear", 1, "12"),
    "d": ("DayOfMonth", 1, "28/31"),
    "D": ("DayOfYear", 1, "365/366"),
    "H": ("HourOfDay", 0, "23"),
    "k": ("ClockHourOfDay", 1, "24"),
    "h": ("ClockHourOfAmPm", 1, "12"),
    "K": ("HourOfAmPm", 0, "11"),
    "m": ("MinuteOfHour", 0, "59"),
    "s": ("SecondOfMinute", 0, "59"),
}
"""Java's name of a field, its lowest and its highest value."""
_NUMERIC = "yuYMLdDHhKkmsAnNQqwWecF"


def failure(text: str, index: int) -> Thrown:
    """Make the exception for a text that cannot be read from an index on."""
    what = f"Text '{text}' could not be parsed at index {index}"
    return Thrown(f"java.time.format.DateTimeParseException: {what}")


def offset_zone(text: str) -> tzinfo | None:
    """Give the zone of `Z`, `+08:00`, `-0700` …, None for anything else."""
    if text in ("Z", "z"):
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if hours > 18 or minutes > 59 or seconds > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if match[1] == "-" else offset)


class Parser:
    """Reads one text.

    Args:
        text: what to read.
        find_zone: gives the zone of a name, None for an unknown one.
    """

    def __init__(self, text: str, find_zone: Callable[[str], tzinfo | None]) -> None:
        self._text = text
        self._at = 0
        self._found: dict[str, int] = {}
        self._zone: tzinfo | None = None
        self._find_zone = find_zone

    def read(self, fields: tuple[Field, ...], default: tzinfo) -> datetime:
        """Give the moment.

        Args:
            fields: the pattern.
            default: the zone of a text that names none.

        Raises:
            Thrown: the text does not fit the pattern, or is no date.
        """
        self._read(fields)
        if self._at < len(self._text):
            what = f"unparsed text found at index {self._at}"
            raise Thrown(
                "java.time.format.DateTimeParseException: "
                f"Text '{self._text}' could not be parsed, {what}"
            )
        return self._moment(self._zone or default)

    def _invalid(self, what: str) -> Thrown:
        return Thrown(
            "java.time.format.DateTimeParseException: "
            f"Text '{self._text}' could not be parsed: {what}"
        )

    def _moment(self, zone: tzinfo) -> datetime:
        self._check()
        days, time = divmod(self._time(), timedelta(days=1))
        try:
            date = self._date() + timedelta(days=days)
            return datetime.combine(date, datetime.min.time(), zone) + time
        except (ValueError, OverflowError):
            raise self._invalid("Invalid value for Year") from None

    def _check(self) -> None:
        for letter, (name, least, most) in _RANGES.items():
            value = self._found.get(letter, least)
            if letter == "H" and value == 24 and not self._time() % timedelta(hours=1):
                continue
            highest = int(most.rpartition("/")[2])
            if not least <= value <= highest:
                bounds = f"(valid values {least} - {most})"
                raise self._invalid(f"Invalid value for {name} {bounds}: {value}")

    def _date(self) -> date:
        """Give the day; one that its month does not have is the last of the month."""
        found = self._found
        year, month, day = (found.get(letter) for letter in ("year", "M", "d"))
        if year is not None and month and day:
            first = date(year, month, 1)
            length = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - first
            moment = first + timedelta(days=min(day, length.days) - 1)
        elif year is not None and "D" in found:
            moment = date(year, 1, 1) + timedelta(days=found["D"] - 1)
        else:
            raise self._invalid("Unable to obtain a date")
        weekday = moment.isoweekday()
        if found.get("E", weekday) != weekday:
            raise self._invalid(
                f"Conflict found: Field DayOfWeek {weekday} differs from DayOfWeek "
                f"{found['E']} derived from {moment}"
            )
        return moment

    def _time(self) -> timedelta:
        """Give the time of day, midnight for a text that has none."""
        found = self._found
        hours = found.get("H", found.get("k", 0) % 24)
        half = found.get("h", found.get("K"))
        if half is not None and not {"H", "k"} & found.keys():
            if "a" not in found:
                raise self._invalid("Unable to obtain a time")
            hours = half % 12 + 12 * found["a"]
        return timedelta(
            hours=hours,
            minutes=found.get("m", 0),
            seconds=found.get("s", 0),
            microseconds=found.get("micro", 0),
        )

    def _read(self, fields: tuple[Field, ...]) -> None:
        for position, field in enumerate(fields):
            adjacent = position + 1 < len(fields) and (
                fields[position + 1].letter in _NUMERIC + "S"
            )
            self._field(field, adjacent=adjacent)

    def _field(self, field: Field, *, adjacent: bool) -> None:
        letter, width = field.letter, field.width
        if letter == "[":
            mark, found, zone = self._at, dict(self._found), self._zone
            try:
                self._read(field.parts)
            except Thrown:
                self._at, self._found, self._zone = mark, found, zone
        elif letter == "p":
            self._read_padded(field.parts[0], width)
        elif letter == "'":
            self._take(re.compile(re.escape(field.text)))
        elif letter in "XxZOVz":
            self._read_zone(letter, width)
        elif letter in "EMLaGecQq" and (width > 2 or letter in "EaG"):
            self._read_name(letter, width)
        elif letter == "S":
            digits = self._take(re.compile(rf"\d{{{width}}}", re.ASCII))
            self._found["micro"] = int(digits.ljust(9, "0")[:6])
        else:
            self._read_number(letter, width, adjacent=adjacent)

    def _read_padded(self, field: Field, width: int) -> None:
        """Read a field with spaces in front, which together have this width.

        Java adds the place of the padding to that of the field when it names the one
        where reading ended.
        """
        whole, start = self._text, self._at
        end = start + width
        if end > len(whole):
            raise failure(whole, start)
        part = whole[start:end]
        self._at += len(part) - len(part.lstrip(" "))
        first = self._at
        self._text = whole[:end]
        try:
            self._field(field, adjacent=False)
        except Thrown:
            self._at = first
        self._text = whole
        if self._at != end:
            raise failure(whole, start + first)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise failure(self._text, self._at)
        self._at = match.end()
        return match[0]

    def _read_number(self, letter: str, width: int, *, adjacent: bool) -> None:
        exact = width == 2 or adjacent
        digits = rf"\d{{{width}}}" if exact else rf"\d{{{width},19}}"
        if letter in "yuY" and width != 2 and not exact:
            long = rf"[+]\d{{{width + 1},19}}|-?\d{{{width}}}(?!\d)"
            digits = "-?" + digits if width < 4 else long
        value = int(self._take(re.compile(digits, re.ASCII)))
        if letter in "yuY":
            self._found["year"] = value + 2000 if width == 2 else value
        elif letter in "ML":
            self._found["M"] = value
        else:
            self._found[letter] = value

    def _read_name(self, letter: str, width: int) -> None:
        if letter == "a":
            self._found["a"] = self._choose(["AM", "PM"])
        elif letter == "G":
            self._choose(["AD", "BC"])
        elif letter in "ML":
            names = MONTHS if width == 4 else tuple(name[:3] for name in MONTHS)
            self._found["M"] = self._choose(names) + 1
        elif letter in "Eec":
            names = DAYS if width == 4 else tuple(name[:3] for name in DAYS)
            self._found["E"] = self._choose(names) + 1
        else:
            self._choose(["Q1", "Q2", "Q3", "Q4"])

    def _choose(self, names: Sequence[str]) -> int:
        for index, name in enumerate(names):
            if self._text.startswith(name, self._at):
                self._at += len(name)
                return index
        raise failure(self._text, self._at)

    def _read_zone(self, letter: str, width: int) -> None:
        start = self._at
        if letter in "Xx":
            pattern = re.compile(_OFFSETS[letter][min(width, 5)], re.ASCII)
        elif letter == "Z":
            forms = {4: r"GMT(?:[+-]\d{1,2}:\d{2})?", 5: _OFFSETS["X"][5]}
            pattern = re.compile(forms.get(width, r"[+-]\d{4}"), re.ASCII)
        elif letter == "O":
            pattern = re.compile(r"GMT(?:[+-]\d{1,2}(?::\d{2})?)?", re.ASCII)
        else:
            pattern = _ZONE
        name = self._take(pattern)
        zone = offset_zone(name.removeprefix("GMT") or "Z") or self._find_zone(name)
        if zone is None:
            raise failure(self._text, start)
        self._zone = zone
