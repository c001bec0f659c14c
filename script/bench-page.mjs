// Serves dist/, opens it in fresh windows of Chromium, and prints how many milliseconds passed
// between the start of the navigation and `data-ready="true"`.

import { spawn } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';

const types = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };
const site = createServer((request, response) => {
  const path = new URL(request.url, 'http://site').pathname;
  const file = path === '/' ? '/index.html' : path;
  response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
  createReadStream(`dist${file}`).on('error', () => response.writeHead(404).end()).pipe(response);
});
await new Promise(listening => site.listen(0, '127.0.0.1', listening));
const address = `http://127.0.0.1:${site.address().port}/`;

const driver = spawn('chromedriver', ['--port=0'], { stdio: ['ignore', 'pipe', 'ignore'] });
const driverPort = await new Promise(found => {
  driver.stdout.on('data', text => {
    const told = /successfully on port (\d+)/.exec(text);
    if (told) found(told[1]);
  });
});

const ask = async (method, path, body) => {
  const response = await fetch(`http://127.0.0.1:${driverPort}${path}`, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (value?.error) throw new Error(value.message);
  return value;
};
const whenReady = `
  const done = arguments[0];
  const look = () => document.querySelector('[data-ready=true]') ? done(performance.now()) : setTimeout(look, 1);
  look();`;

try {
  const options = JSON.parse(readFileSync('webdriver.json', 'utf8'));
  const times = [];
  for (let run = 0; run < 10; run += 1) {
    const capabilities = { alwaysMatch: { ...options, pageLoadStrategy: 'eager' } };
    const session = `/session/${(await ask('POST', '/session', { capabilities })).sessionId}`;
    await ask('POST', `${session}/url`, { url: address });
    times.push(Math.round(await ask('POST', `${session}/execute/async`, { script: whenReady, args: [] })));
    await ask('DELETE', session);
  }
  times.sort((a, b) => a - b);
  console.log(`median ${times[5]} ms, all: ${times.join(' ')}`);
} finally {
  driver.kill();
  site.close();
}
