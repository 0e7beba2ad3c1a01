"""redis-py, with the parser that the fifth argument names: python or hiredis."""
import asyncio
import sys
import threading
import time

import redis
import redis.asyncio
from redis.connection import HiredisParser, PythonParser

from suite import HOST, PASSWORD, PORT, SOCKET, run, until

PARSER = {"python": PythonParser, "hiredis": HiredisParser}[sys.argv[5]]


def connect(**options):
    options.setdefault("decode_responses", True)
    pool = redis.ConnectionPool(
        host=HOST, port=PORT, password=PASSWORD, socket_timeout=10, parser_class=PARSER, client_name="redis-py", **options)
    return redis.Redis(connection_pool=pool)


r = connect()


def refused(action, text):
    try:
        action()
    except redis.RedisError as error:
        assert text in str(error), error
    else:
        raise AssertionError("not refused")


def basic_types():
    assert r.set("s", "v", px=60000) and r.get("s") == "v" and 0 < r.pttl("s") <= 60000
    assert r.set("s", "w", nx=True) is None and r.set("s", "w", xx=True, get=True) == "v"
    assert r.hset("h", mapping={"a": 1, "b": "zwei"}) == 2 and r.hgetall("h") == {"a": "1", "b": "zwei"}
    assert r.zadd("z", {"x": 1, "y": 2.5}) == 2 and r.zrange("z", 0, -1, withscores=True) == [("x", 1.0), ("y", 2.5)]
    assert r.sadd("set", "m", "n") == 2 and r.smembers("set") == {"m", "n"}
    assert r.rpush("l", *range(5)) == 5 and r.lrange("l", 1, 2) == ["1", "2"] and r.lpos("l", "3") == 3
    assert r.pfadd("hll", "a", "b") == 1 and r.pfcount("hll") == 2
    assert r.geoadd("geo", (13.361389, 38.115556, "Palermo")) == 1 and r.geosearch("geo", longitude=13, latitude=38, radius=100, unit="km") == ["Palermo"]
    assert r.setbit("bits", 7, 1) == 0 and r.bitfield("bits").get("u8", 0).execute() == [1]
    assert r.sort("l", desc=True, alpha=True) == list("43210")
    assert r.type("h") == "hash" and r.object("encoding", "set") in ("listpack", "hashtable")


def binary_values():
    b = connect(decode_responses=False, db=3)
    everything = bytes(range(256)) * 5000
    assert b.set(b"\x00\r\n\xff", everything) and b.get(b"\x00\r\n\xff") == everything
    assert r.get("\x00\r\n") is None


def errors_are_the_servers():
    refused(lambda: r.incr("s"), "value is not an integer")
    refused(lambda: r.lpush("s", 1), "Operation against a key holding the wrong kind of value")
    refused(lambda: r.execute_command("GET"), "wrong number of arguments for 'get' command")
    refused(lambda: r.execute_command("NOSUCH", "a"), "unknown command 'NOSUCH'")
    refused(lambda: r.eval("return redis.error_reply('MINE it is')", 0), "MINE it is")
    refused(lambda: connect(db=0).execute_command("SELECT", 999), "DB index is out of range")


def wrong_password():
    refused(redis.Redis(host=HOST, port=PORT, password="wrong").ping, "invalid username-password pair")
    refused(redis.Redis(host=HOST, port=PORT).ping, "Authentication required")
    assert redis.Redis(host=HOST, port=PORT, username="default", password=PASSWORD).ping()


def pipeline_without_transaction():
    with r.pipeline(transaction=False) as pipe:
        for i in range(1000):
            pipe.set(f"pipe:{i}", i).get(f"pipe:{i}")
        assert pipe.execute() == [reply for i in range(1000) for reply in (True, str(i))]


def transaction():
    with r.pipeline() as pipe:
        pipe.multi()
        pipe.set("t", 1).incr("t").get("t").hgetall("none")
        assert pipe.execute() == [True, 2, "2", {}]


