"""Proof of work: an answer serves the comment that it was asked for, in its time, and no other."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from typing import Any

import pytest

from nashra.readers.puzzles import LARGEST_NUMBER, MAX_ANSWER_LENGTH, is_solved, make_puzzle
from tests.readers.conftest import NOON

HOUR = datetime.timedelta(hours=1)
NONCE = "k7J_x-2bQ"
NUMBER = 1234


def puzzle(nonce: str = NONCE, number: int = NUMBER, hours: int = 72) -> dict[str, Any]:
    return json.loads(make_puzzle(nonce=nonce, now=NOON, lifetime_hours=hours, number=number))


def solve(asked: dict[str, Any]) -> int:
    """What a browser does."""
    return next(
        number
        for number in range(asked["maxnumber"] + 1)
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]
    )


def fields_of(asked: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = {**asked, "number": NUMBER, **changes}
    del answer["maxnumber"]
    return {name: value for name, value in answer.items() if value is not None}


def packed(fields: Any) -> str:
    return base64.b64encode(json.dumps(fields).encode()).decode()


def is_taken(answer: str, *, nonce: str = NONCE, now: datetime.datetime = NOON) -> bool:
    return is_solved(answer, nonce=nonce, now=now)


@pytest.mark.parametrize("number", [0, 1, NUMBER, LARGEST_NUMBER])
def test_a_solved_puzzle_is_taken(number: int) -> None:
    asked = puzzle(number=number)
    assert solve(asked) == number
    answer = packed(fields_of(asked, number=number))
    assert len(answer) < MAX_ANSWER_LENGTH
    assert is_taken(answer)


def test_what_altchas_own_widget_adds_does_no_harm() -> None:
    assert is_taken(packed(fields_of(puzzle(), took=812)))


def test_a_wrong_number_is_refused() -> None:
    for number in (NUMBER + 1, -1, LARGEST_NUMBER + 1, 10**300):
        assert not is_taken(packed(fields_of(puzzle(), number=number)))


def test_an_answer_replayed_for_another_comment_is_refused() -> None:
    answer = packed(fields_of(puzzle()))
    assert is_taken(answer)
    assert not is_taken(answer, nonce="another")
    assert not is_taken(answer, nonce="")
    # Nor does it help to name the other comment in the salt.
    salt = puzzle("another")["salt"]
    assert not is_taken(packed(fields_of(puzzle(), salt=salt)), nonce="another")
    challenge = hashlib.sha256(f"{salt}{NUMBER}".encode()).hexdigest()
    assert not is_taken(packed(fields_of(puzzle(), salt=salt, challenge=challenge)), nonce="another")


def test_an_answer_spliced_to_live_longer_is_refused() -> None:
    asked = puzzle(number=1789)
    expires = int(asked["salt"].removeprefix(f"{NONCE}?expires=").removesuffix("&"))
    # The same bytes are hashed, parted elsewhere: the end moves by ten or a thousand times.
    for digits in (1, 2, 3):
        end, rest = "1789"[:digits], "1789"[digits:]
        for salt in (
            f"{NONCE}?expires={expires}&{end}",
            f"{NONCE}?expires={expires}{end}",
            f"{NONCE}?expires={expires}{end}&",
        ):
            assert not is_taken(packed(fields_of(asked, salt=salt, number=int(rest))))
    late = NOON + 10_000 * HOUR
    for salt in (
        f"{NONCE}?expires={expires}&expires={expires * 10}&",
        f"{NONCE}?expires={expires * 10}&",
        f"{NONCE}?expires={expires}&x=1&",
    ):
        assert not is_taken(packed(fields_of(asked, number=1789, salt=salt)))
        assert not is_taken(packed(fields_of(asked, number=1789, salt=salt)), now=late)


def test_a_nonce_spliced_from_another_is_refused() -> None:
    for ours, theirs in ((f"{NONCE}?expires=9999999999&x", NONCE), (f"x?{NONCE}", NONCE)):
        assert not is_taken(packed(fields_of(puzzle(ours))), nonce=theirs)
        assert not is_taken(packed(fields_of(puzzle(ours))), nonce=ours)


def test_an_expired_answer_is_refused() -> None:
    answer = packed(fields_of(puzzle(hours=2)))
    assert is_taken(answer, now=NOON + 2 * HOUR)
    assert not is_taken(answer, now=NOON + 3 * HOUR)


def test_a_time_field_left_out_does_not_pass() -> None:
    for salt in (NONCE, f"{NONCE}?", f"{NONCE}&", f"{NONCE}?expires=&", f"{NONCE}?expires=", f"{NONCE}?x=1&"):
        challenge = hashlib.sha256(f"{salt}{NUMBER}".encode()).hexdigest()
        assert not is_taken(packed(fields_of(puzzle(), salt=salt)))
        assert not is_taken(packed(fields_of(puzzle(), salt=salt, challenge=challenge)))
    asked = puzzle()
    for wrong in ("٩٩٩٩٩٩٩٩٩٩", "-1", "1e12", "9999999999.0", " 9999999999", "9" * 400):
        assert not is_taken(packed(fields_of(asked, salt=f"{NONCE}?expires={wrong}&")))


@pytest.mark.parametrize("field", ["algorithm", "challenge", "number", "salt", "signature"])
def test_a_missing_field_or_one_of_another_type_is_refused(field: str) -> None:
    asked = puzzle()
    for wrong in (None, "", [], {}, True, 1.5, [NUMBER], "\ud800", "é"):
        assert not is_taken(packed(fields_of(asked, **{field: wrong})))
    assert not is_taken(packed(fields_of(asked) | {"verified": True}))


@pytest.mark.parametrize("algorithm", ["SHA-1", "SHA-512", "sha-256", "none"])
def test_no_weaker_digest_is_taken(algorithm: str) -> None:
    assert not is_taken(packed(fields_of(puzzle(), algorithm=algorithm)))


def test_a_puzzle_that_we_did_not_make_is_refused() -> None:
    asked = puzzle()
    salt = asked["salt"]
    for number in (0, NUMBER + 1):
        challenge = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
        for signature in (asked["signature"], "", "0" * 64):
            fields = fields_of(asked, number=number, challenge=challenge, signature=signature)
            assert not is_taken(packed(fields))


@pytest.mark.parametrize(
    "answer",
    ["", "x", "====", "é", "\x00", "e30=", packed([]), packed(None), packed(7), packed("x"), "A" * 10_000]
    + [base64.b64encode(body).decode() for body in (b"[" * 400, b"\xff\xfe", b'{"number": NaN}', b"9" * 440)],
)
def test_what_is_no_answer_is_refused(answer: str) -> None:
    assert not is_taken(answer)


def test_it_tells_the_hour_and_no_finer_time() -> None:
    def at(minute: int) -> str:
        return make_puzzle(nonce=NONCE, now=NOON.replace(minute=minute), lifetime_hours=72, number=7)

    assert at(0) == at(59)


def test_the_hardest_puzzle_is_bounded() -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        puzzle(number=LARGEST_NUMBER + 1)
