"""Posts the demo's comments through the readers' desk, and approves those that stand approved.

Each goes the way of a real one: previewed, confirmed, checked, decided. A comment that was posted
before is known by its nonce and stays as it is.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence

from django.conf import settings

from nashra.demo.newsroom import DemoComment, DemoStory
from nashra.desk.models import Story
from nashra.edition.content import Publication
from nashra.readers import editors, moderation, receive
from nashra.readers.models import Comment, CommentState, Thread
from nashra.readers.threads import keep_thread


class DemoModerator:
    """Decides about the demo's comments while it is loaded; the log names it so."""

    def has_perm(self, perm: str) -> bool:
        """The moderators' right, and no other."""
        return perm == moderation.PERMISSION

    def get_username(self) -> str:
        """The name in the log."""
        return "demo"


def post_comments(
    comments: Sequence[DemoComment],
    *,
    stories: Sequence[DemoStory],
    now: datetime.datetime,
    step: Callable[[], None],
) -> None:
    """Post all comments under their stories; those under a story that is not published are left out."""
    facts = {story.name: story for story in stories}
    for comment in comments:
        story = facts[comment.story, comment.language]
        page = _published(story)
        if page is not None:
            _post(comment, _thread(page), _moment(comment, page, now))
        step()


def _published(story: DemoStory) -> Story | None:
    found = Story.objects.live().filter(slug=story.slug, locale__language_code=story.language)
    return found.select_related("locale").first()


def _moment(comment: DemoComment, page: Story, now: datetime.datetime) -> datetime.datetime:
    published_at = page.first_published_at or now
    return min(published_at + datetime.timedelta(days=comment.days, hours=2), now)


def _thread(page: Story) -> Thread:
    """The story's thread; the press keeps it from then on, with the whole masthead."""
    thread = Thread.objects.filter(public_id=page.public_id).first()
    if thread is not None:
        return thread
    paper = page.get_parent().get_parent().specific
    publication = Publication(
        language=paper.language,
        name=paper.title,
        strapline=paper.strapline,
        address=paper.address,
        time_zone=paper.time_zone,
        site_url=settings.NASHRA_SITE_URL,
    )
    keep_thread(
        public_id=page.public_id,
        language=page.language,
        headline=page.title,
        address=page.address,
        is_open=page.comments_enabled,
        publication=publication,
    )
    return Thread.objects.get(public_id=page.public_id)


def _post(comment: DemoComment, thread: Thread, moment: datetime.datetime) -> None:
    # Made from what it names, so that a load that is taken up again posts nothing twice.
    nonce = hashlib.sha256(f"{thread.public_id}\n{comment.text}".encode()).hexdigest()[:32]
    if Comment.objects.filter(nonce=nonce).exists():
        return
    answered = ""
    if comment.answers:
        answered = Comment.objects.get(thread=thread, name=comment.answers, answers="").public_id
    if comment.is_staff:
        _answer_as_staff(comment, answered, moment)
        return
    typed = receive.Typed(name=comment.name, text=comment.text, answers=answered)
    preview = receive.preview_comment(thread=thread, typed=typed, now=moment, nonce=nonce)
    receive.accept_comment(thread=thread, typed=typed, token=preview.token, now=moment, nonce=nonce)
    if comment.state == CommentState.APPROVED:
        posted = Comment.objects.get(nonce=nonce)
        moderation.approve(public_id=posted.public_id, version=1, moderator=DemoModerator(), now=moment)
        if comment.is_pick:
            editors.pick(public_id=posted.public_id, is_pick=True, moderator=DemoModerator(), now=moment)


def _answer_as_staff(comment: DemoComment, answered: str, moment: datetime.datetime) -> None:
    if Comment.objects.filter(answers=answered, text=comment.text).exists():
        return
    editors.answer(
        public_id=answered,
        name=comment.name,
        words=comment.text,
        random_bytes=comment.text.encode(),
        moderator=DemoModerator(),
        now=moment,
    )
