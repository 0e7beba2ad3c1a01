// Checks of a client library: prints "ok NAME" or "not ok NAME: why" for each. Arguments: host, port, password, path of a unix socket.
'use strict';
const [host, port, password, socket] = process.argv.slice(2);
const limit = 15000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(condition, what) {
  for (const end = Date.now() + 10000; !(await condition()); await sleep(10)) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
  }
}

// The next event of that name, with its arguments.
const next = (emitter, event) => new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));

async function rejects(promise, text) {
  try {
    await promise;
  } catch (error) {
    if (!error.message.includes(text)) throw new Error(`another error: ${error.message}`);
    return;
  }
  throw new Error(`not rejected: ${text}`);
}

async function run(checks) {
  let failed = false;
  // What a failed check left behind must not end the others.
  process.on('unhandledRejection', (error) => {
    failed = true;
    console.log(`not ok unhandled: ${error.message.replace(/\s+/g, ' ')}`);
  });
  for (const check of checks) {
    try {
      let timer;
      const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('not in time')), limit); });
      await Promise.race([check(), late]);
      clearTimeout(timer);
      console.log(`ok ${check.name}`);
    } catch (error) {
      failed = true;
      const line = /\/Scripts\/(?!suite)[^)]*?:(\d+):/.exec(error.stack);
      console.log(`not ok ${check.name}: line ${line ? line[1] : '?'}: ${error.message.replace(/\s+/g, ' ')}`);
    }
  }
  // Connections that a failed check left open must not keep the process alive.
  process.exit(failed ? 1 : 0);
}

module.exports = { host, port: Number(port), password, socket, sleep, until, next, rejects, run };
