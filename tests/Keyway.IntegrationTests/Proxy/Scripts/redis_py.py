"""The client library as applications use it, against the port given: ends with 0 when all is as it should be."""
import sys
import threading

import redis

PORT = int(sys.argv[1])


def pipelines(client):
    with client.pipeline(transaction=False) as pipe:
        for i in range(1000):
            pipe.set(f"pipe:{i}", f"value {i}")
            pipe.get(f"pipe:{i}")
        replies = pipe.execute()
    assert replies == [reply for i in range(1000) for reply in (True, f"value {i}")]

    with client.pipeline(transaction=False) as pipe:
        pipe.set("string", "x").incr("string").get("string")
        replies = pipe.execute(raise_on_error=False)
    assert replies[0] is True and isinstance(replies[1], redis.ResponseError) and replies[2] == "x"


def many_keys(client):
    values = {f"many:{i}": f"grüße {i}" for i in range(500)}
    assert client.mset(values) is True
    assert client.mget(list(values) + ["none"]) == list(values.values()) + [None]
    assert sorted(client.scan_iter(match="many:*", count=37)) == sorted(values)
    assert client.exists(*values) == 500
    assert client.delete(*values) == 500


def types(client):
    client.hset("hash", mapping={"a": "1", "b": "2"})
    assert client.hgetall("hash") == {"a": "1", "b": "2"}
    client.zadd("sorted", {"one": 1, "two": 2.5})
    assert client.zrange("sorted", 0, -1, withscores=True) == [("one", 1.0), ("two", 2.5)]
    client.sadd("set", "x", "y")
    assert client.smembers("set") == {"x", "y"}
    client.xadd("stream", {"field": "value"})
    assert client.xlen("stream") == 1
    assert client.register_script("return ARGV[1] .. KEYS[1]")(keys=["k"], args=["v"]) == "vk"
    with client.lock("lock", timeout=5):
        assert client.exists("lock")
    assert not client.exists("lock")
    assert client.info()["redis_version"].startswith("7.")


def transactions(client):
    with client.pipeline(transaction=True) as pipe:
        assert pipe.set("{t}a", "1").incr("{t}a").get("{t}a").execute() == [True, 2, "2"]
    with client.pipeline() as pipe:
        pipe.watch("{t}a")
        assert pipe.get("{t}a") == "2"
        pipe.multi()
        assert pipe.incr("{t}a").execute() == [3]


def many_threads(pool, errors):
    def work(number):
        try:
            client = redis.Redis(connection_pool=pool)
            for i in range(50):
                key = f"thread:{number}:{i}"
                client.set(key, key)
                assert client.get(key) == key
                assert client.mget(key, "none", key) == [key, None, key]
        except Exception as error:  # reported by the main thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    pool = redis.ConnectionPool(host="127.0.0.1", port=PORT, decode_responses=True, socket_timeout=20, client_name="tests")
    client = redis.Redis(connection_pool=pool)
    for check in (pipelines, many_keys, types, transactions):
        check(client)
    errors = []
    many_threads(pool, errors)
    assert not errors, errors[0]
    binary = redis.Redis(host="127.0.0.1", port=PORT, db=3)
    binary.set(b"\x00\xff", bytes(range(256)) * 100)
    assert binary.get(b"\x00\xff") == bytes(range(256)) * 100
    assert client.get("\x00") is None
    print("all right")


main()
