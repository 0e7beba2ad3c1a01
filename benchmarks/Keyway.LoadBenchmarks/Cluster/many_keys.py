"""MGET of many keys through Keyway beside pipelined GETs through redis-py's client for clusters.

Arguments: Keyway's port, a node's port, number of keys, seconds of one measurement, rounds.
The last line has four numbers, medians of the rounds: microseconds of one MGET, and this process's CPU time in it; the same of one pipeline.
"""

import statistics
import sys
import time

import redis
from redis.cluster import RedisCluster

port, node, count, seconds, rounds = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
keyway = redis.Redis(host="127.0.0.1", port=port)
cluster = RedisCluster(host="127.0.0.1", port=node)

# Keys in slots of their own, spread evenly over the nodes.
keys, slots = [], set()
for i in range(100_000):
    key = f"key:{i:012d}"
    slot = cluster.keyslot(key)
    share = slot * 3 // 16384
    if slot not in slots and share == len(keys) % 3:
        slots.add(slot)
        keys.append(key)
        if len(keys) == count:
            break


def many():
    return keyway.mget(keys)


def piped():
    pipeline = cluster.pipeline()
    for key in keys:
        pipeline.get(key)
    return pipeline.execute()


def microseconds(ask):
    done, start, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        ask()
        done += 1
    return (time.perf_counter() - start) / done * 1e6, (time.process_time() - cpu) / done * 1e6


assert many() == piped() and None not in many()
microseconds(many)
microseconds(piped)
results = [(*microseconds(many), *microseconds(piped)) for _ in range(rounds)]
print(*(round(statistics.median(side), 1) for side in zip(*results)))
