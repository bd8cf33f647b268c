// The language as APPSYNC_JS has it: what AppSync lacks is taken away, what is left is
// guarded and frozen, so that no evaluation can change what the next one sees.
// Source: AppSync developer guide, supported runtime features; the methods that
// @aws-appsync/eslint-plugin lists as not implemented.
(function () {
  "use strict";
  const $ = { __proto__: null };
  const global = globalThis;
  const { Error, InternalError, RangeError, ReferenceError, TypeError } = global;
  Error.stackTraceLimit = 32; // deep enough to reach the user through a library
  $.global = global;
  $.Error = Error;
  $.RangeError = RangeError;
  $.ReferenceError = ReferenceError;
  $.TypeError = TypeError;
  $.iterator = Symbol.iterator;
  const bind = Function.prototype.call.bind.bind(Function.prototype.call);
  const method = (owner, name) => bind(owner[name]);

  // What the runtime itself needs of the things that go.
  $.apply = Reflect.apply;
  $.now = Date.now;
  $.utc = Date.UTC;
  $.parse = JSON.parse;
  $.stringify = JSON.stringify;
  $.RegExp = RegExp;
  $.BigInt = BigInt;
  $.Map = Map;
  $.Proxy = Proxy;
  $.Uint8Array = Uint8Array;
  $.freeze = Object.freeze;
  $.isFrozen = Object.isFrozen;
  $.ownNames = Object.getOwnPropertyNames;
  $.describe = Object.getOwnPropertyDescriptor;
  $.defineProperty = Object.defineProperty;
  $.setPrototypeOf = Object.setPrototypeOf;
  $.getPrototypeOf = Object.getPrototypeOf;
  $.fromCharCode = String.fromCharCode;
  $.fromCodePoint = String.fromCodePoint;
  $.charCodeAt = method(String.prototype, "charCodeAt");
  $.codePointAt = method(String.prototype, "codePointAt");
  $.padStart = method(String.prototype, "padStart");
  $.repeat = method(String.prototype, "repeat");
  $.replaceText = method(String.prototype, "replaceAll");
  $.join = method(Array.prototype, "join");
  $.exec = method(RegExp.prototype, "exec");
  $.isPlain = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  $.stack = () => new Error().stack;

  // Thrown to say what is missing: the caller provides it and calls again.
  $.Need = class {
    constructor(what) {
      this.what = what;
    }
  };
  // Thrown by util.error, util.unauthorized and runtime.earlyReturn.
  $.Signal = class {
    constructor(kind, content) {
      this.kind = kind;
      this.content = content;
    }
  };
  // Thrown by the libraries; the message carries the caller's position but no name.
  $.reject = (message) => {
    throw new $.Signal("rejection", { m: message, s: $.stack() });
  };
  $.isFatal = (error) => error instanceof InternalError;

  const remove = (owner, names) => {
    for (const name of names.split(" ")) delete owner[name];
  };
  const define = (owner, name, value) =>
    $.defineProperty(owner, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });

  // No honest array in AppSync comes near this; an array's length can be 4 billion.
  const MAX = 4194304;

  guardArrays();
  guardJson();
  guardStrings();
  removeMethods();
  removeGlobals();

  // A few native methods run through `length` without looking at the time limit.
  function guardArrays() {
    const NativeArray = Array;
    const prototype = NativeArray.prototype;
    const { isArray } = NativeArray;
    const check = (array) => {
      if (!isArray(array)) throw new TypeError("not an array");
      if (array.length > MAX) throw new RangeError("Invalid array length");
    };
    const replace = (names, make) => {
      for (const name of names.split(" ")) {
        define(prototype, name, make(prototype[name], bind(prototype[name])));
      }
    };
    const callbacks =
      "every filter find findIndex findLast findLastIndex flatMap forEach map some";
    replace(callbacks, (native, invoke) => function (callback, self) {
      check(this);
      return invoke(this, callback, self);
    });
    replace("reduce reduceRight", (native, invoke) => function (callback, ...initial) {
      check(this);
      return initial.length ? invoke(this, callback, initial[0]) : invoke(this, callback);
    });
    replace("join slice fill", (native, invoke) => function (first, second, third) {
      check(this);
      return invoke(this, first, second, third);
    });
    const others =
      "includes indexOf lastIndexOf reverse shift splice toReversed toSpliced unshift with";
    replace(others, (native) => function (...values) {
      check(this);
      return $.apply(native, this, values);
    });
    replace("sort toSorted", (native, invoke) => function (...values) {
      check(this);
      if (values.length) throw new TypeError("sort does not support arguments");
      return invoke(this);
    });
    replace("concat", (native) => function (...values) {
      check(this);
      for (const value of values) if (isArray(value)) check(value);
      return $.apply(native, this, values);
    });
    define(prototype, "flat", function (depth = 1) {
      const flattened = [];
      const add = (array, left) => {
        check(array);
        for (const value of array) {
          if (left > 0 && isArray(value)) add(value, left - 1);
          else flattened.push(value);
        }
      };
      add(this, depth);
      return flattened;
    });
    const Guarded = function Array(...values) {
      if (values.length === 1 && values[0] > MAX) {
        throw new RangeError("Invalid array length");
      }
      return new NativeArray(...values);
    };
    $.defineProperty(Guarded, "prototype", { value: prototype, writable: false });
    Guarded.isArray = isArray;
    define(global, "Array", Guarded);
  }

  // JSON.stringify is one native call that does not look at the time limit; but it asks
  // every container for `toJSON`, and calling a getter does.
  function guardJson() {
    const accept = (prototype, get) =>
      $.defineProperty(prototype, "toJSON", {
        get,
        set(own) {
          $.defineProperty(this, "toJSON", {
            value: own,
            writable: true,
            configurable: true,
            enumerable: true,
          });
        },
        configurable: true,
      });
    accept(Object.prototype, () => undefined);
    accept(Array.prototype, function () {
      if (this.length > MAX) throw new RangeError("Invalid array length");
      return undefined;
    });
  }

  // The first argument of replace, replaceAll and match is a regular expression of
  // Java's: "Java-styled regex constructs are supported in the provided parameter".
  function guardStrings() {
    const prototype = String.prototype;
    const plain = /^[^\\^$.|?*+()[\]{}]*$/;
    const MAX_MADE = 33554432;
    const isPlain = (text) => $.exec(plain, text) !== null;
    for (const name of ["replace", "replaceAll"]) {
      const native = bind(prototype[name]);
      const all = name === "replaceAll";
      define(prototype, name, function (pattern, replacement) {
        if (typeof replacement === "function") {
          throw new TypeError(`${name} does not take a function`);
        }
        const found = String(pattern);
        const text = String(replacement);
        // The native method would not look at the time limit while it makes this.
        if (all && this.length * text.length > MAX_MADE) {
          throw new RangeError("Invalid string length");
        }
        if (isPlain(found) && isPlain(text)) return native(this, found, text);
        return $.part("regex").replace(String(this), found, text, all);
      });
    }
    define(prototype, "match", function (pattern) {
      return $.part("regex").match(String(this), String(pattern));
    });
    const parse = $.parse;
    define(JSON, "parse", function (text) {
      // "Returns a blank string if the given input is invalid JSON" instead of throwing.
      try {
        return parse(text);
      } catch (error) {
        if ($.isFatal(error)) throw error;
        return "";
      }
    });
  }

  function removeMethods() {
    remove(Array.prototype, "constructor copyWithin entries keys toLocaleString values");
    remove(
      Object,
      "create defineProperties defineProperty freeze getOwnPropertyDescriptor" +
        " getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols" +
        " getPrototypeOf is isExtensible isFrozen isSealed preventExtensions seal" +
        " setPrototypeOf",
    );
    remove(
      Object.prototype,
      "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString" +
        " __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__",
    );
    remove(String, "fromCharCode fromCodePoint");
    remove(
      String.prototype,
      "constructor charCodeAt localeCompare matchAll padEnd padStart repeat search" +
        " toLocaleLowerCase toLocaleUpperCase anchor big blink bold fixed fontcolor" +
        " fontsize italics link small strike sub sup",
    );
    remove(
      Math,
      "abs sqrt acos asin atan atan2 cos exp log pow sin tan trunc sign cosh sinh tanh" +
        " acosh asinh atanh expm1 log1p log2 log10 cbrt hypot f16round fround imul clz32" +
        " sumPrecise",
    );
    remove(Number.prototype, "constructor");
    remove(Boolean.prototype, "constructor");
    remove(
      Function.prototype,
      "apply arguments bind call caller columnNumber constructor fileName lineNumber" +
        " toString",
    );
    // Ways to the compiler that need no name.
    for (const start of [function* () {}, async () => {}, async function* () {}]) {
      delete $.getPrototypeOf(start).constructor;
    }
    // A frozen prototype forbids assigning a property of the same name to a plain
    // object; accessors allow it.
    for (const name of ["toString", "valueOf"]) {
      const value = $.freeze(Object.prototype[name]);
      $.defineProperty(Object.prototype, name, {
        get: () => value,
        set(own) {
          $.defineProperty(this, name, {
            value: own,
            writable: true,
            configurable: true,
            enumerable: true,
          });
        },
        configurable: true,
      });
    }
  }

  function removeGlobals() {
    const kept = new Set(
      (
        "Array Boolean Infinity JSON Math NaN Number Object String decodeURI" +
        " decodeURIComponent encodeURI encodeURIComponent isFinite isNaN parseFloat" +
        " parseInt undefined"
      ).split(" "),
    );
    const names = $.ownNames(global);
    for (const name of names) if (!kept.has(name)) delete global[name];
  }

  // Parts are other files of the runtime, loaded when first used.
  const parts = { __proto__: null };
  $.part = (name) => {
    const part = parts[name];
    if (part === undefined) throw new $.Need(`part:${name}`);
    return part;
  };
  $.install = (name, make) => {
    const part = make($);
    nameFunctions(part);
    parts[name] = $.lock(part);
  };
  // Names in stack traces tell which call of the user's a message is about.
  function nameFunctions(owner) {
    for (const name of Object.keys(owner)) {
      const value = owner[name];
      if (typeof value === "function") $.defineProperty(value, "name", { value: name });
      else if ($.isPlain(value) && !$.isFrozen(value)) nameFunctions(value);
    }
  }
  $.lock = (value) => {
    if (typeof value !== "object" && typeof value !== "function") return value;
    if (value === null || $.isFrozen(value)) return value;
    $.freeze(value);
    for (const name of $.ownNames(value)) {
      const descriptor = $.describe(value, name);
      $.lock(descriptor.value);
      $.lock(descriptor.get);
      $.lock(descriptor.set);
    }
    return value;
  };
  return $;
});
