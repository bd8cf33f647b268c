// The way to whoever started this process: lines out, and a line in for each that asks.

import { createInterface } from 'node:readline';

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export const writeLine = (line) => process.stdout.write(`${line}\n`);

/** Asks for something and settles when it has been done. */
export async function askFor(what) {
  writeLine(JSON.stringify({ asked: what }));
  await answers.next();
}
