"""Usage: firehose_boto3.py MODULES ADDRESS. boto3 against the local Firehose: each check a line "ok NAME" or "not ok NAME: why"."""
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

address = sys.argv[2]


def client(key="AKIDLOCAL", secret="local-secret"):
    return boto3.client(
        "firehose", endpoint_url=address, region_name="eu-west-1", aws_access_key_id=key, aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 0}))


def put(count, length=5, stream="events", by=None):
    return (by or client()).put_record_batch(DeliveryStreamName=stream, Records=[{"Data": b"x" * length}] * count)


def script(text):
    urllib.request.urlopen(address + "_admin/script", data=text.encode()).read()


def check(name, holds):
    print(f"ok {name}" if holds else f"not ok {name}", flush=True)


def fails(name, code, run):
    try:
        run()
        print(f"not ok {name}: no error")
    except ClientError as e:
        known = getattr(client().exceptions, code, ClientError)
        check(name, e.response["Error"]["Code"] == code and isinstance(e, known))


answer = put(3)
check("batch", answer["FailedPutCount"] == 0 and not answer["Encrypted"] and all(e["RecordId"] for e in answer["RequestResponses"]))
check("record", client().put_record(DeliveryStreamName="events", Record={"Data": b"one"})["RecordId"])
check("limits", put(500)["FailedPutCount"] == 0 and put(3, 1024000)["FailedPutCount"] == 0)
script("slow:1")
answer = put(4)
check("slow", answer["FailedPutCount"] == 4 and all(
    (e["ErrorCode"], e["ErrorMessage"]) == ("ServiceUnavailableException", "Slow down.") for e in answer["RequestResponses"]))
fails("501 records", "ValidationException", lambda: put(501))
fails("record too long", "ValidationException", lambda: put(1, 1024001))
fails("4 MiB", "InvalidArgumentException", lambda: put(4, 1024000))
fails("no such stream", "ResourceNotFoundException", lambda: put(1, stream="other"))
fails("wrong secret", "InvalidSignatureException", lambda: put(1, by=client(secret="wrong")))
fails("unknown key", "UnrecognizedClientException", lambda: put(1, by=client(key="AKIDOTHER")))
script("unavailable")
fails("unavailable", "ServiceUnavailableException", lambda: put(1))
script("throttle")
fails("throttled", "ThrottlingException", lambda: put(1))
script("expired")
fails("expired", "ExpiredTokenException", lambda: put(1))
