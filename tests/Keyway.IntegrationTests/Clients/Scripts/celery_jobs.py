"""Celery, a job queue, with Redis as broker and for results: its real worker in a process of its own."""
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone

from celery import Celery, chain, chord, group
from celery.exceptions import TimeoutError as ResultTimeoutError

URL = os.environ.get("SUITE_URL")
app = Celery("celery_jobs", broker=URL, backend=URL)
app.conf.update(broker_connection_retry_on_startup=True, worker_hijack_root_logger=False, result_extended=True)


@app.task
def add(x, y):
    return x + y


@app.task
def total(numbers):
    return sum(numbers)


@app.task(bind=True, max_retries=3)
def third_time(self):
    if self.request.retries < 2:
        raise self.retry(countdown=0.05)
    return self.request.retries


@app.task
def fail():
    raise ValueError("as it must")


@app.task(ignore_result=True)
def forgotten():
    pass


def results():
    answers = [add.delay(n, n) for n in range(30)]
    assert [answer.get(timeout=10) for answer in answers] == [2 * n for n in range(30)]


def failures_and_retries():
    assert third_time.delay().get(timeout=10) == 2
    answer = fail.delay()
    try:
        answer.get(timeout=10)
    except ValueError as error:
        assert "as it must" in str(error)
    else:
        raise AssertionError("no failure")
    assert answer.state == "FAILURE"


def groups_chains_and_chords():
    assert group(add.s(n, 1) for n in range(10))().get(timeout=10) == [n + 1 for n in range(10)]
    assert chain(add.s(1, 2), add.s(3), add.s(4))().get(timeout=10) == 10
    assert chord((add.s(n, n) for n in range(5)), total.s())().get(timeout=10) == 20


def delayed():
    begin = time.monotonic()
    assert add.apply_async((1, 1), countdown=0.5).get(timeout=10) == 2
    assert time.monotonic() - begin >= 0.4
    expired = add.apply_async((1, 1), expires=datetime.now(timezone.utc) - timedelta(seconds=5))
    try:
        expired.get(timeout=5)
    except ResultTimeoutError:
        raise AssertionError("not revoked")
    except Exception:
        assert expired.state == "REVOKED"


def remote_control():
    answers = app.control.inspect(timeout=8, limit=1).ping()
    assert list(answers.values()) == [{"ok": "pong"}], answers
    assert any("celery_jobs.add" in tasks for tasks in app.control.inspect(timeout=8, limit=1).registered().values())


def waiting_results_are_told():
    # Subscribed before the result is there.
    answer = add.apply_async((20, 22), countdown=0.3)
    assert answer.get(timeout=10, interval=30) == 42


if __name__ == "__main__":
    from suite import HOST, PASSWORD, PORT, run

    URL = f"redis://:{PASSWORD}@{HOST}:{PORT}/1"
    os.environ["SUITE_URL"] = URL
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from celery_jobs import add, app, fail, third_time, total

    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_jobs", "worker", "-P", "threads", "-c", "4", "-l", "WARNING", "--without-mingle"],
        cwd=os.path.dirname(os.path.abspath(__file__)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        run([results, failures_and_retries, groups_chains_and_chords, delayed, remote_control, waiting_results_are_told])
    finally:
        worker.terminate()
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()
