'use strict';
const assert = require('node:assert/strict');
const { createClient, createClientPool, RESP_TYPES, WatchError } = require('redis');
const { host, port, password, socket, sleep, until, next, rejects, run } = require('./suite.js');

const RESP = Number(process.argv[6]);
// Streams in RESP3 come as the server sends them, which the library calls unstable.
const options = (more) => ({ RESP, unstableResp3: true, password, socket: { host, port }, ...more });
const plain = (reply) => JSON.parse(JSON.stringify(reply));

async function connect(more) {
  const client = createClient(options(more));
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function using(more, action) {
  const client = await connect(more);
  try {
    return await action(client);
  } finally {
    client.destroy();
  }
}

let r;

run([
  async function connecting() {
    r = await connect({ name: 'node-redis' });
    assert.equal(await r.ping(), 'PONG');
    assert.equal(await r.clientGetName(), 'node-redis');
  },
  async function commands() {
    assert.equal(await r.set('s', 'grüße', { EX: 60 }), 'OK');
    assert.equal(await r.get('s'), 'grüße');
    assert.equal(await r.get('none'), null);
    await r.hSet('h', { a: '1', b: 'zwei' });
    assert.deepEqual({ ...(await r.hGetAll('h')) }, { a: '1', b: 'zwei' });
    await r.zAdd('z', [{ score: 1, value: 'x' }, { score: 2.5, value: 'y' }]);
    assert.deepEqual((await r.zRangeWithScores('z', 0, -1)).map((member) => ({ ...member })), [{ value: 'x', score: 1 }, { value: 'y', score: 2.5 }]);
    assert.equal(await r.zScore('z', 'y'), 2.5);
    assert.deepEqual([...(await r.sMembers('none'))], []);
    assert.equal(await r.sAdd('set', ['m', 'n']), 2);
    assert.deepEqual([...(await r.sMembers('set'))].sort(), ['m', 'n']);
    assert.deepEqual(await r.mGet(['s', 'none']), ['grüße', null]);
    assert.equal(await r.sIsMember('set', 'm'), 1);
    assert.equal(await r.incrByFloat('float', 0.5), '0.5');
    assert.deepEqual(await r.sendCommand(['ECHO', 'any command']), 'any command');
  },
  async function buffers() {
    const value = Buffer.alloc(3_000_000, Buffer.from([0, 13, 10, 255]));
    await r.set(Buffer.from([0, 255]), value);
    const typed = r.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    assert.ok(value.equals(await typed.get(Buffer.from([0, 255]))));
  },
  async function errors() {
    await rejects(r.incr('s'), 'value is not an integer');
    await rejects(r.sendCommand(['GET']), "wrong number of arguments for 'get' command");
    await rejects(r.sendCommand(['NOSUCH']), 'unknown command');
    await rejects(connect({ password: 'wrong', socket: { host, port, reconnectStrategy: false } }), 'WRONGPASS');
  },
  async function pipelines() {
    const replies = await Promise.all(Array.from({ length: 500 }, (_, i) => [r.set(`p:${i}`, i.toString()), r.get(`p:${i}`)]).flat());
    for (let i = 0; i < 500; i++) assert.equal(replies[2 * i + 1], String(i));
    assert.deepEqual(await r.multi().get('p:1').get('p:2').execAsPipeline(), ['1', '2']);
  },
  async function transactions() {
    assert.deepEqual(await r.multi().set('t', '1').incr('t').get('t').exec(), ['OK', 2, '2']);
    await assert.rejects(r.multi().set('t', 'text').incr('t').exec(), (error) => /1 commands failed/.test(error.message) && /not an integer/.test(error.replies[1].message));
    await rejects(r.multi().set('t', 'never').addCommand(['GET']).exec(), 'wrong number of arguments');
    assert.equal(await r.get('t'), 'text');
  },
  async function watch() {
    await using({}, async (client) => {
      await client.watch('w');
      await r.set('w', 'by another');
      await assert.rejects(client.multi().set('w', 'mine').exec(), WatchError);
      await client.watch('w');
      assert.deepEqual(await client.multi().set('w', 'mine').exec(), ['OK']);
    });
  },
  async function client_pool() {
    const pool = await createClientPool(options(), { minimum: 2, maximum: 5 }).connect();
    pool.on('error', () => {});
    await Promise.all(Array.from({ length: 50 }, (_, i) => pool.incr('pooled')));
    assert.equal(await pool.get('pooled'), '50');
    const results = await Promise.all(Array.from({ length: 5 }, () => pool.execute(async (client) => {
      for (;;) {
        try {
          await client.watch('optimistic');
          const value = Number(await client.get('optimistic'));
          return await client.multi().set('optimistic', value + 1).exec();
        } catch (error) {
          if (!(error instanceof WatchError)) throw error;
        }
      }
    })));
    assert.equal(results.length, 5);
    assert.equal(await pool.get('optimistic'), '5');
    const popped = pool.blPop('pool:queue', 5);
    await sleep(100);
    await pool.rPush('pool:queue', 'x');
    assert.deepEqual({ ...(await popped) }, { key: 'pool:queue', element: 'x' });
    pool.destroy();
  },
  async function scripts_and_functions() {
    await r.scriptFlush();
    assert.deepEqual(await r.eval('return {KEYS[1], ARGV[1], 7}', { keys: ['k'], arguments: ['v'] }), ['k', 'v', 7]);
    const sha = await r.scriptLoad('return ARGV[1]');
    assert.equal(await r.evalSha(sha, { arguments: ['v'] }), 'v');
    await r.functionLoad("#!lua name=noderedis\nredis.register_function('thrice', function(keys, args) return args[1] * 3 end)", { REPLACE: true });
    assert.equal(await r.fCall('thrice', { arguments: ['14'] }), 42);
  },
  async function scans() {
    const found = new Set();
    for await (const keys of r.scanIterator({ MATCH: 'p:*', COUNT: 50 })) keys.forEach((key) => found.add(key));
    assert.equal(found.size, 500);
  },
  async function subscriptions() {
    const subscriber = await connect();
    const got = [];
    await subscriber.subscribe(['news', 'other'], (message, channel) => got.push([channel, message]));
    await subscriber.pSubscribe('n?ws', (message, channel) => got.push(['n?ws', channel, message]));
    assert.equal(await r.publish('news', 'hello'), 2);
    await until(() => got.length === 2, 'messages');
    assert.deepEqual(got.sort(), [['n?ws', 'news', 'hello'], ['news', 'hello']].sort());
    if (RESP === 3) assert.equal(await subscriber.get('s'), 'grüße');
    await subscriber.sSubscribe('shard', (message, channel) => got.push([channel, message]));
    assert.equal(await r.sPublish('shard', 'part'), 1);
    await until(() => got.length === 3, 'the sharded message');
    await subscriber.unsubscribe(['news', 'other']);
    await subscriber.pUnsubscribe('n?ws');
    await subscriber.sUnsubscribe('shard');
    // After RESP2's subscriber mode the library gives bytes.
    assert.equal(String(await subscriber.get('s')), 'grüße');
    assert.equal(await r.publish('news', 'nobody'), 0);
    subscriber.destroy();
  },
  async function blocking() {
    await using({}, async (client) => {
      const popped = client.blPop(['b:1', 'b:2'], 5);
      await sleep(100);
      await r.rPush('b:2', 'element');
      assert.deepEqual({ ...(await popped) }, { key: 'b:2', element: 'element' });
      assert.equal(await client.blPop('b:1', 0.1), null);
      const moved = client.blMove('b:1', 'b:3', 'LEFT', 'RIGHT', 5);
      await r.rPush('b:1', 'x');
      assert.equal(await moved, 'x');
      await r.zAdd('b:z', { score: 1, value: 'first' });
      assert.deepEqual({ ...(await client.bzPopMin('b:z', 5)) }, { key: 'b:z', value: 'first', score: 1 });
    });
  },
  async function streams() {
    await using({}, async (client) => {
      await r.xGroupCreate('stream', 'group', '$', { MKSTREAM: true });
      const read = client.xReadGroup('group', 'me', { key: 'stream', id: '>' }, { BLOCK: 5000, COUNT: 5 });
      await sleep(100);
      const id = await r.xAdd('stream', '*', { field: 'value' });
      const reply = plain(await read);
      if (RESP === 3) assert.deepEqual(reply, { stream: [[id, ['field', 'value']]] });
      else assert.deepEqual(reply, [{ name: 'stream', messages: [{ id, message: { field: 'value' } }] }]);
      assert.equal(await client.xAck('stream', 'group', id), 1);
      assert.equal(await client.xRead({ key: 'stream', id: '$' }, { BLOCK: 100 }), null);
    });
  },
  async function databases() {
    await using({ database: 2 }, async (client) => {
      await client.set('k', 'two');
      await client.select(3);
      assert.equal(await client.get('k'), null);
      await client.select(2);
      assert.equal(await client.get('k'), 'two');
      await rejects(client.select(999), 'out of range');
    });
  },
  async function introspection() {
    assert.match(await r.info('server'), /redis_version:7/);
    const info = await r.clientInfo();
    assert.equal(info.name, 'node-redis');
    assert.equal(info.id, await r.clientId());
    assert.ok((await r.clientList()).some((client) => client.id === info.id));
    assert.deepEqual({ ...(await r.configGet('maxmemory-policy')) }, { 'maxmemory-policy': 'noeviction' });
    assert.equal((await r.commandInfo(['get']))[0].name, 'get');
    assert.ok((await r.memoryUsage('s')) > 0);
    assert.equal(await r.objectEncoding('float'), 'embstr');
  },
  async function reconnects_after_kill() {
    await using({ socket: { host, port, reconnectStrategy: 20 } }, async (client) => {
      const id = await client.clientId();
      const again = next(client, 'ready');
      await r.sendCommand(['CLIENT', 'KILL', 'ID', String(id)]);
      await again;
      assert.notEqual(await client.clientId(), id);
      assert.equal(await client.get('s'), 'grüße');
    });
  },
  async function client_side_caching() {
    if (RESP !== 3) return;
    await using({ clientSideCache: { ttl: 0, maxEntries: 0 } }, async (client) => {
      await r.set('cached', 'one');
      assert.equal(await client.get('cached'), 'one');
      assert.equal(await client.get('cached'), 'one');
      await r.set('cached', 'two');
      await until(async () => (await client.get('cached')) === 'two', 'invalidated');
    });
  },
  async function monitor() {
    const monitor = await connect();
    const shown = new Promise((resolve) => monitor.monitor((line) => line.includes('"monitored"') && resolve(line)));
    await sleep(100);
    await r.set('monitored', 'v');
    assert.match(await shown, /"SET" "monitored" "v"/i);
    monitor.destroy();
  },
  async function unix_socket() {
    const client = await connect({ socket: { path: socket } });
    assert.equal(await client.get('s'), 'grüße');
    await client.close();
  },
]);
