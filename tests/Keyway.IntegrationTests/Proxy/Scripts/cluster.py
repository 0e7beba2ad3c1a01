"""redis-py's cluster client against a port: it is to see one node. Prints "good" at the end."""

import sys

from redis.cluster import RedisCluster

port = int(sys.argv[1])
client = RedisCluster(host="127.0.0.1", port=port)
nodes = client.get_nodes()
assert [(node.host, node.port) for node in nodes] == [("127.0.0.1", port)], nodes
for i in range(100):
    client.set(f"python{i}", i)
assert [int(client.get(f"python{i}")) for i in range(100)] == list(range(100))
assert client.mget_nonatomic([f"python{i}" for i in range(5)]) == [b"0", b"1", b"2", b"3", b"4"]
assert client.keyslot("foo") == client.cluster_keyslot("foo") == 12182
with client.pipeline() as pipeline:
    for i in range(100):
        pipeline.incr(f"python{i}")
    assert pipeline.execute() == list(range(1, 101))
assert client.delete("python0", "python1") == 2
print("good")