def transaction_with_failing_command():
    with r.pipeline() as pipe:
        replies = pipe.set("t", "text").incr("t").get("t").execute(raise_on_error=False)
    assert replies[0] is True and isinstance(replies[1], redis.ResponseError) and replies[2] == "text"
    with r.pipeline() as pipe:
        pipe.set("t", "new").execute_command("GET")
        refused(pipe.execute, "wrong number of arguments")
    assert r.get("t") == "text"


def watch_sees_a_change():
    with r.pipeline() as pipe:
        pipe.watch("watched")
        r.set("watched", "by another")
        pipe.multi()
        pipe.set("watched", "mine")
        try:
            pipe.execute()
        except redis.WatchError:
            pass
        else:
            raise AssertionError("the change was not seen")
    assert r.get("watched") == "by another"


def transaction_helper_under_contention():
    r.set("contended", 0)

    def increment():
        client = connect()
        for _ in range(20):
            client.transaction(lambda pipe: (lambda value: (pipe.multi(), pipe.set("contended", value + 1)))(int(pipe.get("contended"))), "contended")

    threads = [threading.Thread(target=increment) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert r.get("contended") == "80"


def locks():
    with r.lock("lock", timeout=5, blocking_timeout=5):
        assert r.exists("lock") and not r.lock("lock", timeout=5).acquire(blocking=False)
    assert not r.exists("lock")


def scripts():
    script = r.register_script("return {KEYS[1], ARGV[1], redis.call('incr', KEYS[1])}")
    assert script(keys=["counter"], args=["x"]) == ["counter", "x", 1]
    assert r.script_exists(script.sha, "0" * 40) == [True, False]
    refused(lambda: r.evalsha("0" * 40, 0), "No matching script")
    assert r.eval("return {1, {2, 'three', false}, redis.status_reply('FINE')}", 0) == [1, [2, "three", None], "FINE"]
    with r.pipeline() as pipe:
        script(keys=["counter"], args=["y"], client=pipe)
        assert pipe.execute() == [["counter", "y", 2]]


def functions():
    r.execute_command("FUNCTION", "LOAD", "REPLACE", "#!lua name=keywaylib\nredis.register_function('twice', function(keys, args) return args[1] * 2 end)")
    assert r.execute_command("FCALL", "twice", 0, 21) == 42


def blocking_pop_with_element():
    r.rpush("queue:b", "1", "2")
    assert r.blpop(["queue:a", "queue:b"], timeout=5) == ("queue:b", "1")
    assert r.brpop("queue:b", timeout=5) == ("queue:b", "2")
    r.zadd("zqueue", {"first": 1, "second": 2})
    assert r.bzpopmin("zqueue", timeout=5) == ("zqueue", "first", 1.0)
    assert r.bzpopmax("zqueue", timeout=5) == ("zqueue", "second", 2.0)


def blocking_pop_that_waits():
    taken = []
    thread = threading.Thread(target=lambda: taken.append(connect().blpop("queue:late", timeout=8)))
    thread.start()
    time.sleep(0.2)
    assert r.ping()
    r.rpush("queue:late", "came")
    thread.join()
    assert taken == [("queue:late", "came")]


def blocking_pop_that_times_out():
    start = time.monotonic()
    assert r.blpop("queue:never", timeout=1) is None
    assert 0.9 < time.monotonic() - start < 3
    assert r.get("s") == "w"


def blocking_moves():
    r.rpush("source", "a", "b", "c", "d")
    assert r.blmove("source", "target", timeout=5) == "a"
    assert r.brpoplpush("source", "target", timeout=5) == "d"
    assert r.execute_command("BLMPOP", 1, 2, "none", "source", "LEFT", "COUNT", 2) == ["source", ["b", "c"]]
    assert r.lrange("target", 0, -1) == ["d", "a"]


def streams():
    first = r.xadd("stream", {"n": 1})
    r.xgroup_create("stream", "group", id="0")
    assert r.xreadgroup("group", "reader", {"stream": ">"}, count=10) == [["stream", [(first, {"n": "1"})]]]
    assert r.xpending("stream", "group")["pending"] == 1 and r.xack("stream", "group", first) == 1
    got = []
    thread = threading.Thread(target=lambda: got.append(connect().xreadgroup("group", "reader", {"stream": ">"}, block=8000)))
    thread.start()
    time.sleep(0.2)
    second = r.xadd("stream", {"n": 2})
    thread.join()
    assert got == [[["stream", [(second, {"n": "2"})]]]]
    assert r.xread({"stream": "$"}, block=100) == []
    assert r.xinfo_stream("stream")["length"] == 2 and r.xinfo_groups("stream")[0]["name"] == "group"
    assert [entry[0] for entry in r.xrange("stream")] == [first, second]


def published_messages():
    with r.pubsub() as pubsub:
        pubsub.subscribe("news", "other")
        pubsub.psubscribe("patt*")
        kinds = [pubsub.get_message(timeout=5) for _ in range(3)]
        assert [(m["type"], m["channel"], m["data"]) for m in kinds] == [("subscribe", "news", 1), ("subscribe", "other", 2), ("psubscribe", "patt*", 3)]
        assert r.publish("news", "hello") == 1 and r.publish("pattern", "there") == 1 and r.publish("unheard", "x") == 0
        assert pubsub.get_message(timeout=5) == {"type": "message", "pattern": None, "channel": "news", "data": "hello"}
        assert pubsub.get_message(timeout=5) == {"type": "pmessage", "pattern": "patt*", "channel": "pattern", "data": "there"}
        assert r.pubsub_numsub("news", "unheard") == [("news", 1), ("unheard", 0)] and "news" in r.pubsub_channels() and r.pubsub_numpat() == 1
        pubsub.ping("alive")
        assert pubsub.get_message(timeout=5)["data"] == "alive"
        pubsub.unsubscribe()
        assert [pubsub.get_message(timeout=5)["type"] for _ in range(2)] == ["unsubscribe"] * 2
        pubsub.punsubscribe("patt*")
        assert pubsub.get_message(timeout=5)["data"] == 0


def messages_in_a_thread():
    got = []
    with r.pubsub() as pubsub:
        pubsub.subscribe(**{"threaded": lambda message: got.append(message["data"])})
        thread = pubsub.run_in_thread(sleep_time=0.05)
        until(lambda: r.pubsub_numsub("threaded") == [("threaded", 1)])
        with r.pipeline() as pipe:
            for i in range(100):
                pipe.publish("threaded", i)
            assert pipe.execute() == [1] * 100
        until(lambda: len(got) == 100)
        thread.stop()
        thread.join()
    assert got == [str(i) for i in range(100)]


def monitor():
    with r.monitor() as watching:
        r.set("monitored", "value")
        for _ in range(100):
            if "monitored" in watching.next_command()["command"]:
                return
    raise AssertionError("the command was not shown")


def own_connection():
    # A client with a connection of its own, not the pool's next one.
    with r.client() as c:
        assert c.client_getname() == "redis-py"
        assert c.client_setname("renamed") and c.client_getname() == "renamed"
        number = c.client_id()
        info = c.client_info()
        assert int(info["id"]) == number and info["name"] == "renamed" and info["db"] in (0, "0")
        assert any(int(client["id"]) == number for client in r.client_list())
        assert c.client_no_evict("on") in (True, "OK", b"OK")
    with connect().client() as victim:
        number = victim.client_id()
        assert r.client_kill_filter(_id=number) == 1
        until(lambda: not any(int(client["id"]) == number for client in r.client_list()))
        refused(victim.ping, "Connection closed by server")
        assert victim.ping() and victim.client_id() != number


def introspection():
    assert r.ping() and r.echo("echo") == "echo" and abs(r.time()[0] - time.time()) < 5
    info = r.info()
    assert info["redis_version"].startswith("7.") and info["loading"] == 0
    assert r.info("keyspace")["db0"]["keys"] == r.dbsize()
    assert r.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert r.acl_whoami() == "default"
    assert r.command_count() > 200 and r.command()["get"]["arity"] == 2
    assert r.command_getkeys("MSET", "a", 1, "b", 2) == ["a", "b"]
    assert r.memory_usage("s") > 0 and r.wait(0, 10) == 0 and isinstance(r.lastsave().year, int)
    assert isinstance(r.slowlog_get(1), list)


def whole_keys():
    data = connect(decode_responses=False).dump("h")
    assert connect(decode_responses=False).restore("restored", 0, data) and r.hgetall("restored") == {"a": "1", "b": "zwei"}
    assert r.copy("h", "copied") and r.rename("copied", "renamed") and r.exists("renamed") == 1
    assert r.move("renamed", 5) and connect(db=5).hget("renamed", "a") == "1" and r.exists("renamed") == 0
    assert r.unlink("restored") == 1 and r.touch("h", "z") == 2 and r.randomkey()
    many = {f"many:{i}": f"grüße {i}" for i in range(300)}
    assert r.mset(many) and r.mget(list(many)) == list(many.values()) and sorted(r.scan_iter("many:*", count=37)) == sorted(many)
    assert r.delete(*many) == 300 and r.expire("h", 100) and r.persist("h")


def databases():
    for number in (0, 7, 7, 15, 0):
        client = connect(db=number)
        client.set("database", number)
    assert [connect(db=number).get("database") for number in (0, 7, 15)] == ["0", "7", "15"]
    assert connect(db=7).flushdb() and connect(db=7).dbsize() == 0 and r.get("database") == "0"


def unix_socket():
    u = redis.Redis(unix_socket_path=SOCKET, password=PASSWORD, db=2, decode_responses=True)
    assert u.set("by", "unix") and u.get("by") == "unix" and connect(db=2).get("by") == "unix"


def many_threads():
    failures = []

    def work(number):
        try:
            for i in range(50):
                key = f"thread:{number}:{i}"
                assert r.set(key, key) and r.mget(key, "none", key) == [key, None, key]
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(30)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failures, failures[0]


def health_checks():
    checked = connect(health_check_interval=1)
    assert checked.ping()
    time.sleep(1.1)
    assert checked.get("s") == "w"


def reset_and_quit():
    with connect(db=4).client() as c:
        c.set("in", "four")
        assert c.execute_command("RESET") == "RESET" and c.execute_command("AUTH", PASSWORD) and c.get("in") is None
        assert c.execute_command("QUIT") in (True, "OK")


def asyncio_client():
    async def main():
        a = redis.asyncio.Redis(host=HOST, port=PORT, password=PASSWORD, decode_responses=True, socket_timeout=10)
        await asyncio.gather(*(a.set(f"async:{i}", i) for i in range(50)))
        assert await a.mget([f"async:{i}" for i in range(50)]) == [str(i) for i in range(50)]
        async with a.pipeline(transaction=True) as pipe:
            assert await pipe.incr("async").incr("async").execute() == [1, 2]
        popped = asyncio.create_task(a.blpop("async:queue", timeout=5))
        await asyncio.sleep(0.1)
        await a.rpush("async:queue", "element")
        assert await popped == ("async:queue", "element")
        async with a.pubsub() as pubsub:
            await pubsub.subscribe("async:news")
            assert (await pubsub.get_message(timeout=5))["type"] == "subscribe"
            await a.publish("async:news", "hello")
            assert (await pubsub.get_message(timeout=5))["data"] == "hello"
        await a.close()

    asyncio.run(main())


run([
    basic_types, binary_values, errors_are_the_servers, wrong_password, pipeline_without_transaction, transaction, transaction_with_failing_command,
    watch_sees_a_change, transaction_helper_under_contention, locks, scripts, functions, blocking_pop_with_element, blocking_pop_that_waits,
    blocking_pop_that_times_out, blocking_moves, streams, published_messages, messages_in_a_thread, monitor, own_connection, introspection, whole_keys,
    databases, unix_socket, many_threads, health_checks, reset_and_quit, asyncio_client,
])
