// Runs a Node handler: a client of the Lambda Runtime API.
//
// It needs nothing but Node. It behaves as AWS's own runtime for Node does: the order in
// which files are tried, callbacks and promises, the names and texts of errors, the
// context object, the format of console lines.

import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import util from "node:util";

const INVOCATION = "/2018-06-01/runtime/invocation/";
const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const env = process.env;
const root = env.LAMBDA_TASK_ROOT;
const version = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV ?? "")?.[1]);

class RuntimeError extends Error {
  constructor(name, message, stack) {
    super(message);
    Object.defineProperty(this, "name", { value: `Runtime.${name}` });
    if (stack !== undefined) this.stack = stack;
  }
}

// --- the Runtime API -----------------------------------------------------------------

// A keep-alive connection that does not keep the process busy while a handler runs:
// whether a handler's event loop is empty must not depend on it.
class RuntimeClient {
  #socket;
  #received = Buffer.alloc(0);
  #waiting = [];

  constructor(address) {
    const at = address.lastIndexOf(":");
    this.#socket = net.connect(Number(address.slice(at + 1)), address.slice(0, at));
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (data) => this.#take(data));
    const gone = () => process.exit(0); // so has the emulator
    this.#socket.on("close", gone).on("error", gone);
  }

  // Send `data`; the answers to it come in order.
  request(data, answers = 1) {
    this.#socket.ref();
    this.#socket.write(data);
    const received = [];
    for (let i = 0; i < answers; i += 1) {
      received.push(new Promise((resolve) => this.#waiting.push(resolve)));
    }
    return received;
  }

  // Send a part of a request; `done` is called when there is room for the next one.
  write(data, done) {
    this.#socket.ref();
    this.#socket.write(data, done);
  }

  #take(data) {
    this.#received = this.#received.length ? Buffer.concat([this.#received, data]) : data;
    while (this.#waiting.length) {
      const answer = this.#parse();
      if (answer === null) return;
      const resolve = this.#waiting.shift();
      if (!this.#waiting.length) this.#socket.unref();
      resolve(answer);
    }
  }

  #parse() {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return null;
    const [status, ...lines] = this.#received.toString("utf8", 0, end).split("\r\n");
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(":");
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const stop = end + 4 + Number(headers["content-length"]);
    if (this.#received.length < stop) return null;
    const body = this.#received.toString("utf8", end + 4, stop);
    this.#received = this.#received.subarray(stop);
    return { status: Number(status.split(" ")[1]), headers, body };
  }
}

const NEXT = Buffer.from(`GET ${INVOCATION}next HTTP/1.1\r\nHost: runtime\r\n\r\n`);

function post(url, body, headers = "") {
  const size = Buffer.byteLength(body);
  const head =
    `POST ${url} HTTP/1.1\r\nHost: runtime\r\n` +
    `${headers}Content-Length: ${size}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

// --- errors and the console ----------------------------------------------------------

function describe(error) {
  try {
    const native = util.types.isNativeError(error);
    if (native || (error?.name && error?.message && error?.stack)) {
      return {
        errorType: error.name,
        errorMessage: error.message,
        trace: error.stack.split("\n"),
      };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while " +
        "retrieving one or more of its message, name, and stack",
    };
  }
}

let requestId;

function patchConsole() {
  const levels = { trace: "TRACE", debug: "DEBUG", info: "INFO", log: "INFO" };
  Object.assign(levels, { warn: "WARN", error: "ERROR", fatal: "FATAL" });
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => {
      const text = util.format(...values);
      const head = `${new Date().toISOString()}\t${requestId}\t${level}\t`;
      process.stdout.write(`${head}${text}\n`);
    };
  }
}

function logError(what, error) {
  const shown = error instanceof Error ? error : new Error(error);
  const { errorType, errorMessage, trace } = describe(shown);
  const text = { errorType, errorMessage, code: shown.code, ...shown, stack: trace };
  let line;
  try {
    line = JSON.stringify(text);
  } catch {
    line = JSON.stringify({ errorType, errorMessage, trace });
  }
  console.error(what, `\t${line}`);
}

// --- the function's own code ---------------------------------------------------------

// Whether the nearest package.json makes .js files ES modules.
function isModuleFolder(folder) {
  for (let at = folder; !at.endsWith(`${path.sep}node_modules`); at = path.dirname(at)) {
    const file = path.join(at, "package.json");
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, "utf8")).type === "module";
      } catch {
        return false;
      }
    }
    if (at === path.dirname(at)) return false;
  }
  return false;
}

async function loadModule(folder, name) {
  const require = createRequire(import.meta.url);
  const base = path.resolve(root, folder, name);
  const module = isModuleFolder(path.dirname(base));
  const ways = [
    ["", "require"],
    [".js", module ? "import" : "require"],
    [".mjs", "import"],
    [".cjs", "require"],
  ];
  if (process.features.typescript) {
    ways.push([".ts", module ? "import" : "require"]);
    ways.push([".mts", "import"], [".cts", "require"]);
  }
  for (const [extension, way] of ways) {
    const file = base + extension;
    if (fs.existsSync(file) && fs.statSync(file).isFile()) {
      return way === "import" ? import(pathToFileURL(file)) : require(file);
    }
  }
  return require(require.resolve(name, { paths: [root, path.resolve(root, folder)] }));
}

async function loadHandler(full) {
  if (full.includes("..")) {
    throw new RuntimeError(
      "MalformedHandlerName",
      `'${full}' is not a valid handler name. Use absolute paths when specifying ` +
        "root directories in handler names.",
    );
  }
  const last = path.basename(full);
  const folder = full.slice(0, full.indexOf(last));
  const parts = /^([^.]*)\.(.*)$/.exec(last);
  if (!parts) throw new RuntimeError("MalformedHandlerName", "Bad handler");
  let loaded;
  try {
    loaded = await loadModule(folder, parts[1]);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError("UserCodeSyntaxError", String(error), error.stack);
    }
    if (error?.code === "MODULE_NOT_FOUND") {
      throw new RuntimeError("ImportModuleError", String(error));
    }
    throw error;
  }
  const handler = parts[2].split(".").reduce((value, key) => value?.[key], loaded);
  if (!handler) {
    throw new RuntimeError("HandlerNotFound", `${full} is undefined or not exported`);
  }
  if (typeof handler !== "function") {
    throw new RuntimeError("HandlerNotFound", `${full} is not a function`);
  }
  if (handler.length >= 3 && !handler[STREAMING] && version >= 24) {
    throw new RuntimeError(
      "CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers " +
        "starting with Node.js 24. You need to modify this function to use a " +
        "supported handler signature to use Node.js 24 or later. For more information " +
        "see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  return handler;
}

// `awslambda`, the global of functions that stream their response.
globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[STREAMING] = "response";
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType("application/vnd.awslambda.http-integration-response");
      stream.prelude = [Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8)];
      return stream;
    },
  },
};

const CRLF = Buffer.from("\r\n");

// What a streaming handler writes to: each piece goes out at once. Who asked for the
// response as a whole gets it when it is complete; that is the emulator's business.
class ResponseStream extends Writable {
  #client;
  #url;
  #type = "application/octet-stream";
  prelude = [];
  begun = false;

  constructor(client, url) {
    super();
    this.#client = client;
    this.#url = url;
  }

  setContentType(type) {
    this.#type = type;
  }

  _write(part, _encoding, done) {
    const parts = this.begun ? [] : [this.head(), ...this.prelude.map(chunk)];
    if (part.length) parts.push(chunk(part));
    this.#client.write(Buffer.concat(parts), done);
  }

  // The beginning of the request that carries the response.
  head() {
    this.begun = true;
    return Buffer.from(
      `POST ${this.#url} HTTP/1.1\r\nHost: runtime\r\n` +
        "Lambda-Runtime-Function-Response-Mode: streaming\r\n" +
        `Content-Type: ${this.#type}\r\nTransfer-Encoding: chunked\r\n` +
        "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body" +
        "\r\n\r\n",
    );
  }
}

function chunk(part) {
  return Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, CRLF]);
}

