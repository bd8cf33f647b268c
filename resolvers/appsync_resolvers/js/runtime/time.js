// util.time: dates without Date. Patterns are those of Java's DateTimeFormatter, which
// the developer guide names as the syntax; messages are Java's.
(function ($) {
  "use strict";
  const DAY = 86400000;
  const MONTHS = [
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
  ];
  const DAYS = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
  ];
  const fail = (kind, message) => $.reject(`java.${kind}: ${message}`);
  const illegal = (message) => fail("lang.IllegalArgumentException", message);
  const floorDiv = (a, b) => Math.floor(a / b);
  const mod = (a, b) => ((a % b) + b) % b;
  const pad = (value, width) => $.padStart(String(value), width, "0");

  // Civil calendar by days since 1970-01-01 (proleptic Gregorian).
  function daysOf(year, month, day) {
    const y = month <= 2 ? year - 1 : year;
    const era = floorDiv(y, 400);
    const yearOfEra = y - era * 400;
    const dayOfYear = floorDiv(153 * (month + (month > 2 ? -3 : 9)) + 2, 5) + day - 1;
    const leaps = floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100);
    return era * 146097 + yearOfEra * 365 + leaps + dayOfYear - 719468;
  }

  function dateOf(days) {
    const z = days + 719468;
    const era = floorDiv(z, 146097);
    const doe = z - era * 146097;
    const yearOfEra = floorDiv(
      doe - floorDiv(doe, 1460) + floorDiv(doe, 36524) - floorDiv(doe, 146096),
      365,
    );
    const doy =
      doe - (365 * yearOfEra + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100));
    const shifted = floorDiv(5 * doy + 2, 153);
    const month = shifted < 10 ? shifted + 3 : shifted - 9;
    const day = doy - floorDiv(153 * shifted + 2, 5) + 1;
    return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
  }

  const isLeap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengthOf = (year, month) =>
    month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

  // A zone: its id, and offset and name at a moment. Tables of regions come from the
  // host: [[from second, offset in seconds, name], …].
  const tables = { __proto__: null };

  function provideZone(id, table) {
    tables[id] = $.parse(table);
  }

  function zoneOf(id) {
    const text = id === undefined || id === null ? "UTC" : String(id);
    if (["Z", "UTC", "GMT", "UT"].includes(text)) return fixed(text, 0, text);
    const named = $.exec(/^(UTC|GMT|UT)?([+-].+)$/, text);
    if (named !== null) {
      const offset = offsetOf(named[2], text);
      return fixed(text, offset, offset === 0 ? "Z" : text);
    }
    if ($.exec(/^[A-Za-z][A-Za-z0-9~/._+-]+$/, text) === null) {
      fail(
        "time.DateTimeException",
        `Invalid ID for region-based ZoneId, invalid format: ${text}`,
      );
    }
    const table = tables[text];
    if (table === undefined) throw new $.Need(`zone:${text}`);
    if (table === null) {
      fail("time.zone.ZoneRulesException", `Unknown time-zone ID: ${text}`);
    }
    return { id: text, at: (seconds) => entryAt(table, seconds) };
  }

  const fixed = (id, offset, name) => ({ id, at: () => [0, offset, name] });

  function entryAt(table, seconds) {
    let low = 0;
    let high = table.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (table[middle][0] <= seconds) low = middle;
      else high = middle - 1;
    }
    return table[low];
  }

  function offsetOf(text, whole) {
    const found =
      $.exec(/^([+-])(\d\d?)$/, text) ??
      $.exec(/^([+-])(\d\d):?(\d\d)(?::?(\d\d))?$/, text);
    const hours = found === null ? 99 : Number(found[2]);
    const minutes = Number(found?.[3] ?? 0);
    const seconds = Number(found?.[4] ?? 0);
    if (hours > 18 || minutes > 59 || seconds > 59) {
      fail("time.DateTimeException", `Invalid ID for ZoneOffset, invalid format: ${whole}`);
    }
    const value = hours * 3600 + minutes * 60 + seconds;
    return found[1] === "-" ? -value : value;
  }

  // Seconds since 1970 of a local time in a zone: in a gap the time is moved forward,
  // in an overlap the earlier offset counts (java.time.ZonedDateTime.ofLocal).
  function instantOf(localSeconds, zone) {
    const before = zone.at(localSeconds - 86400)[1];
    const after = zone.at(localSeconds + 86400)[1];
    for (const offset of [before, after]) {
      if (zone.at(localSeconds - offset)[1] === offset) return localSeconds - offset;
    }
    return localSeconds - before;
  }

  // ---- patterns -----------------------------------------------------------------

  const patterns = new $.Map();

  function compile(pattern) {
    const text = String(pattern);
    let items = patterns.get(text);
    if (items === undefined) {
      items = read(text);
      if (patterns.size >= 256) patterns.clear();
      patterns.set(text, items);
    }
    return items;
  }

  const LIMITS = { d: 2, h: 2, H: 2, k: 2, K: 2, m: 2, s: 2, D: 3, w: 2, W: 1, F: 1, a: 1, z: 4 };
  const LETTERS = "GuyYQqMLwWdDFEecahHkKmsSAnNVzOXxZ";
  const FIVE = "GMLQqEecXxZ";

  function read(pattern) {
    const root = [];
    const open = [root];
    for (let i = 0; i < pattern.length; ) {
      const items = open[open.length - 1];
      const letter = pattern[i];
      if ($.exec(/[A-Za-z]/, letter) !== null) {
        let end = i + 1;
        while (pattern[end] === letter) end++;
        let width = 0;
        if (letter === "p") {
          width = end - i;
          i = end;
          while (end < pattern.length && pattern[end] === pattern[i]) end++;
          if (i >= pattern.length || $.exec(/[A-Za-z]/, pattern[i]) === null) {
            illegal(`Pad letter 'p' must be followed by valid pad pattern: ${pattern}`);
          }
        }
        items.push(fieldItem(pattern[i], end - i, width));
        i = end;
      } else if (letter === "'") {
        const end = quoteEnd(pattern, i);
        const quoted = pattern.slice(i + 1, end);
        items.push({ text: quoted === "" ? "'" : $.replaceText(quoted, "''", "'") });
        i = end + 1;
      } else if (letter === "[") {
        const optional = [];
        items.push({ optional });
        open.push(optional);
        i++;
      } else if (letter === "]") {
        if (open.length === 1) {
          illegal("Pattern invalid as it contains ] without previous [");
        }
        open.pop();
        i++;
      } else if (letter === "{" || letter === "}" || letter === "#") {
        illegal(`Pattern includes reserved character: '${letter}'`);
      } else {
        items.push({ text: letter });
        i++;
      }
    }
    return root;
  }

  function quoteEnd(pattern, start) {
    for (let i = start + 1; i < pattern.length; i++) {
      if (pattern[i] !== "'") continue;
      if (pattern[i + 1] !== "'") return i;
      i++;
    }
    return illegal(`Pattern ends with an incomplete string literal: ${pattern}`);
  }

  function fieldItem(letter, count, padding) {
    if (!LETTERS.includes(letter)) illegal(`Unknown pattern letter: ${letter}`);
    const limit = LIMITS[letter] ?? (FIVE.includes(letter) ? 5 : 19);
    const wrong =
      count > limit ||
      (letter === "S" && count > 9) ||
      (letter === "O" && count !== 1 && count !== 4) ||
      (letter === "c" && count === 2);
    if (letter === "V" && count !== 2) {
      illegal(`Pattern letter count must be 2: ${letter}`);
    }
    if (wrong) illegal(`Too many pattern letters: ${letter}`);
    return { letter, count, padding };
  }

  // ---- formatting ---------------------------------------------------------------

  function fieldsAt(milliseconds, zone) {
    const [, offset, zoneName] = zone.at(Math.floor(milliseconds / 1000));
    const local = milliseconds + offset * 1000;
    const days = Math.floor(local / DAY);
    const milliOfDay = local - days * DAY;
    const { year, month, day } = dateOf(days);
    const dayOfYear = days - daysOf(year, 1, 1) + 1;
    return {
      ...{ year, month, day, days, dayOfYear, offset, zoneName, milliOfDay },
      zoneId: zone.id,
      weekday: mod(days + 4, 7),
      hour: Math.floor(milliOfDay / 3600000),
      minute: Math.floor(milliOfDay / 60000) % 60,
      second: Math.floor(milliOfDay / 1000) % 60,
      milli: milliOfDay % 1000,
    };
  }

  // Weeks as in the United States: from Sunday, the first has 1 January in it.
  function weekOf(at) {
    const start = mod(daysOf(at.year, 1, 1) + 4, 7);
    const week = floorDiv(at.dayOfYear - 1 + start, 7) + 1;
    const next = mod(daysOf(at.year + 1, 1, 1) + 4, 7);
    const untilNext = daysOf(at.year + 1, 1, 1) - at.days;
    return untilNext <= next ? { year: at.year + 1, week: 1 } : { year: at.year, week };
  }

  function write(items, at) {
    const out = [];
    for (const item of items) {
      if (item.text !== undefined) out.push(item.text);
      else if (item.optional !== undefined) out.push(write(item.optional, at));
      else {
        const text = writeField(item.letter, item.count, at);
        out.push(item.padding ? $.padStart(text, item.padding, " ") : text);
      }
    }
    return $.join(out, "");
  }

  function writeField(letter, count, at) {
    switch (letter) {
      case "G":
        if (count === 4) return at.year > 0 ? "Anno Domini" : "Before Christ";
        return (at.year > 0 ? "AD" : "BC").slice(0, count === 5 ? 1 : 2);
      case "u":
        return writeYear(at.year, count);
      case "y":
        return writeYear(at.year > 0 ? at.year : 1 - at.year, count);
      case "Y":
        return writeYear(weekOf(at).year, count);
      case "Q":
      case "q":
        return writeText(Math.ceil(at.month / 3), count, null);
      case "M":
      case "L":
        return writeText(at.month, count, MONTHS[at.month - 1]);
      case "w":
        return pad(weekOf(at).week, count);
      case "W":
        return String(floorDiv(at.day - 1 + mod(at.weekday - at.day + 1, 7), 7) + 1);
      case "d":
        return pad(at.day, count);
      case "D":
        return pad(at.dayOfYear, count);
      case "F":
        return String(floorDiv(at.day - 1, 7) + 1);
      case "E":
        return count === 4
          ? DAYS[at.weekday]
          : DAYS[at.weekday].slice(0, count === 5 ? 1 : 3);
      case "e":
      case "c":
        return writeText(at.weekday + 1, count, DAYS[at.weekday]);
      case "a":
        return at.hour < 12 ? "AM" : "PM";
      case "h":
        return pad(at.hour % 12 || 12, count);
      case "H":
        return pad(at.hour, count);
      case "k":
        return pad(at.hour || 24, count);
      case "K":
        return pad(at.hour % 12, count);
      case "m":
        return pad(at.minute, count);
      case "s":
        return pad(at.second, count);
      case "S":
        return (pad(at.milli, 3) + "000000").slice(0, count);
      case "A":
        return pad(at.milliOfDay, count);
      case "n":
        return pad(at.milli * 1000000, count);
      case "N":
        return pad(at.milliOfDay * 1000000, count);
      case "V":
        return at.zoneId;
      case "z":
        return count === 4 ? longName(at.zoneName) : at.zoneName;
      case "O":
        return localizedOffset(at.offset, count === 4);
      case "Z":
        if (count === 4) return localizedOffset(at.offset, true);
        if (count === 5) return writeOffset(at.offset, 5, "Z");
        return writeOffset(at.offset, 2, "+0000");
      case "X":
        return writeOffset(at.offset, count, "Z");
      default:
        return writeOffset(at.offset, count, ZERO_OFFSETS[count - 1]);
    }
  }

  function writeYear(year, count) {
    if (count === 2) return pad(mod(year, 100), 2);
    const digits = pad(year < 0 ? -year : year, count);
    if (year < 0) return `-${digits}`;
    return count >= 4 && digits.length > count ? `+${digits}` : digits;
  }

  function writeText(value, count, name) {
    if (count <= 2) return pad(value, count);
    if (name === null) {
      if (count === 3) return `Q${value}`;
      const ordinal = ["1st", "2nd", "3rd", "4th"][value - 1];
      return count === 4 ? `${ordinal} quarter` : String(value);
    }
    return count === 4 ? name : name.slice(0, count === 5 ? 1 : 3);
  }

  const ZERO_OFFSETS = ["+00", "+0000", "+00:00", "+0000", "+00:00"];

  // The five shapes of Java's offset patterns: +HHmm, +HHMM, +HH:MM, +HHMMss, +HH:MM:ss.
  function writeOffset(offset, shape, zero) {
    if (offset === 0) return zero;
    const total = offset < 0 ? -offset : offset;
    const hours = pad(Math.floor(total / 3600), 2);
    const minutes = Math.floor(total / 60) % 60;
    const seconds = total % 60;
    const colon = shape === 3 || shape === 5 ? ":" : "";
    let text = (offset < 0 ? "-" : "+") + hours;
    if (shape > 1 || minutes > 0) text += colon + pad(minutes, 2);
    if (shape > 3 && seconds > 0) text += colon + pad(seconds, 2);
    return text;
  }

  function localizedOffset(offset, full) {
    if (offset === 0) return "GMT";
    const total = offset < 0 ? -offset : offset;
    const hours = Math.floor(total / 3600);
    const minutes = Math.floor(total / 60) % 60;
    const seconds = total % 60;
    let text = `GMT${offset < 0 ? "-" : "+"}${full ? pad(hours, 2) : hours}`;
    if (full || minutes > 0 || seconds > 0) text += `:${pad(minutes, 2)}`;
    return seconds > 0 ? `${text}:${pad(seconds, 2)}` : text;
  }

  const LONG_NAMES = {
    __proto__: null,
    UTC: "Coordinated Universal Time",
    GMT: "Greenwich Mean Time",
    BST: "British Summer Time",
    CET: "Central European Time",
    CEST: "Central European Summer Time",
    EET: "Eastern European Time",
    EEST: "Eastern European Summer Time",
    WET: "Western European Time",
    WEST: "Western European Summer Time",
    EST: "Eastern Standard Time",
    EDT: "Eastern Daylight Time",
    CST: "Central Standard Time",
    CDT: "Central Daylight Time",
    MST: "Mountain Standard Time",
    MDT: "Mountain Daylight Time",
    PST: "Pacific Standard Time",
    PDT: "Pacific Daylight Time",
    JST: "Japan Standard Time",
    KST: "Korean Standard Time",
    IST: "India Standard Time",
    AWST: "Australian Western Standard Time",
    AEST: "Australian Eastern Standard Time",
    AEDT: "Australian Eastern Daylight Time",
  };
  const longName = (name) => LONG_NAMES[name] ?? name;

  // ---- parsing ------------------------------------------------------------------

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
    const limit = sign !== "" ? 19 : kept > 0 && least === 4 ? 19 : most;
    const count = Math.min(Math.max(available - kept, Math.min(least, available)), limit);
    if (count < least) return ~start;
    const value = Number(text.slice(from, from + count));
    const short = item.count === 2 && "uyY".includes(item.letter);
    fields[item.letter] = short ? 2000 + value : sign === "-" ? -value : value;
    return from + count;
  }

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
          fields.E = i;
        });
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
        if (found === null) return ~start;
        fields.zone = found[0];
        return start + found[0].length;
      }
      default:
        return parseOffset(letter, count, text, start, fields);
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
    if (year === undefined) {
      wrong("Unable to obtain ZonedDateTime from TemporalAccessor");
    }
    const inRange = (value, low, high, name) => {
      if (value < low || value > high) {
        wrong(`Invalid value for ${name} (valid values ${low} - ${high}): ${value}`);
      }
      return value;
    };
    let days;
    if (fields.D !== undefined && fields.M === undefined) {
      days = daysOf(year, 1, 1) + inRange(fields.D, 1, 366, "DayOfYear") - 1;
    } else {
      const month = inRange(fields.M ?? fields.L ?? 1, 1, 12, "MonthOfYear");
      const day = inRange(fields.d ?? 1, 1, 31, "DayOfMonth");
      // SMART resolution: a day beyond the month's end is its last day.
      days = daysOf(year, month, Math.min(day, lengthOf(year, month)));
    }
    const half = fields.h === undefined ? fields.K : fields.h % 12;
    let hour = fields.H ?? (fields.k === undefined ? undefined : fields.k % 24);
    hour ??= half === undefined ? 0 : half + (fields.a === 1 ? 12 : 0);
    const minute = inRange(fields.m ?? 0, 0, 59, "MinuteOfHour");
    const second = inRange(fields.s ?? 0, 0, 59, "SecondOfMinute");
    const seconds = inRange(hour, 0, 23, "HourOfDay") * 3600 + minute * 60 + second;
    const milli = fields.S ?? Math.floor((fields.n ?? 0) / 1000000);
    const local = days * 86400 + seconds;
    const from = fields.zone === undefined ? zone : zoneOf(fields.zone);
    const instant =
      fields.offset === undefined ? instantOf(local, from) : local - fields.offset;
    return instant * 1000 + milli;
  }

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

  const UTC = zoneOf("UTC");
  const ISO_PATTERN = "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'";

  return {
    provideZone,
    epochMilliSecondsToISO8601: (milliseconds) =>
      write(compile(ISO_PATTERN), fieldsAt(Math.floor(milliseconds), UTC)),
    epochMilliSecondsToFormatted: (milliseconds, pattern, zone) =>
      write(compile(pattern), fieldsAt(Math.floor(milliseconds), zoneOf(zone))),
    parseFormattedToEpochMilliSeconds: parseFormatted,
    parseISO8601ToEpochMilliSeconds: parseIso,
  };
});
