# redis-py writes to a relay as to a server. Arguments: port, password.
import sys

import redis

port, password = int(sys.argv[1]), sys.argv[2]
r = redis.Redis(port=port, password=password, client_name="python", socket_timeout=20)
assert r.ping()
assert r.set("py", "grüße", ex=60) is True
assert r.get("py") is None
assert r.sadd("py-set", "a", "b") == 2
assert r.hset("py-hash", mapping={"b": 1, "a": 2}) == 2
assert r.rpush("py-list", "x") == 1
assert r.publish("py-channel", "m") == 1
assert b"-" in r.xadd("py-stream", {"f": "v"}, maxlen=100)
assert r.execute_command("RAWSET", '{"py":"raw"}') in (b"OK", True, "OK")
with r.pipeline(transaction=True) as pipe:
    pipe.set("py-multi", "1").sadd("py-multi-set", "m").hset("py-multi-hash", "f", "v")
    assert pipe.execute() == [True, 1, 1]
with r.pipeline(transaction=False) as pipe:
    for i in range(100):
        pipe.set(f"py-pipe-{i}", "v")
    assert pipe.execute() == [True] * 100
try:
    r.set("py", "v", nx=True)
    raise AssertionError("SET NX was taken")
except redis.ResponseError as e:
    assert "NX" in str(e), e
assert r.info()["role"] == "master"
print("all right")
