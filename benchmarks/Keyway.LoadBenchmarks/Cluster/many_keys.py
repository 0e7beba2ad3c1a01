"""MGET of many keys through Keyway beside pipelined GETs through redis-py's client for clusters, by several workers at once.

Arguments: Keyway's port, a node's port, the port of a server by itself, number of keys, workers, seconds of one measurement, rounds.
The last line has six numbers, medians of workers and rounds: microseconds of one MGET through Keyway and a worker's CPU time in it; the same of one
pipeline; the same of one MGET from the server itself.
"""

import multiprocessing
import statistics
import sys
import time

import redis
from redis.cluster import RedisCluster

port, node, server, count, workers = (int(argument) for argument in sys.argv[1:6])
seconds, rounds = float(sys.argv[6]), int(sys.argv[7])


def spread(cluster):
    """Keys in slots of their own, spread evenly over three nodes."""
    keys, slots = [], set()
    for i in range(100_000):
        key = f"key:{i:012d}"
        slot = cluster.keyslot(key)
        if slot not in slots and slot * 3 // 16384 == len(keys) % 3:
            slots.add(slot)
            keys.append(key)
            if len(keys) == count:
                return keys
    raise ValueError(f"no {count} keys in slots of their own")


def work(barrier, results):
    keyway, alone = redis.Redis(host="127.0.0.1", port=port), redis.Redis(host="127.0.0.1", port=server)
    cluster = RedisCluster(host="127.0.0.1", port=node)
    keys = spread(cluster)
    alone.mset(dict.fromkeys(keys, "x" * 32))

    def piped():
        pipeline = cluster.pipeline()
        for key in keys:
            pipeline.get(key)
        return pipeline.execute()

    def microseconds(ask):
        barrier.wait(60)
        done, start, cpu = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - start < seconds:
            ask()
            done += 1
        return (time.perf_counter() - start) / done * 1e6, (time.process_time() - cpu) / done * 1e6

    ways = (lambda: keyway.mget(keys), piped, lambda: alone.mget(keys))
    assert ways[0]() == piped() and None not in piped() + ways[2]()
    for way in ways:
        microseconds(way)
    results.put([[figure for way in ways for figure in microseconds(way)] for _ in range(rounds)])


barrier, results = multiprocessing.Barrier(workers), multiprocessing.SimpleQueue()
processes = [multiprocessing.Process(target=work, args=(barrier, results), daemon=True) for _ in range(workers)]
for process in processes:
    process.start()
for process in processes:
    process.join()
    if process.exitcode != 0:
        sys.exit(1)
samples = [sample for _ in processes for sample in results.get()]
print(*(round(statistics.median(side), 1) for side in zip(*samples)))