// The end of a streamed response; an error that cuts it off travels in trailers.
function lastChunk(error) {
  if (error === undefined) return Buffer.from("0\r\n\r\n");
  const body = Buffer.from(JSON.stringify(error)).toString("base64");
  const type = String(error.errorType).replace(/[^ -~]/g, "?");
  return Buffer.from(
    `0\r\nLambda-Runtime-Function-Error-Type: ${type}\r\n` +
      `Lambda-Runtime-Function-Error-Body: ${body}\r\n\r\n`,
  );
}

// --- events --------------------------------------------------------------------------

function parseHeader(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parseHeader(headers["lambda-runtime-client-context"], "ClientContext"),
    identity: parseHeader(headers["lambda-runtime-cognito-identity"], "CognitoIdentity"),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function stringify(value) {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? "null";
  } catch {
    const message = "Unable to stringify response body";
    throw version >= 24 ? new RuntimeError("JSONStringifyError", message) : new Error(message);
  }
}

class Worker {
  #client;
  #handler;
  #state = "initialising"; // then "waiting" for an event, or "working" on one
  #whenEmpty = null; // called when the event loop has nothing left to do

  constructor(client, handler) {
    this.#client = client;
    this.#handler = handler;
    process.on("beforeExit", () => {
      const then = this.#whenEmpty;
      this.#whenEmpty = null;
      then?.();
    });
  }

  start() {
    this.#state = "waiting";
    this.#take(...this.#client.request(NEXT));
  }

