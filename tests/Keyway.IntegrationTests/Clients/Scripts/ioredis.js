'use strict';
const assert = require('node:assert/strict');
const Redis = require('ioredis');
const { host, port, password, socket, sleep, until, next, rejects, run } = require('./suite.js');

const connect = (options) => new Redis({ host, port, password, maxRetriesPerRequest: 2, ...options });
const r = connect({ connectionName: 'ioredis' });

// Runs with a connection of its own.
async function using(options, action) {
  const client = connect(options);
  try {
    return await action(client);
  } finally {
    client.disconnect();
  }
}

run([
  async function commands() {
    assert.equal(await r.set('s', 'grüße', 'EX', 60), 'OK');
    assert.equal(await r.get('s'), 'grüße');
    assert.equal(await r.get('none'), null);
    await r.hset('h', { a: 1, b: 'zwei' });
    assert.deepEqual(await r.hgetall('h'), { a: '1', b: 'zwei' });
    await r.zadd('z', 1, 'x', 2.5, 'y');
    assert.deepEqual(await r.zrange('z', 0, -1, 'WITHSCORES'), ['x', '1', 'y', '2.5']);
    await r.mset(new Map([['m:1', 'one'], ['m:2', 'two']]));
    assert.deepEqual(await r.mget('m:1', 'none', 'm:2'), ['one', null, 'two']);
    assert.equal(await r.del('m:1', 'm:2', 'none'), 2);
    assert.equal(await r.call('ECHO', 'any command'), 'any command');
  },
  async function buffers() {
    const value = Buffer.alloc(3_000_000, Buffer.from([0, 13, 10, 255]));
    await r.set(Buffer.from([0, 255]), value);
    assert.ok(value.equals(await r.getBuffer(Buffer.from([0, 255]))));
    assert.deepEqual(await r.callBuffer('STRLEN', Buffer.from([0, 255])), 3_000_000);
  },
  async function errors() {
    await rejects(r.incr('s'), 'value is not an integer');
    await rejects(r.lpush('s', '1'), 'WRONGTYPE');
    await rejects(r.call('GET'), "wrong number of arguments for 'get' command");
    await rejects(r.call('NOSUCH', 'x'), "unknown command 'NOSUCH'");
  },
  async function wrong_password_is_an_error() {
    const client = connect({ password: 'wrong', retryStrategy: null });
    const [error] = await next(client, 'error');
    assert.match(error.message, /WRONGPASS/);
    client.disconnect();
  },
  async function ready_check_reads_info() {
    await using({ lazyConnect: true }, async (client) => {
      await client.connect();
      assert.equal(client.status, 'ready');
      assert.match(await client.info('server'), /redis_version:7/);
    });
  },
  async function pipelines() {
    const pipeline = r.pipeline();
    for (let i = 0; i < 500; i++) pipeline.set(`p:${i}`, i).get(`p:${i}`);
    pipeline.incr('s');
    const replies = await pipeline.exec();
    assert.equal(replies.length, 1001);
    for (let i = 0; i < 500; i++) assert.deepEqual(replies[2 * i + 1], [null, String(i)]);
    assert.match(replies[1000][0].message, /not an integer/);
  },
  async function auto_pipelining() {
    await using({ enableAutoPipelining: true }, async (client) => {
      const values = await Promise.all(Array.from({ length: 200 }, (_, i) => client.get(`p:${i}`)));
      assert.deepEqual(values, Array.from({ length: 200 }, (_, i) => String(i)));
    });
  },
  async function transactions() {
    assert.deepEqual(await r.multi().set('t', 1).incr('t').get('t').exec(), [[null, 'OK'], [null, 2], [null, '2']]);
    const withFailure = await r.multi().set('t', 'text').incr('t').get('t').exec();
    assert.match(withFailure[1][0].message, /not an integer/);
    assert.deepEqual(withFailure[2], [null, 'text']);
    await rejects(r.multi().set('t', 'never').call('GET').exec(), 'EXECABORT');
    assert.equal(await r.get('t'), 'text');
    assert.deepEqual(await r.multi([['get', 't'], ['hgetall', 'h']]).exec(), [[null, 'text'], [null, { a: '1', b: 'zwei' }]]);
  },
  async function transactions_step_by_step() {
    await using({}, async (client) => {
      assert.equal(await client.multi({ pipeline: false }), 'OK');
      assert.equal(await client.set('step', '1'), 'QUEUED');
      assert.equal(await r.get('step'), null);
      assert.deepEqual(await client.exec(), [[null, 'OK']]);
      await client.multi({ pipeline: false });
      await client.set('step', '2');
      assert.equal(await client.discard(), 'OK');
      assert.equal(await client.get('step'), '1');
      await rejects(client.call('EXEC'), 'ERR EXEC without MULTI');
    });
  },
  async function watch() {
    await using({}, async (client) => {
      await client.watch('w');
      await r.set('w', 'by another');
      assert.equal(await client.multi().set('w', 'mine').exec(), null);
      await client.watch('w');
      assert.deepEqual(await client.multi().set('w', 'mine').exec(), [[null, 'OK']]);
      await client.watch('w');
      await r.set('w', 'again');
      await client.unwatch();
      assert.deepEqual(await client.multi().get('w').exec(), [[null, 'again']]);
    });
  },
  async function scripts() {
    r.defineCommand('keep', { numberOfKeys: 1, lua: "redis.call('set', KEYS[1], ARGV[1]) return {redis.call('get', KEYS[1]), 7, {'nested', false}}" });
    await r.call('SCRIPT', 'FLUSH');
    assert.deepEqual(await r.keep('script:key', 'v'), ['v', 7, ['nested', null]]);
    assert.deepEqual(await r.keep('script:key', 'w'), ['w', 7, ['nested', null]]);
    const piped = await r.pipeline().keep('script:key', 'x').get('script:key').exec();
    assert.deepEqual(piped[1], [null, 'x']);
    assert.deepEqual((await r.multi().keep('script:key', 'y').exec())[0][1][0], 'y');
  },
  async function scans() {
    const found = new Set();
    for await (const keys of r.scanStream({ match: 'p:*', count: 50 })) keys.forEach((key) => found.add(key));
    assert.equal(found.size, 500);
    const fields = [];
    for await (const some of r.hscanStream('h')) fields.push(...some);
    assert.deepEqual(fields, ['a', '1', 'b', 'zwei']);
  },
  async function subscriptions() {
    const subscriber = connect();
    const got = [];
    subscriber.on('message', (channel, message) => got.push([channel, message]));
    subscriber.on('pmessage', (pattern, channel, message) => got.push([pattern, channel, message]));
    assert.equal(await subscriber.subscribe('news', 'other'), 2);
    assert.equal(await subscriber.psubscribe('n?ws'), 3);
    await rejects(subscriber.get('s'), 'subscriber mode');
    assert.equal(await r.publish('news', 'hello'), 2);
    await until(() => got.length === 2, 'messages');
    assert.deepEqual(got.sort(), [['n?ws', 'news', 'hello'], ['news', 'hello']].sort());
    assert.equal((await subscriber.ping())[0], 'pong');
    assert.equal(await subscriber.unsubscribe('news', 'other'), 1);
    assert.equal(await subscriber.punsubscribe(), 0);
    assert.equal(await subscriber.get('s'), 'grüße');
    subscriber.disconnect();
  },
  async function sharded_subscriptions() {
    const subscriber = connect();
    await subscriber.ssubscribe('shard');
    const message = next(subscriber, 'smessage');
    assert.equal(await r.spublish('shard', 'hello'), 1);
    assert.deepEqual(await message, ['shard', 'hello']);
    subscriber.disconnect();
  },
  async function subscriber_comes_back() {
    const subscriber = connect({ retryStrategy: () => 50 });
    const id = await subscriber.client('ID');
    await subscriber.subscribe('back');
    assert.equal(await r.client('KILL', 'ID', id), 1);
    await until(async () => (await r.publish('back', 'probe')) === 1 && subscriber.status === 'ready', 'subscribed again');
    subscriber.disconnect();
  },
  async function blocking_pops() {
    await using({}, async (client) => {
      const popped = client.blpop('b:1', 'b:2', 5);
      await sleep(100);
      await r.rpush('b:2', 'element');
      assert.deepEqual(await popped, ['b:2', 'element']);
      assert.equal(await client.blpop('b:1', 0.1), null);
      const moved = client.blmove('b:1', 'b:3', 'LEFT', 'RIGHT', 5);
      await r.rpush('b:1', 'x');
      assert.equal(await moved, 'x');
      await r.zadd('b:z', 1, 'first');
      assert.deepEqual(await client.bzpopmin('b:z', 5), ['b:z', 'first', '1']);
      assert.equal(await client.get('s'), 'grüße');
    });
  },
  async function many_blocked_clients() {
    const clients = Array.from({ length: 30 }, () => connect());
    const popped = Promise.all(clients.map((client) => client.blpop('crowd', 10)));
    await sleep(200);
    for (let i = 0; i < 30; i++) await r.rpush('crowd', i);
    assert.deepEqual((await popped).map(([, value]) => Number(value)).sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i));
    clients.forEach((client) => client.disconnect());
  },
  async function streams() {
    await using({}, async (client) => {
      await r.xgroup('CREATE', 'stream', 'group', '$', 'MKSTREAM');
      const read = client.xreadgroup('GROUP', 'group', 'me', 'BLOCK', 5000, 'COUNT', 5, 'STREAMS', 'stream', '>');
      await sleep(100);
      const id = await r.xadd('stream', '*', 'field', 'value');
      assert.deepEqual(await read, [['stream', [[id, ['field', 'value']]]]]);
      assert.equal(await client.xack('stream', 'group', id), 1);
      assert.equal(await client.xread('BLOCK', 100, 'STREAMS', 'stream', '$'), null);
    });
  },
  async function databases_and_prefixes() {
    await using({ db: 2, keyPrefix: 'prefix:' }, async (client) => {
      await client.set('k', 'two');
      assert.equal(await client.get('k'), 'two');
      assert.equal(await r.get('prefix:k'), null);
      await client.select(0);
      assert.equal(await client.get('k'), null);
      await rejects(client.select(999), 'out of range');
    });
  },
  async function client_commands() {
    await using({ connectionName: 'mine' }, async (client) => {
      assert.equal(await client.client('GETNAME'), 'mine');
      const id = await client.client('ID');
      assert.match(await client.client('INFO'), new RegExp(`id=${id} .*name=mine`));
      assert.match(await r.client('LIST'), /name=mine/);
    });
  },
  async function reconnects_after_kill() {
    await using({ retryStrategy: () => 20 }, async (client) => {
      const id = await client.client('ID');
      const again = next(client, 'ready');
      assert.equal(await r.client('KILL', 'ID', id), 1);
      await again;
      assert.notEqual(await client.client('ID'), id);
      assert.equal(await client.get('s'), 'grüße');
    });
  },
  async function monitor() {
    const monitor = await r.monitor();
    const shown = new Promise((resolve) => monitor.on('monitor', (time, args) => args.includes('monitored') && resolve(args)));
    await r.set('monitored', 'v');
    assert.deepEqual((await shown).map((arg) => arg.toLowerCase()), ['set', 'monitored', 'v']);
    monitor.disconnect();
  },
  async function unix_socket() {
    const client = new Redis({ path: socket, password });
    assert.equal(await client.get('s'), 'grüße');
    await client.quit();
  },
  async function many_connections_at_once() {
    const clients = Array.from({ length: 100 }, () => connect());
    assert.deepEqual(await Promise.all(clients.map((client, i) => client.set(`c:${i}`, i))), clients.map(() => 'OK'));
    assert.deepEqual(await Promise.all(clients.map((client) => client.quit())), clients.map(() => 'OK'));
  },
]);
