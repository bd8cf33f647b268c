// Puts the parts together and gives the one function the host talks to.
//   $: what intrinsics.js gives
//   core: the parts every resolver needs, by name, in order of need
//   seed: four 32-bit numbers, comma-separated
(function ($, core, seed) {
  "use strict";
  const { TypeError } = $;
  $.state = seed.split(",").map((number) => number | 0);
  for (const name of Object.keys(core)) $.install(name, core[name]);

  const { console, extensions, runtime, util } = $.part("util");
  for (const [name, value] of Object.entries({ console, extensions, runtime, util })) {
    $.defineProperty($.global, name, { value, enumerable: true });
  }
  const utils = $.lock({ extensions, runtime, util });
  lockIntrinsics();

  // What evaluations share must not change: a resolver that did would be seen by all.
  function lockIntrinsics() {
    const samples = [
      {},
      [],
      "",
      0,
      true,
      () => {},
      [][$.iterator](),
      ""[$.iterator](),
      new $.Error(),
      new $.RangeError(),
      new $.ReferenceError(),
      new TypeError(),
    ];
    for (const sample of samples) $.lock($.getPrototypeOf(sample));
    for (const name of $.ownNames($.global)) {
      $.lock($.describe($.global, name).value);
      $.defineProperty($.global, name, { writable: false });
    }
    $.freeze($.global);
  }

  const modules = {
    __proto__: null,
    get "@aws-appsync/utils"() {
      return utils;
    },
    get "@aws-appsync/utils/dynamodb"() {
      return $.part("dynamodb");
    },
    get "@aws-appsync/utils/rds"() {
      return $.part("rds");
    },
    get "@aws-appsync/utils/ai"() {
      return $.part("ai");
    },
  };

  const tooManyIterations = () =>
    $.reject("The limit of 1000 loop iterations in an evaluation has been exceeded.");

  const commands = {
    __proto__: null,
    // name, function: a further part
    install: $.install,
    // id, JSON: the table of a time zone
    zone: (id, table) => $.part("calendar").provideZone(id, table),
    // function of a linked script: gives the function that evaluates its modules
    link: (script) => script(modules, tooManyIterations),
    // evaluated modules' function, handler, members passed, "1" if these are all,
    // members the code may change: gives the function to call
    bind: (factory, handler, names, complete, mutable) =>
      $.part("harness").bind(
        factory,
        handler,
        names === "" ? [] : names.split(" "),
        complete === "1",
        mutable === "" ? [] : mutable.split(" "),
      ),
  };
  return (command, ...values) => commands[command](...values);
});
