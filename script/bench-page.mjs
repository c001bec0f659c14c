// Opens dist/ in fresh windows of Chromium, and prints how many milliseconds passed between the
// start of the navigation and `data-ready="true"`.

import { address, ask, close, inWindow, run } from './bench-browser.mjs';

const whenReady = `
  const done = arguments[0];
  const look = () => document.querySelector('[data-ready=true]') ? done(performance.now()) : setTimeout(look, 1);
  look();`;

try {
  const times = [];
  for (let time = 0; time < 10; time += 1) {
    times.push(await inWindow(async session => {
      await ask('POST', `${session}/url`, { url: address });
      return Math.round(await run(session, whenReady));
    }));
  }
  times.sort((a, b) => a - b);
  console.log(`median ${times[5]} ms, all: ${times.join(' ')}`);
} finally {
  close();
}
