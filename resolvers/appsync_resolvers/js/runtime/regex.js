// java.util.regex patterns at work: util.matches and the first argument of
// String.replace, replaceAll and match.
(function ($) {
  "use strict";
  const { translate } = $.part("regex_syntax");
  const known = new $.Map();

  function compile(pattern) {
    let compiled = known.get(pattern);
    if (compiled !== undefined) return compiled;
    const { source, names, count } = translate(pattern);
    compiled = {
      whole: new $.RegExp(`^(?:${source})$`, "v"),
      sticky: new $.RegExp(source, "vg"),
      names,
      count,
    };
    if (known.size >= 256) known.clear();
    known.set(pattern, compiled);
    return compiled;
  }

  const group = (found, number) => found.groups?.[`J${number}`];

  // Java's replacement: $1, ${name}, \x for a literal x.
  function expand(replacement, found, { names, count }) {
    const out = [];
    for (let i = 0; i < replacement.length; i++) {
      const character = replacement[i];
      if (character === "\\") out.push(replacement[++i] ?? "");
      else if (character !== "$") out.push(character);
      else {
        const rest = replacement.slice(i + 1);
        const digit = $.exec(/^\d/, rest);
        const name = $.exec(/^\{([A-Za-z][A-Za-z0-9]*)\}/, rest);
        if (digit !== null && Number(digit[0]) < count) {
          const number = Number(digit[0]);
          out.push(number === 0 ? found[0] : (group(found, number) ?? ""));
          i++;
        } else if (name !== null && names[name[1]] !== undefined) {
          out.push(group(found, names[name[1]]) ?? "");
          i += name[0].length;
        } else out.push("$"); // where Java throws, JavaScript's literal stands
      }
    }
    return $.join(out, "");
  }

  function* occurrences(text, { sticky }) {
    sticky.lastIndex = 0;
    for (;;) {
      const found = $.exec(sticky, text);
      if (found === null) return;
      yield found;
      if (found[0] === "") {
        const code = $.codePointAt(text, sticky.lastIndex) ?? 0;
        sticky.lastIndex += code > 0xffff ? 2 : 1;
      }
    }
  }

  function replace(text, pattern, replacement, all) {
    const compiled = compile(pattern);
    const out = [];
    let done = 0;
    for (const found of occurrences(text, compiled)) {
      out.push(text.slice(done, found.index), expand(replacement, found, compiled));
      done = found.index + found[0].length;
      if (!all) break;
    }
    out.push(text.slice(done));
    return $.join(out, "");
  }

  function match(text, pattern) {
    const compiled = compile(pattern);
    for (const found of occurrences(text, compiled)) {
      const groups = [found[0]];
      for (let i = 1; i < compiled.count; i++) groups.push(group(found, i));
      return groups;
    }
    return null;
  }

  const matches = (pattern, text) => $.exec(compile(pattern).whole, text) !== null;

  return { match, matches, replace };
});
