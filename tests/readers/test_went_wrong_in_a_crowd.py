"""What went wrong elsewhere with limits, puzzles, counts and crowds: see ``test_went_wrong_elsewhere``."""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.signing import Signer

from nashra.desk import publishing
from nashra.desk.models import Story
from nashra.press.run import press_due, press_full
from nashra.readers import commenter, holding, limits, moderation, puzzles, receipts, receive, tidying, tokens
from nashra.readers.limits import ALLOWANCES, BUCKET, Act
from nashra.readers.models import Comment, CommentState, Thread, Vote
from nashra.serve.buckets import Buckets
from tests.readers.conftest import NOON, Reader, make_thread
from tests.readers.forms import hidden_fields
from tests.readers.test_votes_at_once import at_once
from tests.readers.test_went_wrong_elsewhere import WORDS, written

rows = pytest.mark.django_db(databases=["default", "readers"])


@pytest.mark.django_db(transaction=True, databases=["default", "readers"])
def test_discourse_pull_request_15001_votes_lost_or_doubled_in_a_race(readers_origin: None) -> None:
    """Discourse looked whether somebody had voted and then counted: of votes at once each found nothing.

    Fifty at once with one cookie, now yes, now no; and more in ``test_votes_at_once``.
    """
    thread = make_thread()
    cookie = tokens.sign_voter(now=datetime.datetime.now(datetime.UTC), voter="one-browser")

    def sender(choice: str) -> Callable[[], int]:
        def send() -> int:
            reader = Reader(**{"sec-fetch-site": "same-origin"})
            reader.client.cookies["nashra_reaction"] = cookie
            return reader.post("/readers/reaction", {"story": thread.public_id, "value": choice}).status_code

        return send

    assert set(at_once([sender(("yes", "no")[number % 2]) for number in range(50)])) == {200}
    thread.refresh_from_db()
    [vote] = Vote.objects.all()
    assert (thread.yes_count, thread.no_count) == ((1, 0) if vote.choice == "yes" else (0, 1))


@rows
def test_remark42_pull_request_2116_a_spoofed_client_address(reader: Reader, thread: Thread) -> None:
    """Remark42 took the first address that a header named for its sender's, and limited that."""
    buckets = Buckets()
    for number in range(ALLOWANCES[Act.COMMENT].network + 1):
        said = f"203.{number}.113.9"
        fields = {
            b"x-forwarded-for": said.encode(),
            b"x-real-ip": said.encode(),
            b"forwarded": b"for=" + said.encode(),
        }
        bucket = {BUCKET: buckets.token("198.51.100.7", fields)}
        spoofed = {"x-forwarded-for": said, "x-real-ip": said, "forwarded": f"for={said}"}
        preview = reader.post(
            "/readers/comment", written(thread, text=f"Words {number}."), headers=spoofed, **bucket
        )
        reader.post("/readers/comment", hidden_fields(preview), headers=spoofed, **bucket)
    found = list(Comment.objects.order_by("pk").values_list("reasons", flat=True))
    assert found == [[]] * ALLOWANCES[Act.COMMENT].network + [["burst"]]


@rows
@pytest.mark.parametrize(
    "values", [["st0ry", "n"], ["st0ry", None, "n"], ["st0ry", "", "n"], ["st0ry", 0, "n"]]
)
def test_antispam_bee_a_time_that_is_left_out_and_then_passes(values: list[Any], thread: Thread) -> None:
    """Antispam Bee measured how long a form took by a field, and let those pass that did not send it."""
    token = Signer(salt="nashra.readers.preview").sign_object(values)
    typed = receive.Typed(name="Lina", text=WORDS)
    try:
        outcome = receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="fresh")
    except TypeError:
        # Only we can sign such a token; it stops the request, and nothing is stored.
        outcome = None
    assert outcome is None or outcome.step is receive.Step.PREVIEW
    assert not Comment.objects.exists()
    puzzle = json.loads(puzzles.make_puzzle(nonce="n", now=NOON, lifetime_hours=1, number=7))
    for salt in ("n", "n?", "n?&", "n?expires=&", "n?expires=0&"):
        challenge = hashlib.sha256(f"{salt}7".encode()).hexdigest()
        fields = {"algorithm": "SHA-256", "challenge": challenge, "number": 7, "salt": salt}
        for signature in (puzzle["signature"], puzzles._signature(challenge)):
            answer = base64.b64encode(json.dumps(fields | {"signature": signature}).encode()).decode()
            assert not puzzles.is_solved(answer, nonce="n", now=NOON)


