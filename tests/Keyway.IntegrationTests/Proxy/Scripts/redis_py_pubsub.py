"""Publish and subscribe with redis-py, by itself and on a thread. Prints 'all right' or fails."""
import sys
import threading

import redis

port = int(sys.argv[1])
client = redis.Redis(port=port, decode_responses=True, socket_timeout=10)


def take(pubsub, count):
    found = []
    while len(found) < count:
        message = pubsub.get_message(timeout=10)
        assert message is not None, found
        found.append((message["type"], message["pattern"], message["channel"], message["data"]))
    return found


with client.pubsub() as pubsub:
    pubsub.subscribe("one", "two")
    pubsub.psubscribe("t*")
    assert take(pubsub, 3) == [("subscribe", None, "one", 1), ("subscribe", None, "two", 2), ("psubscribe", None, "t*", 3)]
    assert client.publish("one", "hello") == 1
    assert take(pubsub, 1) == [("message", None, "one", "hello")]
    client.publish("two", "hi")
    assert sorted(take(pubsub, 2), key=str) == sorted([("message", None, "two", "hi"), ("pmessage", "t*", "two", "hi")], key=str)
    assert client.pubsub_numsub("one", "none") == [("one", 1), ("none", 0)]
    assert sorted(client.pubsub_channels()) == ["one", "two"]
    assert client.pubsub_numpat() == 1
    pubsub.ping()
    assert take(pubsub, 1)[0][0] == "pong"
    pubsub.unsubscribe()
    assert sorted(entry[2] for entry in take(pubsub, 2)) == ["one", "two"]
    assert client.publish("one", "unheard") == 0

# Handlers on a thread, as applications have them.
seen = []
done = threading.Event()


def handler(message):
    seen.append(message["data"])
    if len(seen) == 500:
        done.set()


with client.pubsub(ignore_subscribe_messages=True) as pubsub:
    pubsub.subscribe(work=handler)
    pubsub.get_message(timeout=10)
    thread = pubsub.run_in_thread(sleep_time=0.01)
    with client.pipeline(transaction=False) as pipe:
        for number in range(500):
            pipe.publish("work", number)
        pipe.execute()
    assert done.wait(20), len(seen)
    thread.stop()
    thread.join()
assert seen == [str(number) for number in range(500)]
print("all right")
