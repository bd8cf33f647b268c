// Translating java.util.regex patterns into expressions of the engine (with flag v).
(function ($) {
  "use strict";
  const NEWLINE = "\\n\\r\\u0085\\u2028\\u2029";
  const PLAIN = {
    __proto__: null,
    d: "[0-9]",
    D: "[^0-9]",
    w: "[A-Za-z0-9_]",
    W: "[^A-Za-z0-9_]",
    s: "[ \\t\\n\\x0B\\f\\r]",
    S: "[^ \\t\\n\\x0B\\f\\r]",
    h: "[ \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]",
    H: "[^ \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]",
    v: "[\\n\\x0B\\f\\r\\x85\\u2028\\u2029]",
    V: "[^\\n\\x0B\\f\\r\\x85\\u2028\\u2029]",
  };
  const START = "(?<![\\s\\S])";
  const END = "(?![\\s\\S])";
  const WITHIN_CRLF = "(?<=\\r)(?=\\n)"; // which ends one line, not two
  const WORD = "[\\p{L}\\p{Nd}_]"; // \b knows all letters though \w is ASCII
  const BREAK = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;
  const LAST = `(?=(?:\\r\\n|[${NEWLINE}])?${END})(?!${WITHIN_CRLF})`;
  const ANCHORS = {
    __proto__: null,
    b: BREAK,
    B: `(?!${BREAK})`,
    A: START,
    z: END,
    Z: LAST,
    R: "(?:\\r\\n|(?!\\r\\n)[\\n\\x0B\\f\\r\\x85\\u2028\\u2029])",
  };
  const LINE_START = `(?=[\\s\\S])(?:${START}|(?<=[${NEWLINE}])(?!${WITHIN_CRLF}))`;
  const LINE_END = `(?![^${NEWLINE}])(?!${WITHIN_CRLF})`;
  // With (?d) only \n ends a line.
  const UNIX = {
    __proto__: null,
    [LINE_START]: `(?=[\\s\\S])(?<![^\\n])`,
    [LINE_END]: "(?![^\\n])",
    [LAST]: `(?=\\n?${END})`,
  };
  const POSIX = {
    __proto__: null,
    Lower: "a-z",
    Upper: "A-Z",
    ASCII: "\\x00-\\x7F",
    Alpha: "A-Za-z",
    Digit: "0-9",
    Alnum: "A-Za-z0-9",
    Punct: "\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E",
    Graph: "\\x21-\\x7E",
    Print: "\\x20-\\x7E",
    Blank: " \\t",
    Cntrl: "\\x00-\\x1F\\x7F",
    XDigit: "0-9A-Fa-f",
    Space: " \\t\\n\\x0B\\f\\r",
  };
  const PROPERTIES = {
    __proto__: null,
    IsAlphabetic: "Alphabetic",
    IsIdeographic: "Ideographic",
    IsLetter: "L",
    IsLowercase: "Lowercase",
    IsUppercase: "Uppercase",
    IsPunctuation: "P",
    IsControl: "Cc",
    IsWhite_Space: "White_Space",
    IsDigit: "Nd",
    javaLowerCase: "Lowercase",
    javaUpperCase: "Uppercase",
    javaLetter: "L",
    javaDigit: "Nd",
    javaAlphabetic: "Alphabetic",
    javaWhitespace: "White_Space",
  };

  const codeUnit = (code) => `\\u{${code.toString(16)}}`;
  const literal = (character) =>
    $.exec(/[A-Za-z0-9_\s]/, character) === null || character === "\n"
      ? codeUnit($.codePointAt(character, 0))
      : character;

  // \Q…\E is notation: what follows \E repeats the last letter, not the quotation.
  function unquoted(pattern) {
    const characters = [...pattern];
    const out = [];
    for (let i = 0, quoted = false; i < characters.length; i++) {
      const character = characters[i];
      const next = character === "\\" ? characters[i + 1] : undefined;
      if (next === (quoted ? "E" : "Q")) {
        quoted = !quoted;
        i++;
      } else if (quoted && $.exec(/[\0-/:-@[-`{-\x7f]/, character) !== null) {
        out.push("\\", character);
      } else {
        out.push(character);
        if (next !== undefined && !quoted) out.push(characters[++i]);
      }
    }
    return out;
  }

  class Translation {
    constructor(pattern) {
      this.pattern = unquoted(pattern);
      this.at = 0;
      this.count = 1; // groups, the whole match included; group 2 is named J2
      this.atomics = 0;
      this.names = { __proto__: null };
      this.flags = { d: false, i: false, m: false, s: false, u: false, x: false };
    }

    fail(message) {
      const text = $.join(this.pattern, "");
      $.reject(
        `java.util.regex.PatternSyntaxException: ${message} near index ${this.at}\n${text}`,
      );
    }

    peek(text) {
      for (let i = 0; i < text.length; i++) {
        if (this.pattern[this.at + i] !== text[i]) return false;
      }
      return true;
    }

    take(text) {
      if (!this.peek(text)) return false;
      this.at += text.length;
      return true;
    }

    alternatives() {
      const out = [];
      const flags = this.flags;
      this.flags = { ...flags };
      while (this.at < this.pattern.length && !this.peek(")")) {
        if (this.take("|")) out.push("|");
        else out.push(this.quantified());
      }
      this.flags = flags;
      return $.join(out, "");
    }

    quantified() {
      const atom = this.atom();
      if (atom === "") return "";
      const quantifier = this.quantifier();
      if (quantifier === null) return atom;
      // Java repeats places as well as letters; the engine wants them in a group.
      const isPlace = $.exec(/^\(\?<?[=!]/, atom) !== null;
      const repeated = (isPlace ? `(?:${atom})` : atom) + quantifier;
      if (this.take("?")) return `${repeated}?`;
      return this.take("+") ? this.atomic(repeated) : repeated;
    }

    quantifier() {
      for (const simple of ["*", "+", "?"]) if (this.take(simple)) return simple;
      if (!this.peek("{")) return null;
      const rest = $.join(this.pattern.slice(this.at), "");
      const found = $.exec(/^\{(\d+)(?:,(\d*))?\}/, rest);
      if (found === null) this.fail("Illegal repetition");
      const most = Number(found[2] || found[1]);
      if (most > 0x7fffffff || Number(found[1]) > most) {
        this.fail("Illegal repetition range");
      }
      this.at += found[0].length;
      return found[0];
    }

    // (?>x) and x*+ never give back: a lookahead with a reference behaves so.
    atomic(inner) {
      const name = `A${++this.atomics}`;
      return `(?:(?=(?<${name}>${inner}))\\k<${name}>)`;
    }

    atom() {
      const character = this.pattern[this.at];
      if (this.flags.x) {
        if ($.exec(/\s/, character) !== null) {
          this.at++;
          return "";
        }
        if (character === "#") {
          while (this.at < this.pattern.length && !this.peek("\n")) this.at++;
          return "";
        }
      }
      switch (character) {
        case "(":
          return this.group();
        case "[":
          this.at++;
          return this.cased(this.characterClass());
        case "\\":
          return this.escape();
        case ".":
          this.at++;
          if (this.flags.s) return "[\\s\\S]";
          return this.flags.d ? "[^\\n]" : `[^${NEWLINE}]`;
        case "^":
          this.at++;
          return this.flags.m ? this.place(LINE_START) : START;
        case "$":
          this.at++;
          return this.place(this.flags.m ? LINE_END : LAST);
        case "*":
        case "+":
        case "?":
          return this.fail(`Dangling meta character '${character}'`);
        default:
          this.at++;
          return this.letter($.codePointAt(character, 0));
      }
    }

    place(anchor) {
      return this.flags.d ? (UNIX[anchor] ?? anchor) : anchor;
    }

    // (?i) is about ASCII letters, unless (?u) says otherwise.
    letter(code) {
      const text = literal($.fromCodePoint(code));
      return code < 128 || this.flags.u ? this.cased(text) : text;
    }

    cased(text) {
      return this.flags.i ? `(?i:${text})` : text;
    }

    group() {
      this.at++;
      if (!this.take("?")) return this.capture();
      for (const kind of [":", "=", "!", "<=", "<!"]) {
        if (this.take(kind)) return this.close(`(?${kind}`);
      }
      if (this.take(">")) {
        const inner = this.alternatives();
        this.expectClose();
        return this.atomic(inner);
      }
      if (this.take("<")) {
        const rest = $.join(this.pattern.slice(this.at), "");
        const found = $.exec(/^([A-Za-z][A-Za-z0-9]*)>/, rest);
        if (found === null) this.fail("Unknown look-behind group");
        this.at += found[0].length;
        if (this.names[found[1]] !== undefined) {
          this.fail(`Named capturing group <${found[1]}> is already defined`);
        }
        this.names[found[1]] = this.count;
        return this.capture();
      }
      return this.inlineFlags();
    }

    capture() {
      return this.close(`(?<J${this.count++}>`);
    }

    close(start) {
      const inner = this.alternatives();
      this.expectClose();
      return `${start}${inner})`;
    }

    expectClose() {
      if (!this.take(")")) this.fail("Unclosed group");
    }

    inlineFlags() {
      const flags = { ...this.flags };
      let value = true;
      for (;;) {
        const letter = this.pattern[this.at++];
        if (letter === "-") value = false;
        else if (letter === ")") {
          this.flags = flags;
          return "";
        } else if (letter === ":") {
          const outer = this.flags;
          this.flags = flags;
          const text = this.close("(?:");
          this.flags = outer;
          return text;
        } else if (letter !== undefined && "dimsux".includes(letter)) flags[letter] = value;
        else if (letter !== "U") {
          this.fail("Unknown inline modifier");
        }
      }
    }

    escape() {
      this.at++;
      const character = this.pattern[this.at];
      if (character === undefined) this.fail("Unexpected internal error");
      if (character === "k") return this.namedReference();
      if (character >= "1" && character <= "9") return this.reference();
      if (ANCHORS[character] !== undefined) {
        this.at++;
        return this.place(ANCHORS[character]);
      }
      const set = this.predefined();
      if (set !== null) return this.cased(set);
      return this.letter(this.escapedCode());
    }

    reference() {
      let number = Number(this.pattern[this.at++]);
      while ($.exec(/^\d$/, this.pattern[this.at] ?? "") !== null) {
        const longer = number * 10 + Number(this.pattern[this.at]);
        if (longer >= this.count) break;
        number = longer;
        this.at++;
      }
      // A reference to a group that does not exist matches nothing.
      return number < this.count ? this.cased(`\\k<J${number}>`) : "[]";
    }

    namedReference() {
      const rest = $.join(this.pattern.slice(this.at + 1), "");
      const found = $.exec(/^<([A-Za-z][A-Za-z0-9]*)>/, rest);
      const number = found === null ? undefined : this.names[found[1]];
      if (number === undefined) this.fail("Named capturing group is missing");
      this.at += 1 + found[0].length;
      return this.cased(`\\k<J${number}>`);
    }

    // \d, \p{…} and their like at the current letter; null for other escapes.
    predefined() {
      const character = this.pattern[this.at];
      if (PLAIN[character] !== undefined) {
        this.at++;
        return PLAIN[character];
      }
      if (character !== "p" && character !== "P") return null;
      this.at++;
      let name = this.pattern[this.at++];
      if (name === undefined) this.fail("Illegal/unsupported escape sequence");
      if (name === "{") {
        const end = this.pattern.indexOf("}", this.at);
        if (end < 0) this.fail("Unclosed character family");
        name = $.join(this.pattern.slice(this.at, end), "");
        this.at = end + 1;
      }
      return this.family(name, character === "P");
    }

    family(name, negated) {
      if (POSIX[name] !== undefined) return `[${negated ? "^" : ""}${POSIX[name]}]`;
      const keyed = $.exec(/^(?:(gc|general_category|script|sc)=)?(.+)$/, name);
      let property = PROPERTIES[name] ?? keyed?.[2];
      if (keyed?.[1]?.startsWith("s")) property = `Script=${property}`;
      else if (PROPERTIES[name] === undefined && keyed?.[1] === undefined) {
        if (name.startsWith("Is")) {
          const bare = name.slice(2);
          property = bare.length <= 2 ? bare : `Script=${bare}`;
        }
      }
      const text = `\\${negated ? "P" : "p"}{${property}}`;
      try {
        new $.RegExp(text, "v");
      } catch (error) {
        if ($.isFatal(error)) throw error;
        this.fail(`Unknown character property name {${name}}`);
      }
      return text;
    }

    escapedCode() {
      const character = this.pattern[this.at++];
      const rest = $.join(this.pattern.slice(this.at, this.at + 12), "");
      const digits = (form) => {
        const found = $.exec(form, rest);
        if (found === null) this.fail("Illegal escape sequence");
        this.at += found[0].length;
        return found[1] ?? found[2];
      };
      switch (character) {
        case "t":
          return 9;
        case "n":
          return 10;
        case "r":
          return 13;
        case "f":
          return 12;
        case "a":
          return 7;
        case "e":
          return 27;
        case "0":
          return parseInt(digits(/^([0-3][0-7]{2}|[0-7]{1,2})/), 8);
        case "x":
          return parseInt(digits(/^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/), 16);
        case "u":
          return parseInt(digits(/^([0-9A-Fa-f]{4})/), 16);
        case "c":
          return $.codePointAt(this.pattern[this.at++] ?? "@", 0) ^ 64;
        default:
          if ($.exec(/[A-Za-z]/, character) !== null) {
            this.fail("Illegal/unsupported escape sequence");
          }
          return $.codePointAt(character, 0);
      }
    }

    // After "[": unions, ranges, nested classes and intersections.
    characterClass() {
      const negated = this.take("^");
      const operands = [[]];
      let first = true;
      for (;;) {
        if (this.at >= this.pattern.length) this.fail("Unclosed character class");
        if (!first && this.take("]")) break;
        if (this.take("&&")) operands.push([]);
        else operands[operands.length - 1].push(this.classItem());
        first = false;
      }
      const parts = operands
        .filter((items) => items.length > 0)
        .map((items) => $.join(items, ""));
      const inner = parts.length === 1 ? parts[0] : $.join(parts.map((p) => `[${p}]`), "&&");
      return `[${negated ? "^" : ""}${inner}]`;
    }

    classItem() {
      if (this.take("[")) return this.characterClass();
      const low = this.classCode();
      if (typeof low === "string") return low;
      const next = this.pattern[this.at + 1];
      if (this.peek("-") && next !== "]" && next !== "[" && next !== undefined) {
        this.at++;
        const high = this.classCode();
        if (typeof high === "string" || high < low) this.fail("Illegal character range");
        return `${codeUnit(low)}-${codeUnit(high)}`;
      }
      return codeUnit(low);
    }

    classCode() {
      const character = this.pattern[this.at];
      if (character !== "\\") {
        this.at++;
        return $.codePointAt(character, 0);
      }
      this.at++;
      return this.predefined() ?? this.escapedCode();
    }
  }

  // Gives {source, names, count}: capturing group 2 is named J2, whatever its name in
  // Java; `names` gives the numbers of named groups.
  function translate(pattern) {
    const translation = new Translation(pattern);
    const source = translation.alternatives();
    if (translation.at < translation.pattern.length) {
      translation.fail("Unmatched closing ')'");
    }
    return { source, names: translation.names, count: translation.count };
  }

  return { translate };
});