def solved(preview: Any, **changes: Any) -> dict[str, Any]:
    """What a browser makes of the puzzle on a preview's page."""
    asked = json.loads(html.unescape(preview.content.decode().split('data-puzzle="')[1].split('"')[0]))
    number = next(
        number
        for number in range(asked.pop("maxnumber") + 1)
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]
    )
    return {**asked, "number": number, **changes}


@rows
def test_altcha_an_answer_that_is_replayed_or_spliced(reader: Reader, thread: Thread) -> None:
    """ALTCHA before 1.0 took one answer for many forms; later, digits moved from the number to its end."""
    way = {BUCKET: "5c" * 16}
    for _ in range(ALLOWANCES[Act.COMMENT].network):
        limits.HERE.count(Act.COMMENT, way[BUCKET], time.monotonic())

    def send(number: int, answer: Any = None) -> list[str]:
        preview = reader.post("/readers/comment", written(thread, text=f"Words {number}."), **way)
        fields = answer(preview) if callable(answer) else answer
        packed = base64.b64encode(json.dumps(fields).encode()).decode()
        reader.post("/readers/comment", hidden_fields(preview) | {"solution": packed}, **way)
        reasons: list[str] = Comment.objects.latest("pk").reasons
        return reasons

    def spliced(preview: Any) -> dict[str, Any]:
        whole = solved(preview)
        digits = str(whole["number"])
        return whole | {"salt": whole["salt"] + digits[0], "number": int(digits[1:] or 0)}

    def later(preview: Any) -> dict[str, Any]:
        whole = solved(preview)
        return whole | {"salt": whole["salt"].replace("expires=", "expires=9")}

    seen: list[dict[str, Any]] = []
    assert send(1, lambda preview: seen.append(solved(preview)) or seen[0]) == []
    assert send(2, seen[0]) == ["burst"]
    assert send(3, spliced) == ["burst"]
    assert send(4, later) == ["burst"]


@rows
@pytest.mark.parametrize("seed", range(5))
def test_coral_issue_4134_counts_that_drift(seed: int, thread: Thread, moderator: User) -> None:
    """Coral changed a comment and its story's count in two steps, and the two went apart.

    Here they are equal after everything that anybody can do, in any order; and a number that is wrong
    all the same is mended by the nightly recount.
    """
    chance, now = random.Random(seed), NOON  # noqa: S311 -- chances, not secrets
    for number in range(60):
        now += datetime.timedelta(seconds=chance.randrange(60))
        comment = chance.choice([None, *Comment.objects.all()])
        if comment is None or number < 5:
            receive_one(thread, number, now)
        else:
            with suppress(moderation.AlreadyDecided, moderation.TooLate):
                do_something(chance, comment, moderator, now)
        standing = Comment.objects.filter(thread=thread, position__isnull=False).count()
        assert Thread.objects.get().comment_count == standing
    assert tidying.recount(now) == 0
    Thread.objects.update(comment_count=999)
    assert tidying.recount(now) == 1
    assert Thread.objects.get().comment_count == standing


