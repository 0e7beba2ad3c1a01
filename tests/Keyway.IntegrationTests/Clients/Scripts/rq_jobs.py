"""RQ, a job queue: its real worker, with a process for each job, and its scheduler."""
import sys
import time
from datetime import timedelta

import redis
import rq
from rq.job import Dependency, Job, JobStatus

from suite import HOST, PASSWORD, PORT, run, until


def connect():
    return redis.Redis(host=HOST, port=PORT, password=PASSWORD, db=1, socket_timeout=30)


connection = connect()


# The jobs, which the worker's processes import from here.
def double(n):
    return 2 * n


def fail():
    raise ValueError("as it must")


def fail_once():
    if connect().incr("attempts") == 1:
        raise ValueError("the first time")
    return "the second time"


def whose_result(job_id):
    return Job.fetch(job_id, connection=connect()).result


# The functions are found by module: this file runs as __main__ in one process and is imported in the others.
def function(name):
    return f"rq_jobs.{name}"


def work(*queues, **options):
    rq.Worker(queues, connection=connect(), log_job_description=False).work(burst=True, logging_level="ERROR", **options)


def jobs_and_results():
    queue = rq.Queue("many", connection=connection)
    jobs = [queue.enqueue(function("double"), n) for n in range(10)]
    assert len(queue) == 10
    work(queue)
    assert [job.result for job in jobs] == [2 * n for n in range(10)]
    assert len(queue) == 0 and len(queue.finished_job_registry) == 10


def failures_and_retries():
    queue = rq.Queue("failing", connection=connection)
    failed = queue.enqueue(function("fail"))
    retried = queue.enqueue(function("fail_once"), retry=rq.Retry(max=2))
    work(queue)
    assert failed.get_status() == JobStatus.FAILED and failed.id in queue.failed_job_registry
    failed.refresh()
    assert "as it must" in failed.exc_info
    assert retried.result == "the second time"
    queue.failed_job_registry.requeue(failed.id)
    assert queue.job_ids == [failed.id]


def dependencies():
    queue = rq.Queue("dependent", connection=connection)
    first = queue.enqueue(function("double"), 21)
    second = queue.enqueue(function("whose_result"), first.id, depends_on=Dependency([first]))
    assert second.get_status() == JobStatus.DEFERRED
    work(queue)
    assert second.result == 42


def scheduled_jobs():
    queue = rq.Queue("scheduled", connection=connection)
    job = queue.enqueue_in(timedelta(seconds=1), function("double"), 4)
    assert job.get_status() == JobStatus.SCHEDULED and queue.scheduled_job_registry.count == 1
    time.sleep(1.1)
    work(queue, with_scheduler=True)
    until(lambda: job.get_status(refresh=True) == JobStatus.FINISHED)
    assert job.result == 8


def several_queues_in_order():
    high, low = rq.Queue("high", connection=connection), rq.Queue("low", connection=connection)
    last = low.enqueue(function("double"), 1)
    first = high.enqueue(function("double"), 2)
    work(high, low)
    first.refresh(), last.refresh()
    assert first.ended_at < last.ended_at


if __name__ == "__main__":
    # What the modules' own processes import is this file, with the same arguments.
    sys.modules["rq_jobs"] = sys.modules["__main__"]
    run([jobs_and_results, failures_and_retries, dependencies, scheduled_jobs, several_queues_in_order])
