// BullMQ, a job queue: Lua, transactions, blocking pops, streams and pub/sub, with several workers at work.
'use strict';
const assert = require('node:assert/strict');
const { FlowProducer, Queue, QueueEvents, Worker } = require('bullmq');
const { host, port, password, until, run } = require('./suite.js');

const connection = { host, port, password, maxRetriesPerRequest: null };
const open = [];
const keep = (part) => { open.push(part); part.on('error', () => {}); return part; };
const newQueue = (name) => keep(new Queue(name, { connection }));
const newWorker = (name, work, options) => keep(new Worker(name, work, { connection, ...options }));

async function newEvents(name) {
  // From the first event on, also of those before it begins to read.
  const events = keep(new QueueEvents(name, { connection, lastEventId: '0-0' }));
  await events.waitUntilReady();
  return events;
}

run([
  async function jobs_by_several_workers() {
    const queue = newQueue('many');
    const events = await newEvents('many');
    const done = new Map();
    const workers = Array.from({ length: 3 }, (_, number) => newWorker('many', async (job) => {
      done.set(job.id, (done.get(job.id) ?? 0) + 1);
      return job.data.n * 2;
    }, { concurrency: 5, name: `worker-${number}` }));
    await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    const jobs = await queue.addBulk(Array.from({ length: 100 }, (_, n) => ({ name: 'double', data: { n } })));
    const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 10000)));
    assert.deepEqual(results, jobs.map((_, n) => n * 2));
    assert.ok([...done.values()].every((count) => count === 1), 'a job was done twice');
    assert.equal(done.size, 100);
    assert.equal((await queue.getJobCounts('completed')).completed, 100);
    assert.equal((await queue.getWorkers()).length, 3);
  },
  async function delayed_jobs() {
    const queue = newQueue('delayed');
    const events = await newEvents('delayed');
    newWorker('delayed', async () => Date.now());
    const begin = Date.now();
    const late = await queue.add('late', {}, { delay: 600 });
    const soon = await queue.add('soon', {}, { delay: 200 });
    const [lateAt, soonAt] = await Promise.all([late.waitUntilFinished(events, 10000), soon.waitUntilFinished(events, 10000)]);
    assert.ok(soonAt - begin >= 190 && lateAt - begin >= 590 && soonAt < lateAt);
  },
  async function retries_and_failures() {
    const queue = newQueue('failing');
    const events = await newEvents('failing');
    const attempts = [];
    const worker = newWorker('failing', async (job) => {
      attempts.push(job.attemptsMade);
      if (job.name === 'never' || job.attemptsMade < 2) throw new Error('as it must');
      return 'at last';
    });
    const failed = new Promise((resolve) => worker.on('failed', (job, error) => job.name === 'never' && resolve(error)));
    const job = await queue.add('twice', {}, { attempts: 3, backoff: { type: 'exponential', delay: 50 } });
    assert.equal(await job.waitUntilFinished(events, 10000), 'at last');
    assert.deepEqual(attempts, [0, 1, 2]);
    const never = await queue.add('never', {});
    assert.equal((await failed).message, 'as it must');
    await assert.rejects(never.waitUntilFinished(events, 10000), /as it must/);
    await until(async () => (await queue.getFailedCount()) === 1, 'counted as failed');
    await (await queue.getJob(never.id)).remove();
    assert.equal(await queue.getFailedCount(), 0);
  },
  async function events_of_a_job() {
    const queue = newQueue('events');
    const events = await newEvents('events');
    const seen = [];
    for (const name of ['waiting', 'active', 'progress', 'completed']) events.on(name, () => seen.push(name));
    newWorker('events', async (job) => {
      await job.updateProgress(50);
      await job.log('halfway');
    });
    const job = await queue.add('one', {});
    await job.waitUntilFinished(events, 10000);
    await until(() => seen.length >= 4, 'all events');
    assert.deepEqual(seen, ['waiting', 'active', 'progress', 'completed']);
    assert.deepEqual((await queue.getJobLogs(job.id)).logs, ['halfway']);
  },
  async function priorities_and_pause() {
    const queue = newQueue('order');
    const events = await newEvents('order');
    await queue.pause();
    const order = [];
    newWorker('order', async (job) => { order.push(job.name); });
    const jobs = [await queue.add('low', {}, { priority: 10 }), await queue.add('high', {}, { priority: 1 }), await queue.add('first', {})];
    assert.equal(await queue.isPaused(), true);
    assert.deepEqual(order, []);
    await queue.resume();
    await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 10000)));
    assert.deepEqual(order, ['first', 'high', 'low']);
  },
  async function flows() {
    const events = await newEvents('parents');
    newWorker('children', async (job) => job.data.n);
    newWorker('parents', async (job) => Object.values(await job.getChildrenValues()).reduce((sum, n) => sum + n, 0));
    const flow = keep(new FlowProducer({ connection }));
    const tree = await flow.add({ name: 'sum', queueName: 'parents', children: [1, 2, 3].map((n) => ({ name: 'part', queueName: 'children', data: { n } })) });
    assert.equal(await tree.job.waitUntilFinished(events, 10000), 6);
  },
  async function scheduled_jobs() {
    const queue = newQueue('scheduled');
    let runs = 0;
    newWorker('scheduled', async () => { runs++; });
    await queue.upsertJobScheduler('often', { every: 100 }, { name: 'tick' });
    await until(() => runs >= 3, 'three runs');
    assert.equal(await queue.removeJobScheduler('often'), true);
  },
  async function rate_limit() {
    const queue = newQueue('limited');
    const events = await newEvents('limited');
    newWorker('limited', async () => {}, { limiter: { max: 2, duration: 300 } });
    const begin = Date.now();
    const jobs = await queue.addBulk(Array.from({ length: 5 }, () => ({ name: 'x', data: {} })));
    await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 10000)));
    assert.ok(Date.now() - begin >= 500, 'not limited');
  },
  async function everything_closes() {
    await Promise.all(open.filter((part) => part instanceof Worker).map((worker) => worker.close()));
    await Promise.all(open.filter((part) => !(part instanceof Worker)).map((part) => part.close()));
    const queue = new Queue('many', { connection });
    await queue.obliterate({ force: true });
    assert.equal(await queue.getJobCountByTypes('completed'), 0);
    await queue.close();
  },
]);