def do_something(chance: random.Random, comment: Comment, moderator: User, now: datetime.datetime) -> None:
    """One of all the things that can happen to a comment."""
    what: dict[str, Any] = {"public_id": comment.public_id, "moderator": moderator, "now": now}
    seen = {"version": comment.version}
    held = {"held_until": chance.choice([None, holding.held_until(now)])}
    receipt = receipt_of(int(comment.name.split()[-1]))
    other = receive.Typed(name=comment.name, text=f"Again, at {now}.")
    lot = chance.randrange(8)
    if lot < 2:
        moderation.approve(**what, **seen, **held)
    elif lot == 2:
        moderation.reject(**what, **seen, **held)
    elif lot == 3:
        moderation.undo(**what)
    elif lot == 4:
        moderation.reopen(**what, from_state=comment.state)
    elif lot == 5:
        holding.carry_out(now + datetime.timedelta(minutes=1))
    elif lot == 6:
        commenter.change_words(receipt=receipt, typed=other, now=now)
    elif chance.random() < 0.5:
        moderation.erase(**what, **seen)
    else:
        commenter.erase(receipt=receipt, now=now)


@pytest.mark.django_db(databases=["default", "readers", "snapshot"])
def test_coral_issue_4613_33000_comments_sent_at_once(settings: Any, moderator: User) -> None:
    """Coral sent a story's readers all of its comments, and a story with 33,000 could not be opened.

    Here its page is as heavy as that of a story with 50, and one comment more is one file more, or three.
    """
    papers = publishing.create_newsroom(languages=["en"], name="The Lantern", now=NOON)
    section = publishing.create_section(publication=papers["en"], title="Harbour", slug="harbour", now=NOON)
    body = [("paragraph", "<p>The ferry came in at dawn.</p>")]
    story = publishing.write_story(section=section, headline="The ferry comes in", body=body)
    publishing.publish_story(story=story)
    press_full(now=NOON)
    page = settings.NASHRA_SITE_FOLDER / Story.objects.get().address.strip("/") / "index.html"

    stand(range(1, 50))
    assert approve_one_more(50, moderator).files_written == 1
    with_50 = len(page.read_bytes())
    stand(range(51, 33_000))
    approve_one_more(33_000, moderator)
    with_33_000 = page.read_bytes()
    assert b"33000 comments" in with_33_000
    assert with_33_000.count(b'<li id="c-') == 50
    assert abs(len(with_33_000) - with_50) < 10 * 1024
    # It fills a page of older ones: that, the one before it, and the story's own.
    assert approve_one_more(33_001, moderator).files_written == 3
    assert approve_one_more(33_002, moderator).files_written == 1


def receipt_of(number: int) -> str:
    return receipts.new_receipt(number.to_bytes(receipts.RANDOM_BYTES))


def receive_one(thread: Thread, number: int, now: datetime.datetime) -> None:
    typed = receive.Typed(name=f"Lina {number}", text=f"Words {number}.")
    nonce = receipts.nonce_of(receipt_of(number))
    token = receive.preview_comment(thread=thread, typed=typed, now=now, nonce=nonce).token
    outcome = receive.accept_comment(thread=thread, typed=typed, token=token, now=now, nonce="another")
    assert outcome.step is receive.Step.RECEIVED


def comment_row(thread: Thread, number: int, **facts: Any) -> Comment:
    name = f"c{number}"
    words = f"Words number {number:06}, from somebody who saw it come in."
    day = NOON.date()
    return Comment(
        public_id=name, thread=thread, name="Lina", text=words, day=day, nonce=name, fingerprint="", **facts
    )


def stand(numbers: range) -> None:
    """Have comments stand at these positions, as if they had been approved long ago."""
    thread = Thread.objects.get()
    made = (comment_row(thread, number, position=number, state=CommentState.APPROVED) for number in numbers)
    Comment.objects.bulk_create(made, batch_size=1_000)
    Thread.objects.update(comment_count=numbers[-1], last_position=numbers[-1])


def approve_one_more(number: int, moderator: User) -> Any:
    """Approve one, and press what is due."""
    comment_row(Thread.objects.get(), number).save()
    moderation.approve(public_id=f"c{number}", version=1, moderator=moderator, now=NOON)
    return press_due(now=NOON + datetime.timedelta(days=1))