  // Report what came of an event and ask for the next one, in one message.
  #report(request) {
    this.#state = "waiting";
    const [reported, next] = this.#client.request(Buffer.concat([request, NEXT]), 2);
    reported.then(({ status, body }) => {
      if (status !== 202) console.error(`The response was refused: ${body}`);
    });
    this.#take(next);
  }

  #succeed(value) {
    let body;
    try {
      body = stringify(value);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#report(post(`${INVOCATION}${requestId}/response`, body));
  }

  #fail(error) {
    logError("Invoke Error", error);
    this.#report(post(`${INVOCATION}${requestId}/error`, JSON.stringify(describe(error))));
  }

  // Report an error that leaves the process in an unknown state, and end it.
  die(error, code) {
    if (this.#state === "waiting") process.exit(code);
    const url =
      this.#state === "initialising"
        ? "/2018-06-01/runtime/init/error"
        : `${INVOCATION}${requestId}/error`;
    const body = JSON.stringify(describe(error));
    this.#client.request(post(url, body))[0].then(() => process.exit(code));
  }

  async #take(answer) {
    const { headers, body } = await answer;
    requestId = headers["lambda-runtime-aws-request-id"];
    env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"] ?? "";
    this.#state = "working";
    if (this.#handler[STREAMING]) await this.#stream(headers, body);
    else this.#call(headers, body);
  }

  #call(headers, body) {
    let waitForEmptyLoop = true;
    // Only the first report of an event counts.
    let reported = false;
    const once = (then) => (...values) => {
      if (reported) return;
      reported = true;
      this.#whenEmpty = null;
      then(...values);
    };
    const settle = (error, value) => {
      if (error !== undefined && error !== null) this.#fail(error);
      else this.#succeed(value);
    };
    const done = once(settle);
    const callback = once((error, value) => {
      if (waitForEmptyLoop && (error === undefined || error === null)) {
        this.#whenEmpty = () => this.#succeed(value);
      } else {
        settle(error, value);
      }
    });
    // What happens when the handler never reports: a promise that nobody settles is an
    // error, a callback that nobody calls is null.
    const async = this.#handler.constructor?.name === "AsyncFunction";
    this.#whenEmpty = once(() => (async ? this.#fail(neverSettled()) : this.#succeed(null)));
    try {
      const context = Object.assign(
        {
          get callbackWaitsForEmptyEventLoop() {
            return waitForEmptyLoop;
          },
          set callbackWaitsForEmptyEventLoop(value) {
            waitForEmptyLoop = value;
          },
          succeed: (value) => done(null, value),
          fail: (error) => done(error ?? "handled"),
          done,
        },
      );
      Object.assign(context, contextOf(headers));
      const result = this.#handler(JSON.parse(body), context, callback);
      if (typeof result?.then === "function") {
        result.then(context.succeed, context.fail);
      }
    } catch (error) {
      callback(error);
    }
  }

  async #stream(headers, body) {
    const stream = new ResponseStream(this.#client, `${INVOCATION}${requestId}/response`);
    const ended = new Promise((resolve, reject) => {
      stream.on("finish", resolve).on("error", reject);
    });
    ended.catch(() => {});
    let request;
    try {
      const result = this.#handler(JSON.parse(body), stream, contextOf(headers));
      if (typeof result?.then !== "function") {
        throw "Streaming does not support non-async handlers.";
      }
      await result;
      if (!stream.writableEnded) throw "Response stream is not finished.";
      await ended;
      const head = stream.begun ? [] : [stream.head(), ...stream.prelude.map(chunk)];
      request = Buffer.concat([...head, lastChunk()]);
    } catch (error) {
      logError("Invoke Error", error);
      const told = describe(error);
      stream.destroy(); // what it still had to write comes no more
      request = stream.begun
        ? lastChunk(told)
        : post(`${INVOCATION}${requestId}/error`, JSON.stringify(told));
    }
    this.#report(request);
  }
}

function neverSettled() {
  return new RuntimeError(
    "NodeJsExit",
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most " +
      "commonly caused by a Promise that was never settled. For more information, see " +
      "https://nodejs.org/docs/latest/api/process.html#exit-codes",
  );
}

patchConsole();
if (env.APPSYNC_EMULATOR_DEBUG_PORT) {
  const { default: inspector } = await import("node:inspector");
  console.log(`Waiting for a debugger at port ${env.APPSYNC_EMULATOR_DEBUG_PORT}.`);
  inspector.open(Number(env.APPSYNC_EMULATOR_DEBUG_PORT), "127.0.0.1", true);
}
const client = new RuntimeClient(env.AWS_LAMBDA_RUNTIME_API);
let worker = new Worker(client, () => {});

process.on("uncaughtException", (error) => {
  logError("Uncaught Exception", error);
  worker.die(error, 129);
});
process.on("unhandledRejection", (reason) => {
  const error = new RuntimeError("UnhandledPromiseRejection", String(reason));
  logError("Unhandled Promise Rejection", error);
  worker.die(error, 128);
});

try {
  worker = new Worker(client, await loadHandler(env._HANDLER));
  worker.start();
} catch (error) {
  logError("Uncaught Exception", error);
  worker.die(error, 129);
}
