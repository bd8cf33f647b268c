// util.escapeJavaScript, urlEncode, urlDecode, base64Encode, base64Decode.
// "Unless otherwise specified, all utilities use the UTF-8 character set."
(function ($) {
  "use strict";
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const VALUES = { __proto__: null };
  for (let i = 0; i < 64; i++) VALUES[ALPHABET[i]] = i;
  const HEX = "0123456789ABCDEF";

  function toUtf8(text) {
    const bytes = [];
    for (const character of text) {
      const code = $.codePointAt(character, 0);
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code >= 0xd800 && code <= 0xdfff) bytes.push(63); // Java writes "?"
      else if (code < 0x10000) {
        bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      } else {
        bytes.push(
          0xf0 | (code >> 18),
          0x80 | ((code >> 12) & 63),
          0x80 | ((code >> 6) & 63),
          0x80 | (code & 63),
        );
      }
    }
    return bytes;
  }

  function fromUtf8(bytes) {
    const characters = [];
    for (let i = 0; i < bytes.length; ) {
      const first = bytes[i++];
      let left = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
      let code = first < 0x80 ? first : first & (0x3f >> left);
      if ((first >= 0x80 && left === 0) || first > 0xf4) {
        characters.push("\ufffd");
        continue;
      }
      for (; left > 0 && (bytes[i] & 0xc0) === 0x80; left--) {
        code = (code << 6) | (bytes[i++] & 63);
      }
      const wrong = left > 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
      characters.push(wrong ? "\ufffd" : $.fromCodePoint(code));
    }
    return $.join(characters, "");
  }

  function base64Encode(value) {
    if (value === null || value === undefined) return null;
    const bytes = toUtf8(String(value));
    const out = [];
    for (let i = 0; i < bytes.length; i += 3) {
      const rest = bytes.length - i;
      const bits =
        (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      out.push(
        ALPHABET[bits >> 18],
        ALPHABET[(bits >> 12) & 63],
        rest > 1 ? ALPHABET[(bits >> 6) & 63] : "=",
        rest > 2 ? ALPHABET[bits & 63] : "=",
      );
    }
    return $.join(out, "");
  }

  const illegal = (message) =>
    $.reject(`java.lang.IllegalArgumentException: ${message}`);

  // As java.util.Base64: padding may be missing, but nothing else may be there.
  function base64Decode(value) {
    if (value === null || value === undefined) return null;
    const text = String(value);
    const bytes = [];
    let bits = 0;
    let count = 0;
    let at = 0;
    for (; at < text.length && text[at] !== "="; at++) {
      const digit = VALUES[text[at]];
      if (digit === undefined) {
        illegal(`Illegal base64 character ${$.charCodeAt(text, at).toString(16)}`);
      }
      bits = ((bits << 6) | digit) & 0xffffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        bytes.push((bits >> count) & 0xff);
      }
    }
    if (count === 6) illegal("Last unit does not have enough valid bits");
    const padding = text.slice(at);
    if (padding !== "" && padding !== (count === 4 ? "==" : count === 2 ? "=" : "")) {
      illegal(`Input byte array has incorrect ending byte at ${at}`);
    }
    return fromUtf8(bytes);
  }

  function urlEncode(value) {
    if (value === null || value === undefined) return null;
    const out = [];
    for (const byte of toUtf8(String(value))) {
      const character = $.fromCharCode(byte);
      if (byte < 0x80 && $.exec(/[A-Za-z0-9.*_-]/, character) !== null) out.push(character);
      else if (byte === 32) out.push("+");
      else out.push("%", HEX[byte >> 4], HEX[byte & 15]);
    }
    return $.join(out, "");
  }

  function urlDecode(value) {
    if (value === null || value === undefined) return null;
    const text = String(value);
    const out = [];
    for (let i = 0; i < text.length; ) {
      if (text[i] !== "%") {
        out.push(text[i] === "+" ? " " : text[i]);
        i++;
        continue;
      }
      const bytes = [];
      for (; text[i] === "%"; i += 3) {
        const digits = text.slice(i + 1, i + 3);
        if ($.exec(/^[0-9A-Fa-f]{2}$/, digits) === null) {
          illegal(
            "URLDecoder: Illegal hex characters in escape (%) pattern - For input" +
              ` string: "${digits}"`,
          );
        }
        bytes.push(parseInt(digits, 16));
      }
      out.push(fromUtf8(bytes));
    }
    return $.join(out, "");
  }

  const ESCAPES = {
    __proto__: null,
    "'": "\\'",
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
    "\b": "\\b",
    "\n": "\\n",
    "\t": "\\t",
    "\f": "\\f",
    "\r": "\\r",
  };

  function escapeJavaScript(value) {
    if (value === null || value === undefined) return null;
    const text = String(value);
    const out = [];
    for (let i = 0; i < text.length; i++) {
      const code = $.charCodeAt(text, i);
      const escape = ESCAPES[text[i]];
      if (escape !== undefined) out.push(escape);
      else if (code >= 32 && code <= 0x7f) out.push(text[i]);
      else out.push("\\u", $.padStart(code.toString(16).toUpperCase(), 4, "0"));
    }
    return $.join(out, "");
  }

  return { base64Decode, base64Encode, escapeJavaScript, urlDecode, urlEncode };
});
