// Dates and zones without Date: days since 1970, offsets at a moment. Messages are those
// of java.time, which the developer guide names as the model.
(function ($) {
  "use strict";
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
    if (text.length <= 1) {
      fail(
        "time.DateTimeException",
        `Invalid ID for ZoneOffset, invalid format: ${text}`,
      );
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
    if (found !== null && hours > 18) {
      fail(
        "time.DateTimeException",
        `Zone offset hours not in valid range: value ${found[1] === "-" ? "-" : ""}` +
          `${hours} is not in the range -18 to 18`,
      );
    }
    if (found === null || minutes > 59 || seconds > 59) {
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

  return {
    dateOf,
    daysOf,
    fail,
    floorDiv,
    illegal,
    instantOf,
    lengthOf,
    mod,
    pad,
    provideZone,
    zoneOf,
  };
});
