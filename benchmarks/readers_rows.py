"""Looks at the readers' rows, and fills a story's thread; runs inside the measured newsroom.

    python -m benchmarks.readers_rows stories COUNT | cookies COUNT | counts | fill STORY COUNT |
        approve STORY COUNT

Prints JSON.
"""

from __future__ import annotations

import datetime
import json
import secrets
import sys
import time
from typing import Any

import django

# As long as the comments of a busy story are.
_TEXT = (
    "The ferry came at dawn, and nobody was on it but those who had waited. We asked the harbour twice and "
    "were told twice that nothing had been written down. Who keeps the book? This is number {number}."
)
_AT_ONCE = 1_000


def main(verb: str, *arguments: str) -> None:
    """Do one of them, and print what came of it."""
    django.setup()
    verbs: dict[str, Any] = {
        "stories": stories,
        "cookies": cookies,
        "counts": counts,
        "fill": fill,
        "approve": approve,
    }
    print(json.dumps(verbs[verb](*arguments)))


def stories(count: str) -> list[dict[str, str]]:
    """Public ids and addresses of English stories that take comments."""
    from nashra.readers.models import Thread

    found = Thread.objects.filter(language="en", is_open=True).order_by("pk")
    return list(found.values("public_id", "address")[: int(count)])


def cookies(count: str) -> list[str]:
    """What so many browsers carry that were given their cookie before."""
    from nashra.readers import marks, tokens

    now = datetime.datetime.now(tz=datetime.UTC)
    voters = (secrets.token_urlsafe(marks.RANDOM_BYTES) for _ in range(int(count)))
    return [f"{marks.COOKIE_NAME}={tokens.sign_voter(now=now, voter=voter)}" for voter in voters]


def counts() -> dict[str, int]:
    """Rows, and the counters that should say the same."""
    from django.db.models import Sum

    from nashra.readers.models import Comment, Thread, Vote

    counted = Thread.objects.aggregate(yes=Sum("yes_count"), no=Sum("no_count"))
    return {
        "comments": Comment.objects.count(),
        "votes": Vote.objects.count(),
        "counted": counted["yes"] + counted["no"],
    }


def fill(story: str, count: str) -> dict[str, Any]:
    """Bring a story's approved comments to so many, and press what shows them."""
    from django.db import transaction

    from nashra.readers.leaving import join_page
    from nashra.readers.models import Comment, Thread
    from nashra.readers.router import ALIAS

    now = datetime.datetime.now(tz=datetime.UTC)
    standing = Comment.objects.filter(thread__public_id=story).count()
    for start in range(standing, int(count), _AT_ONCE):
        with transaction.atomic(using=ALIAS):
            thread = Thread.objects.select_for_update().get(public_id=story)
            numbers = range(start, min(start + _AT_ONCE, int(count)))
            # As an approval whose time to be undone is over.
            approved = {"state": "approved", "held_until": now}
            made = Comment.objects.bulk_create(_comment(thread, n, now, **approved) for n in numbers)
            join_page(thread, [comment.pk for comment in made], now)
    return _press(now)


def approve(story: str, count: str) -> list[dict[str, Any]]:
    """So often take one more comment, approve it, and press: how long from the approval to the page.

    The first, which warms this process up, is not among them.
    """
    return [_approve_one(story) for _number in range(int(count) + 1)][1:]


def _approve_one(story: str) -> dict[str, Any]:
    from django.contrib.auth import get_user_model

    from nashra.readers import moderation
    from nashra.readers.models import Thread

    moderator = get_user_model().objects.filter(is_superuser=True).first()
    now = datetime.datetime.now(tz=datetime.UTC)
    comment = _comment(Thread.objects.get(public_id=story), 0, now)
    comment.save(force_insert=True)
    began = time.perf_counter()
    moderation.approve(public_id=comment.public_id, version=1, moderator=moderator, now=now)
    run = _press(datetime.datetime.now(tz=datetime.UTC))
    return {**run, "approve_to_pressed_ms": round((time.perf_counter() - began) * 1000, 1)}


def _comment(thread: Any, number: int, now: datetime.datetime, **facts: Any) -> Any:
    from nashra.readers.models import Comment

    name = secrets.token_urlsafe(24)
    text = _TEXT.format(number=number)
    return Comment(
        public_id=name[:12].replace("_", "x").replace("-", "x"),
        thread=thread,
        name="Reader",
        text=text,
        day=now.date(),
        nonce=name,
        fingerprint=name,
        **facts,
    )


def _press(now: datetime.datetime) -> dict[str, Any]:
    from nashra.press.run import press_due

    run = press_due(now=now)
    if run is None or run.error:
        raise RuntimeError(f"The story was not pressed: {run and run.error}")
    return {"run_ms": run.duration_ms, "files_written": run.files_written}


if __name__ == "__main__":
    main(*sys.argv[1:])
