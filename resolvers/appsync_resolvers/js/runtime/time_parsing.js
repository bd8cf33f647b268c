// util.time: reading dates with the patterns of Java's DateTimeFormatter.
(function ($) {
  "use strict";
  const { dateOf, daysOf, fail, instantOf, lengthOf, mod, pad, zoneOf } =
    $.part("calendar");
  const { compile, DAYS, MONTHS } = $.part("time");

  // A field's digits, [least, most]; the letters that print numbers only.
  const NUMBERS = "uyYwWdDFhHkKmsAnN";
  const isNumber = (item) =>
    item.letter !== undefined &&
    (NUMBERS.includes(item.letter) ||
      ("MLQqec".includes(item.letter) && item.count <= 2));

  function digitsOf({ letter, count }) {
    if ("uyY".includes(letter)) {
      return count === 2 ? [2, 2] : [count, count < 4 ? 19 : count];
    }
    if ("AnN".includes(letter)) return [count, 19];
    if (letter === "D") return [count, 3];
    return count === 2 ? [2, 2] : [1, letter === "W" || letter === "F" ? 1 : 2];
  }

  // Reads items from `start`; gives where they end, or a negative number for "wrong
  // at ~n".
  function parse(items, text, start, fields) {
    let at = start;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item.text !== undefined) {
        if (!text.startsWith(item.text, at)) return ~at;
        at += item.text.length;
      } else if (item.optional !== undefined) {
        const attempt = { ...fields };
        const end = parse(item.optional, text, at, attempt);
        if (end >= 0) {
          Object.assign(fields, attempt);
          at = end;
        }
      } else {
        if (item.padding) while (text[at] === " ") at++;
        at = isNumber(item)
          ? parseNumber(item, reserved(items, i), text, at, fields)
          : parseText(item, text, at, fields);
        if (at < 0) return at;
      }
    }
    return at;
  }

  // Fixed-width numbers that follow at once keep their digits ("yyyyMMdd").
  function reserved(items, index) {
    let width = 0;
    for (let i = index + 1; i < items.length && isNumber(items[i]); i++) {
      const [least, most] = digitsOf(items[i]);
      if (least !== most) return 0;
      width += least;
    }
    return width;
  }

  function parseNumber(item, kept, text, start, fields) {
    const [least, most] = digitsOf(item);
    const signed = "uyY".includes(item.letter) && item.count !== 2;
    const sign = signed ? ($.exec(/^[+-]/, text.slice(start))?.[0] ?? "") : "";
    const from = start + sign.length;
    let available = 0;
    while (text[from + available] >= "0" && text[from + available] <= "9") available++;
    // Without a sign a year has no more digits than its letters.
    if (signed && item.count >= 4 && sign === "" && available - kept > least && kept === 0) {
      return ~start;
    }
    const limit = sign !== "" ? 19 : kept > 0 && least === 4 ? 19 : most;
    const count = Math.min(Math.max(available - kept, Math.min(least, available)), limit);
    if (count < least) return ~start;
    const value = Number(text.slice(from, from + count));
    const short = item.count === 2 && "uyY".includes(item.letter);
    fields[item.letter] = short ? 2000 + value : sign === "-" ? -value : value;
    return from + count;
  }

  const QUARTERS = ["1st", "2nd", "3rd", "4th"];
  const ERAS = ["Before Christ", "Anno Domini", "BC", "AD", "B", "A"];
  const ZONE = /^[A-Za-z][A-Za-z0-9/._~-]*(?:[+-]\d[\d:]*)?|^[+-][\d:]+/;

  function parseText(item, text, start, fields) {
    const { letter, count } = item;
    switch (letter) {
      case "G":
        return parseName(ERAS, text, start, (i) => {
          fields.G = i % 2;
        });
      case "M":
      case "L":
        return parseName(named(MONTHS, count), text, start, (i) => {
          fields.M = i + 1;
        });
      case "E":
      case "e":
      case "c":
        return parseName(named(DAYS, count), text, start, (i) => {
          fields.E = (i + 6) % 7; // from Monday
        });
      case "Q":
      case "q":
        return parseName(
          QUARTERS.map((name, i) => (count === 4 ? `${name} quarter` : `Q${i + 1}`)),
          text,
          start,
          () => undefined,
        );
      case "a":
        return parseName(["AM", "PM"], text, start, (i) => {
          fields.a = i;
        });
      case "S": {
        const found = $.exec(/^\d+/, text.slice(start, start + count));
        if (found === null || found[0].length < count) return ~start;
        fields.S = Math.floor(Number(`0.${found[0]}`) * 1000 + 1e-9);
        return start + count;
      }
      case "V":
      case "z": {
        const found = $.exec(ZONE, text.slice(start));
        if (found === null || !isZone(found[0])) return ~start;
        fields.zone = found[0];
        return start + found[0].length;
      }
      default:
        return parseOffset(letter, count, text, start, fields);
    }
  }

  function isZone(id) {
    try {
      zoneOf(id);
      return true;
    } catch (error) {
      if (error instanceof $.Signal) return false;
      throw error;
    }
  }

  const named = (names, count) =>
    count === 4 ? names : names.map((name) => name.slice(0, count === 5 ? 1 : 3));

  function parseName(names, text, start, found) {
    for (let i = 0; i < names.length; i++) {
      if (text.startsWith(names[i], start)) {
        found(i);
        return start + names[i].length;
      }
    }
    return ~start;
  }

  function parseOffset(letter, count, text, start, fields) {
    const rest = text.slice(start);
    const localized = letter === "O" || (letter === "Z" && count === 4);
    if (localized) {
      const found = $.exec(/^GMT(?:([+-])(\d\d?)(?::?(\d\d)(?::?(\d\d))?)?)?/, rest);
      if (found === null) return ~start;
      setOffset(fields, found);
      return start + found[0].length;
    }
    const zulu = letter === "X" || (letter === "Z" && count === 5);
    if (zulu && rest[0] === "Z") {
      fields.offset = 0;
      return start + 1;
    }
    const shape = letter === "Z" ? (count === 5 ? 5 : 2) : count;
    const forms = [
      /^([+-])(\d\d)(\d\d)?/,
      /^([+-])(\d\d)(\d\d)/,
      /^([+-])(\d\d):(\d\d)/,
      /^([+-])(\d\d)(\d\d)(\d\d)?/,
      /^([+-])(\d\d):(\d\d)(?::(\d\d))?/,
    ];
    const found = $.exec(forms[shape - 1], rest);
    if (found === null) return ~start;
    setOffset(fields, found);
    return start + found[0].length;
  }

  function setOffset(fields, found) {
    const value =
      Number(found[2] ?? 0) * 3600 + Number(found[3] ?? 0) * 60 + Number(found[4] ?? 0);
    fields.offset = found[1] === "-" ? -value : value;
  }

  function resolve(text, fields, zone) {
    const wrong = (message) => unparsable(text, `: ${message}`);
    const era = fields.G === 0 ? (year) => 1 - year : (year) => year;
    // A week-based year without its week has no date in Java; a calendar year is what
    // everybody who writes YYYY means.
    const year = fields.u ?? (fields.y === undefined ? fields.Y : era(fields.y));
    const inMonth = (fields.M ?? fields.L) !== undefined && fields.d !== undefined;
    if (year === undefined || (!inMonth && fields.D === undefined)) {
      unobtainable("LocalDate");
    }
    const inRange = (value, low, high, name, most = high) => {
      if (value < low || value > high) {
        wrong(`Invalid value for ${name} (valid values ${low} - ${most}): ${value}`);
      }
      return value;
    };
    let days;
    if (!inMonth) {
      days = daysOf(year, 1, 1) + inRange(fields.D, 1, 366, "DayOfYear") - 1;
    } else {
      const month = inRange(fields.M ?? fields.L, 1, 12, "MonthOfYear");
      const day = inRange(fields.d, 1, 31, "DayOfMonth", "28/31");
      // SMART resolution: a day beyond the month's end is its last day.
      days = daysOf(year, month, Math.min(day, lengthOf(year, month)));
    }
    const weekday = mod(days + 3, 7);
    if (fields.E !== undefined && fields.E !== weekday) {
      const date = dateOf(days);
      wrong(
        `Conflict found: Field DayOfWeek ${weekday + 1} differs from DayOfWeek ` +
          `${fields.E + 1} derived from ${pad(date.year, 4)}-${pad(date.month, 2)}` +
          `-${pad(date.day, 2)}`,
      );
    }
    const minute = inRange(fields.m ?? 0, 0, 59, "MinuteOfHour");
    const second = inRange(fields.s ?? 0, 0, 59, "SecondOfMinute");
    const hour = hourOf(fields, inRange);
    // 24:00 is the beginning of the next day, but there is no 24:01.
    const last = hour === 24 && fields.H === 24 && minute + second === 0 ? 24 : 23;
    const seconds = inRange(hour, 0, last, "HourOfDay", 23) * 3600 + minute * 60 + second;
    const milli = fields.S ?? Math.floor((fields.n ?? 0) / 1000000);
    const local = days * 86400 + seconds;
    const from = fields.zone === undefined ? zone : zoneOf(fields.zone);
    const instant =
      fields.offset === undefined ? instantOf(local, from) : local - fields.offset;
    return instant * 1000 + milli;
  }

  function hourOf(fields, inRange) {
    if (fields.H !== undefined) return fields.H;
    if (fields.k !== undefined) return inRange(fields.k, 1, 24, "ClockHourOfDay") % 24;
    if (fields.h === undefined && fields.K === undefined) return 0;
    if (fields.a === undefined) unobtainable("LocalTime");
    const half =
      fields.h === undefined
        ? inRange(fields.K, 0, 11, "HourOfAmPm")
        : inRange(fields.h, 1, 12, "ClockHourOfAmPm") % 12;
    return half + fields.a * 12;
  }

  const unobtainable = (what) =>
    fail("time.DateTimeException", `Unable to obtain ${what} from TemporalAccessor`);

  function unparsable(text, why) {
    const message = `Text '${text}' could not be parsed${why}`;
    fail("time.format.DateTimeParseException", message);
  }

  function parseFormatted(text, pattern, zoneId) {
    const source = String(text);
    const fields = {};
    const end = parse(compile(pattern), source, 0, fields);
    if (end < 0) unparsable(source, ` at index ${~end}`);
    if (end < source.length) {
      unparsable(source, `, unparsed text found at index ${end}`);
    }
    return resolve(source, fields, zoneOf(zoneId));
  }

  const ISO =
    /^([+-]?\d{4,9})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)?(?:\[.*\])?$/;

  function parseIso(text) {
    const source = String(text);
    const found = $.exec(ISO, source);
    if (found === null) unparsable(source, " at index 0");
    const fields = {
      u: Number(found[1]),
      M: Number(found[2]),
      d: Number(found[3]),
      H: Number(found[4]),
      m: Number(found[5]),
      s: Number(found[6] ?? 0),
      S: Math.floor(Number(`0.${found[7] ?? 0}`) * 1000 + 1e-9),
      offset: 0,
    };
    if (found[8] !== undefined) {
      setOffset(fields, [null, found[8], found[9], found[10], found[11]]);
    }
    return resolve(source, fields, zoneOf("UTC"));
  }

  return {
    parseFormattedToEpochMilliSeconds: parseFormatted,
    parseISO8601ToEpochMilliSeconds: parseIso,
  };
});
