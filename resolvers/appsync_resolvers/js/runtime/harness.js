// Evaluating handlers. Only texts cross to the host: JSON in, JSON out.
//
// A call gives one of
//   the handler's value as JSON;
//   "?name": `name` is missing (a member of the context, a part of the runtime, a time
//     zone); nothing has happened, provide it and call again;
//   "!" and a JSON object: see `envelope`.
(function ($) {
  "use strict";
  const { TypeError } = $;
  const MEMBERS = [
    "args",
    "arguments",
    "source",
    "identity",
    "request",
    "info",
    "stash",
    "prev",
    "result",
    "error",
    "env",
  ];
  let effects = null;
  let given = null;

  $.effects = () => {
    effects ??= { l: [], e: [], h: [], f: null, i: null, v: [], c: [] };
    return effects;
  };
  $.member = (name) => {
    if (!given.names.includes(name)) throw new $.Need(name);
    return name === "selection" ? given.selection : given.context[name];
  };

  // The selection of ctx.info does not show in JSON.stringify and Object.keys; it must
  // be read directly (developer guide, resolver context object).
  const selection = (name, fallback) => ({
    get: () => $.member("selection")?.[name] ?? fallback,
  });
  const infoPrototype = $.defineProperty(
    $.defineProperty({}, "selectionSetList", selection("list", [])),
    "selectionSetGraphQL",
    selection("graphql", ""),
  );

  // Reading a member that was not passed asks for it. What is passed is learned that
  // way, so a handler costs the JSON of what it reads and no more.
  function withheld(names) {
    const prototype = {};
    for (const name of MEMBERS) {
      const member = name === "arguments" ? "args" : name;
      if (names.includes(member)) continue;
      $.defineProperty(prototype, name, {
        get() {
          throw new $.Need(member);
        },
      });
    }
    return prototype;
  }

  function readOnly(target, name) {
    throw new TypeError(`ctx is readonly. Adding/Updating ${String(name)} is not supported.`);
  }
  function traps(complete) {
    const guards = {
      set: readOnly,
      deleteProperty: readOnly,
      defineProperty: readOnly,
      setPrototypeOf: readOnly,
      preventExtensions: readOnly,
    };
    if (complete) return guards;
    const everything = () => {
      throw new $.Need("*");
    };
    return {
      ...guards,
      ownKeys: everything,
      has: everything,
      getOwnPropertyDescriptor: everything,
    };
  }

  // Gives the function that evaluates one handler.
  //   factory: what a linked script gives, called with the built-in modules
  //   names: the members passed, in the order of the arguments of each call
  //   complete: no other members exist
  //   mutable: members the code may change in place
  function bind(factory, handler, names, complete, mutable) {
    const phase = handler === "request" ? ["result", "error"] : [];
    const prototype = withheld(complete ? MEMBERS : [...names, ...phase]);
    const guards = traps(complete);
    const compared = mutable.filter((name) => names.includes(name));

    return function (...texts) {
      const context = { __proto__: prototype };
      let selected;
      for (let i = 0; i < names.length; i++) {
        const text = texts[i];
        if (text === null) continue;
        const name = names[i];
        const value = $.parse(text);
        if (name === "selection") {
          selected = value;
          continue;
        }
        context[name] = value;
        if (name === "args") context.arguments = value;
        else if (name === "info") $.setPrototypeOf(value, infoPrototype);
      }
      effects = null;
      given = { names, context, selection: selected };
      let value;
      try {
        const exports = factory();
        const call = exports[handler];
        value = call(new $.Proxy(context, guards));
        if (effects === null && compared.length === 0) {
          return $.stringify(value) ?? "null";
        }
        return envelope({ r: value === undefined ? null : value }, changes(texts));
      } catch (error) {
        return failed(error, texts);
      }
    };

    function changes(texts) {
      let written = null;
      for (const name of compared) {
        const value = given.context[name];
        const text = $.stringify(value);
        if (text === undefined || text === texts[names.indexOf(name)]) continue;
        written ??= {};
        written[name] = value;
      }
      return written;
    }

    function failed(error, texts) {
      if (error instanceof $.Need) return `?${error.what}`;
      if ($.isFatal(error)) throw error;
      try {
        if (error instanceof $.Signal) {
          return envelope({ x: error.kind, o: error.content }, changes(texts));
        }
        return envelope({ x: "exception", o: described(error) }, null);
      } catch (second) {
        // What the handler left behind has no JSON, such as a circular stash.
        if ($.isFatal(second)) throw second;
        effects = null;
        return envelope({ x: "exception", o: described(second) }, null);
      }
    }
  }

  function described(error) {
    return {
      n: String(error?.name),
      m: String(error?.message),
      s: String(error?.stack ?? ""),
    };
  }

  //   r: the value, or x: what ended the evaluation and o: its content
  //   w: changed members of the context
  //   l: log lines, e: appended errors, h: response headers, f and i: subscription
  //   filters, v: invalidated subscriptions, c: evicted cache entries
  function envelope(outcome, written) {
    const all = { ...outcome, ...effects };
    if (written !== null) all.w = written;
    return $.join(["!", $.stringify(all)], "");
  }

  return { bind };
});
