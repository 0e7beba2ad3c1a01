"""Checks of a client library: prints "ok NAME" or "not ok NAME: why" for each. Arguments: host, port, password, path of a unix socket."""
import sys
import time
import traceback

HOST, PORT, PASSWORD, SOCKET = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]


def run(checks):
    failed = False
    for check in checks:
        name = check.__name__
        try:
            check()
            print(f"ok {name}", flush=True)
        except Exception as error:
            failed = True
            where = traceback.extract_tb(error.__traceback__)[-1]
            for frame in traceback.extract_tb(error.__traceback__):
                if frame.filename == check.__code__.co_filename:
                    where = frame
            text = " ".join(str(error).split())
            print(f"not ok {name}: line {where.lineno}: {where.line}: {type(error).__name__} {text}", flush=True)
    sys.exit(1 if failed else 0)


def until(condition, seconds=10):
    """Waits until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.01)
