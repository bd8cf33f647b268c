// Runs the checks on a page in Chromium: node browser.mjs CLIENT OPTIONS

import { createServer } from 'node:http';
import { once } from 'node:events';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { askFor, writeLine } from './runner.mjs';

const [client, text] = process.argv.slice(2);
const options = JSON.parse(text);

/** Serves the page, and the client in it, from an origin of their own. */
async function serve() {
  const script = `
    import { checks } from './checks.mjs';
    import { connector } from './${client}.mjs';
    import { play, watched } from './lines.mjs';
    window.WebSocket = watched(window.WebSocket);
    window.run = (options) => play(checks(connector(options), options), options.seconds);`;
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: import.meta.dirname ?? process.cwd() },
    bundle: true,
    write: false,
    format: 'iife',
  });
  const page = '<!doctype html><meta charset="utf-8"><script src="/page.js"></script>';
  const files = {
    '/': ['text/html; charset=utf-8', page],
    '/page.js': ['text/javascript; charset=utf-8', outputFiles[0].contents],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(request.url in files ? 200 : 404, { 'content-type': type }).end(body);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return `http://localhost:${server.address().port}`;
}

/** Tells the requests that the browser makes of its own accord, and their answers. */
async function tellPreflights(page) {
  const asked = new Map();
  const protocol = await page.context().newCDPSession(page);
  protocol.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.method === 'OPTIONS') asked.set(requestId, request);
  });
  protocol.on('Network.responseReceived', ({ requestId, response }) => {
    const request = asked.get(requestId);
    if (!request) return;
    const preflight = {
      asked: request.headers,
      status: response.status,
      answered: response.headers,
    };
    writeLine(JSON.stringify({ preflight }));
  });
  await protocol.send('Network.enable');
}

const browser = await chromium.launch({ executablePath: options.chromium });
const page = await browser.newPage();
page.on('pageerror', (error) => console.error(error));
page.on('console', (message) => console.error(message.text()));
await page.exposeFunction('writeLine', writeLine);
await page.exposeFunction('askFor', askFor);
await tellPreflights(page);
await page.goto(await serve());
await page.evaluate((given) => window.run(given), options);
await browser.close();
process.exit(0);
