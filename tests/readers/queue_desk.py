"""What a moderator sees and presses at the desk with scripts off, and comments to decide about."""

from __future__ import annotations

import html
import re
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from nashra.readers import moderation, receive
from nashra.readers.models import Comment, Thread
from tests.readers.conftest import NOON

_HIDDEN_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def waiting(thread: Thread, text: str, name: str = "Lina", answers: str = "") -> Comment:
    """A comment that waits; ``answers`` is the public id of the one that it replies to."""
    typed = receive.Typed(name=name, text=text)
    nonce = f"{thread.pk} {Comment.objects.count()} {text}"[:64]
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce=nonce).token
    receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="unused")
    Comment.objects.filter(nonce=nonce).update(answers=answers)
    return Comment.objects.get(nonce=nonce)


def standing(thread: Thread, text: str, moderator: User, name: str = "Lina") -> Comment:
    """A comment that stands under its story."""
    comment = waiting(thread, text, name)
    moderation.approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    comment.refresh_from_db()
    return comment


def page(answer: Any, *, status: int = 200) -> str:
    """Our part of the page alone, without the menu around it, its entities resolved."""
    assert answer.status_code == status, answer
    return html.unescape(answer.content.decode()).split("<main", 1)[1].split("</main>", 1)[0]


def form(answer: Any, action: str) -> str:
    """The page's form that is sent to an address."""
    content: str = answer.content.decode()
    assert f'action="{action}"' in content, f"no form is sent to {action}"
    return content.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]


def hidden(answer: Any, action: str) -> dict[str, str]:
    """What the form brings along by itself."""
    return {name: html.unescape(value) for name, value in _HIDDEN_FIELD.findall(form(answer, action))}


def article(answer: Any, comment: Comment) -> str:
    """One comment as the list shows it."""
    return page(answer).split(f'id="comment-{comment.public_id}"', 1)[1].split("</article>", 1)[0]


def press(desk: Client, comment: Comment, verb: str, **more: Any) -> Any:
    """Press a button beside a comment in its list, with the fields that the page put there."""
    listing = desk.get("/comments/", {"state": comment.state})
    if comment.is_reported:
        listing = desk.get("/comments/")
    action = f"/comments/{comment.public_id}/"
    forms = listing.content.decode().split(f'action="{action}"')[1:]
    ours = next(each.split("</form>", 1)[0] for each in forms if f'value="{verb}"' in each)
    fields = {name: html.unescape(value) for name, value in _HIDDEN_FIELD.findall(ours)}
    return desk.post(action, fields | {"verb": verb} | more)


def send(desk: Client, seen: Any, action: str, **fields: Any) -> Any:
    """Send a form of a page that was seen, with what was typed or chosen in it."""
    return desk.post(action, hidden(seen, action) | fields)
