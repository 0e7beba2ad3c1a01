"""pymemcache against a port, used as applications use it; prints 'all right' at the end."""
import sys

from pymemcache.client.base import Client, PooledClient
from pymemcache.client.hash import HashClient
from pymemcache.exceptions import MemcacheClientError, MemcacheIllegalInputError
from pymemcache import serde

address = ("127.0.0.1", int(sys.argv[1]))
client = Client(address, connect_timeout=10, timeout=10, serde=serde.pickle_serde)

client.flush_all(noreply=False)
assert client.set("key", "value", noreply=False) is True
assert client.get("key") == "value"
assert client.get("none") is None and client.get("none", 7) == 7
assert client.add("key", "other", noreply=False) is False
assert client.replace("none", "x", noreply=False) is False
assert client.set("list", [1, {"two": 2}], noreply=False) and client.get("list") == [1, {"two": 2}]

assert client.set_many({"key:%d" % i: i for i in range(200)}, noreply=False) == []
assert client.get_many(["key:%d" % i for i in range(210)]) == {"key:%d" % i: i for i in range(200)}
found = client.gets_many(["key:1", "key:2", "none"])
assert sorted(found) == ["key:1", "key:2"]
value, cas = client.gets("key:1")
assert client.cas("key:1", "new", cas, noreply=False) is True
assert client.cas("key:1", "newer", cas, noreply=False) is False
assert client.cas("none", "x", cas, noreply=False) is None

raw = Client(address, connect_timeout=10, timeout=10)
raw.set("n", "10")
assert raw.incr("n", 5, noreply=False) == 15 and raw.decr("n", 20, noreply=False) == 0
assert raw.incr("none", 1, noreply=False) is None
raw.set("text", "ab", noreply=True)
assert raw.append("text", "c", noreply=False) and raw.prepend("text", "_", noreply=False)
assert raw.get("text") == b"_abc"
try:
    raw.incr("text", 1, noreply=False)
    raise AssertionError("incremented a text")
except MemcacheClientError:
    pass
try:
    raw.get("k" * 251)
    raise AssertionError("too long a key")
except MemcacheIllegalInputError:
    pass
assert raw.touch("text", 1000, noreply=False) is True and raw.touch("none", 1000, noreply=False) is False
assert raw.delete("text", noreply=False) is True and raw.delete("text", noreply=False) is False
for i in range(500):
    raw.set("quiet:%d" % i, str(i), noreply=True)
assert raw.get_many(["quiet:%d" % i for i in range(500)]) == {"quiet:%d" % i: str(i).encode() for i in range(500)}
big = b"x" * 900_000
assert raw.set("big", big, noreply=False) and raw.get("big") == big
assert raw.version()

pool = PooledClient(address, max_pool_size=4, connect_timeout=10, timeout=10)
assert pool.set("pooled", b"1", noreply=False) and pool.get("pooled") == b"1"
hashed = HashClient([address], connect_timeout=10, timeout=10)
assert hashed.set_many({"h:%d" % i: b"v" for i in range(20)}, noreply=False) == []
assert len(hashed.get_many(["h:%d" % i for i in range(20)])) == 20
raw.quit()
print("all right")
