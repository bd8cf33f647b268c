// util.time: writing dates with the patterns of Java's DateTimeFormatter.
(function ($) {
  "use strict";
  const { dateOf, daysOf, floorDiv, illegal, mod, pad, zoneOf } = $.part("calendar");
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
        return String(((at.day - 1) % 7) + 1);
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

  const UTC = zoneOf("UTC");
  const ISO_PATTERN = "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'";

  return {
    DAYS,
    MONTHS,
    compile,
    epochMilliSecondsToISO8601: (milliseconds) =>
      write(compile(ISO_PATTERN), fieldsAt(Math.floor(milliseconds), UTC)),
    epochMilliSecondsToFormatted: (milliseconds, pattern, zone) =>
      write(compile(pattern), fieldsAt(Math.floor(milliseconds), zoneOf(zone))),
  };
});
