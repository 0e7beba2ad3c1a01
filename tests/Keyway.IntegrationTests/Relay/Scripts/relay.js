// ioredis and node-redis write to a relay as to a server. Arguments: port, password.
'use strict';
const assert = require('node:assert/strict');
const Redis = require('ioredis');
const { createClient } = require('redis');

const [port, password] = process.argv.slice(2);

async function ioredis() {
  const r = new Redis({ port: Number(port), password, connectionName: 'io', maxRetriesPerRequest: 2 });
  assert.equal(await r.set('io', 'v', 'EX', 60), 'OK');
  assert.equal(await r.get('io'), null);
  assert.equal(await r.sadd('io-set', 'a', 'b'), 2);
  assert.equal(await r.hset('io-hash', { b: 1, a: 2 }), 2);
  assert.match(await r.xadd('io-stream', '*', 'f', 'v'), /^\d+-\d+$/);
  assert.equal(await r.call('RAWSET', '{"io":"raw"}'), 'OK');
  assert.deepEqual(await r.multi().set('io-multi', '1').sadd('io-multi-set', 'm').exec(), [[null, 'OK'], [null, 1]]);
  assert.deepEqual(await r.pipeline().set('io-pipe-1', 'v').set('io-pipe-2', 'v').exec(), [[null, 'OK'], [null, 'OK']]);
  await assert.rejects(r.set('io', 'v', 'NX'), /NX/);
  await r.quit();
}

async function nodeRedis(RESP) {
  const r = createClient({ RESP, url: `redis://:${password}@127.0.0.1:${port}` });
  r.on('error', (error) => { throw error; });
  await r.connect();
  assert.equal(await r.set('node', 'v', { EX: 60 }), 'OK');
  assert.equal(await r.get('node'), null);
  assert.equal(await r.sAdd('node-set', ['a', 'b']), 2);
  assert.equal(await r.hSet('node-hash', { b: '1', a: '2' }), 2);
  assert.match(await r.xAdd('node-stream', '*', { f: 'v' }), /^\d+-\d+$/);
  assert.equal(await r.publish('node-channel', 'm'), 1);
  assert.deepEqual(await r.multi().set('node-multi', '1').sAdd('node-multi-set', 'm').exec(), ['OK', 1]);
  await r.quit();
}

(async () => {
  await ioredis();
  await nodeRedis(2);
  await nodeRedis(3);
  console.log('all right');
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
