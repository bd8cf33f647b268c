// What the scripts share: a line of JSON for whatever happens, and sockets that tell.

import { webcrypto } from 'node:crypto';
import WebSocket from 'ws';

export const options = JSON.parse(process.argv[3]);

const lines = [];
const waiting = new Set();

/** Prints a value and wakes whoever waits for it. */
export function tell(name, value = null) {
  process.stdout.write(`${JSON.stringify({ [name]: value })}\n`);
  lines.push([name, value]);
  for (const look of waiting) look();
}

/** Settles once `times` values of that name, matching if asked, have been told. */
export function told(name, matches = () => true, times = 1) {
  return new Promise((resolve) => {
    const look = () => {
      const found = lines.filter(([other, value]) => other === name && matches(value));
      if (found.length < times) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });
}

// Clients take these two from the globals; Node.js has them from 19 and 22 on.
globalThis.crypto ??= webcrypto;
globalThis.WebSocket = class extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols);
    tell('socket', String(url));
    this.addEventListener('message', ({ data }) => {
      const { type, id } = JSON.parse(data);
      tell('frame', { type, id });
    });
  }
};

/** Runs the scenario that the command line names, then ends: clients keep sockets open. */
export async function main(scenarios) {
  setTimeout(() => {
    console.error('The last line was not the last one that should come.');
    process.exit(1);
  }, 20_000);
  await scenarios[process.argv[2]]();
  process.exit(0);
}
