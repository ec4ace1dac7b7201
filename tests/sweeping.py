"""What a sweep hands out, as the tests look at it: a queue for each channel, and the hints that have come out of it."""

import json

import pytest

from recobro.house import House

CHANNELS = ("sms", "email", "whatsapp", "voice", "push")


def open_queues(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the house its channels' queues, named as its functions find them."""
    for channel in CHANNELS:
        url = home.client("sqs").create_queue(QueueName=f"send-{channel}")["QueueUrl"]
        monkeypatch.setenv(f"QUEUE_SEND_{channel.upper()}", url)


def hints(home: House, channel: str) -> list[dict[str, str]]:
    """Those that are out of their delay."""
    client = home.client("sqs")
    url = client.get_queue_url(QueueName=f"send-{channel}")["QueueUrl"]
    found: list[dict[str, str]] = []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(one["Body"]) for one in messages]
    return found


def person(number: int) -> str:
    return f"d{number:023x}"
