// Node's side of javascript.py: answers as measure.py does. The first line holds, by
// case, the module's code and the context as JSON text; an operation parses that text,
// calls the request handler and makes JSON text of its value.

import { createInterface } from 'node:readline';

const BATCH_MS = 10;

const attribute = (value) => {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: attributes(value) };
};

const attributes = (values) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, attribute(value)]));

const util = {
  dynamodb: { toMapValues: attributes },
  error(message) {
    throw new Error(message);
  },
};

let sink = 0;

function operationOf({ code, context }) {
  const script = code.replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '');
  const handler = new Function('util', `${script}\nreturn request;`)(util);
  return () => {
    const ctx = JSON.parse(context);
    ctx.args = ctx.arguments;
    return JSON.stringify(handler(ctx));
  };
}

function batch(operation, count) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < count; i += 1) sink += operation().length;
  const wall = performance.now() - start;
  const used = process.cpuUsage(cpu);
  return [used.user + used.system, wall];
}

function sample(operation, seconds) {
  let count = 1;
  let end = performance.now() + seconds * 500;
  for (;;) {
    const [, wall] = batch(operation, count);
    if (wall < BATCH_MS) count *= 2;
    else if (performance.now() > end) break;
  }
  const figures = { cpu: [], wall: [] };
  end = performance.now() + seconds * 1000;
  while (performance.now() < end || figures.cpu.length < 3) {
    const [cpu, wall] = batch(operation, count);
    figures.cpu.push(cpu / count);
    figures.wall.push((wall * 1000) / count);
  }
  return figures;
}

let operations;
for await (const line of createInterface({ input: process.stdin })) {
  const read = JSON.parse(line);
  if (!operations) {
    const made = Object.entries(read).map(([key, one]) => [key, operationOf(one)]);
    operations = Object.fromEntries(made);
    continue;
  }
  const operation = operations[read.case];
  const given = read.seconds ? sample(operation, read.seconds) : { value: JSON.parse(operation()) };
  process.stdout.write(`${JSON.stringify(given)}\n`);
}
