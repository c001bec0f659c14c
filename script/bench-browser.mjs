// Serves dist/ on this machine and opens it in fresh windows of Chromium: for the benchmarks.

import { spawn } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { createGzip } from 'node:zlib';

const types = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };
const site = createServer((request, response) => {
  const path = new URL(request.url, 'http://site').pathname;
  const file = path === '/' ? '/index.html' : path;
  response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
  const content = createReadStream(`dist${file}`).on('error', () => response.writeHead(404).end());
  if (!process.env.COMPRESS) return content.pipe(response);
  response.setHeader('content-encoding', 'gzip');
  content.pipe(createGzip()).pipe(response);
});
await new Promise(listening => site.listen(0, '127.0.0.1', listening));
export const address = `http://127.0.0.1:${site.address().port}/`;

const driver = spawn('chromedriver', ['--port=0'], { stdio: ['ignore', 'pipe', 'ignore'] });
/** The process from which all of the browser descends. */
export const driverProcess = driver.pid;
const driverPort = await new Promise(found => {
  driver.stdout.on('data', text => {
    const told = /successfully on port (\d+)/.exec(text);
    if (told) found(told[1]);
  });
});

export const ask = async (method, path, body) => {
  const response = await fetch(`http://127.0.0.1:${driverPort}${path}`, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (value?.error) throw new Error(value.message);
  return value;
};

/** Opens a fresh window, hands its session over, and closes it. */
export async function inWindow(use) {
  const options = JSON.parse(readFileSync('webdriver.json', 'utf8'));
  const capabilities = { alwaysMatch: { ...options, pageLoadStrategy: 'eager' } };
  const session = `/session/${(await ask('POST', '/session', { capabilities })).sessionId}`;
  try {
    return await use(session);
  } finally {
    await ask('DELETE', session);
  }
}

/** Runs a script that calls its last argument when it is done. */
export const run = (session, script) => ask('POST', `${session}/execute/async`, { script, args: [] });

/** Nothing is left running. */
export function close() {
  driver.kill();
  site.close();
}
