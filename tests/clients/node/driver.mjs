// Runs the checks in Node.js: node driver.mjs CLIENT OPTIONS

import { webcrypto } from 'node:crypto';
import WebSocket from 'ws';
import { checks } from './checks.mjs';
import { play, watched } from './lines.mjs';
import { askFor, writeLine } from './runner.mjs';

// Clients take these two from the globals; Node.js has them from 19 and 22 on.
globalThis.crypto ??= webcrypto;
globalThis.WebSocket = watched(WebSocket);
Object.assign(globalThis, { askFor, writeLine });

const [client, text] = process.argv.slice(2);
const options = JSON.parse(text);
const { connector } = await import(`./${client}.mjs`);
await play(checks(connector(options), options), options.seconds);
process.exit(0); // clients keep sockets open
