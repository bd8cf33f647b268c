// util.xml. The mapping is the one the developer guide's examples show: elements are
// keys, siblings of one name a list, text that reads as a number a number. Attributes
// are keys as well, and text beside them is under "content" (as org.json does it).
(function ($) {
  "use strict";
  const ENTITIES = { __proto__: null, amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  const NAME = "[^\\s/>=<\"'&]+";
  const TAG = new $.RegExp(`^<(/?)(${NAME})`);
  const ATTRIBUTE = new $.RegExp(`^\\s+(${NAME})(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'))?`);
  const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

  class Malformed {}

  function decode(text) {
    if (!text.includes("&")) return text;
    const out = [];
    for (let at = 0; at < text.length; ) {
      const start = text.indexOf("&", at);
      const end = start < 0 ? -1 : text.indexOf(";", start);
      if (end < 0) {
        out.push(text.slice(at));
        break;
      }
      out.push(text.slice(at, start), entity(text.slice(start + 1, end)));
      at = end + 1;
    }
    return $.join(out, "");
  }

  function entity(name) {
    const numeric = $.exec(/^#(?:x([0-9A-Fa-f]+)|(\d+))$/, name);
    if (numeric === null) return ENTITIES[name] ?? `&${name};`;
    const code = numeric[1] ? parseInt(numeric[1], 16) : Number(numeric[2]);
    if (code > 0x10ffff) throw new Malformed();
    return $.fromCodePoint(code);
  }

  function valueOf(text) {
    const word = text.length < 6 ? text.toLowerCase() : "";
    if (word === "true") return true;
    if (word === "false") return false;
    if (word === "null") return null;
    const number = $.exec(NUMBER, text) === null ? Infinity : Number(text);
    return Number.isFinite(number) ? number : text;
  }

  function add(target, name, value) {
    const before = target[name];
    if (!Object.hasOwn(target, name)) target[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else target[name] = [before, value];
  }

  function parse(text) {
    const root = { name: null, members: {}, text: [] };
    const open = [root];
    let at = 0;
    const skipTo = (end, from) => {
      const found = text.indexOf(end, from);
      if (found < 0) throw new Malformed();
      return found;
    };

    while (at < text.length) {
      const element = open[open.length - 1];
      if (text[at] !== "<") {
        const end = text.indexOf("<", at);
        const part = text.slice(at, end < 0 ? text.length : end);
        element.text.push(decode(part));
        at += part.length;
      } else if (text.startsWith("<!--", at)) at = skipTo("-->", at) + 3;
      else if (text.startsWith("<![CDATA[", at)) {
        const end = skipTo("]]>", at);
        element.text.push(text.slice(at + 9, end));
        at = end + 3;
      } else if (text.startsWith("<?", at)) at = skipTo("?>", at) + 2;
      else if (text.startsWith("<!", at)) at = skipTo(">", at) + 1;
      else at = tag(text, at, open);
    }
    if (open.length !== 1 || $.join(root.text, "").trim() !== "") throw new Malformed();
    if (Object.keys(root.members).length === 0) throw new Malformed();
    return root.members;
  }

  function tag(text, start, open) {
    const found = $.exec(TAG, text.slice(start, start + 1024));
    if (found === null) throw new Malformed();
    let at = start + found[0].length;
    if (found[1] === "/") {
      const end = text.indexOf(">", at);
      if (open.length === 1 || open[open.length - 1].name !== found[2] || end < 0) {
        throw new Malformed();
      }
      close(open);
      return end + 1;
    }
    const element = { name: found[2], members: {}, text: [] };
    for (;;) {
      const attribute = $.exec(ATTRIBUTE, text.slice(at));
      if (attribute === null) break;
      const value = attribute[2] ?? attribute[3] ?? "";
      add(element.members, attribute[1], valueOf(decode(value)));
      at += attribute[0].length;
    }
    const rest = $.exec(/^\s*(\/?)>/, text.slice(at));
    if (rest === null) throw new Malformed();
    open.push(element);
    if (rest[1] === "/") close(open);
    return at + rest[0].length;
  }

  function close(open) {
    const { name, members, text } = open.pop();
    const content = $.join(text, "").trim();
    let value = members;
    if (Object.keys(members).length === 0) value = content === "" ? "" : valueOf(content);
    else if (content !== "") add(members, "content", valueOf(content));
    add(open[open.length - 1].members, name, value);
  }

  // "Record<string, any> | null": null for what is no XML.
  function toMap(text) {
    try {
      return parse(String(text));
    } catch (error) {
      if (error instanceof Malformed) return null;
      throw error;
    }
  }

  // Encoded, it is a JSON string that holds the JSON: AWS shows no example, but that is
  // what a writer of JSON makes of a string.
  function toJsonString(text, encode) {
    const json = $.stringify(toMap(text));
    return encode === true ? $.stringify(json) : json;
  }

  return { toJsonString, toMap };
});
