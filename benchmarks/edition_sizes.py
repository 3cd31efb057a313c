"""How small bundles and deltas are, beside what their plain text alone packs to by ``zstd -19``.

python -m benchmarks.edition_sizes
"""

from __future__ import annotations

import datetime
import subprocess
from dataclasses import replace
from html import escape
from typing import Any

from benchmarks.prose import WORDS_A_STORY
from benchmarks.prose import stories as prose
from benchmarks.prose.handbook import LANGUAGES
from nashra.bundles.bundle import bundle_of
from nashra.bundles.deltas import make_delta
from nashra.bundles.making import FORMATS, sizes
from nashra.bundles.stories import BundleStory
from nashra.bundles.volume_text import text_tar
from nashra.seal.signing import SigningKey

STORIES = 50
_KEY = SigningKey.from_seed(bytes(32))
_NOW = datetime.datetime(2026, 11, 27, 8, 0, tzinfo=datetime.UTC)
_GOALS = {"tar.zst": 1.6, "zip": 2.8, "epub": 2.2}
HTML_GOAL_BYTES = 240_000
_SPARE = 10
# What stands around a story's words, in its own letters: name, section, byline.
_AROUND = {
    "en": ("The River Lantern", "Society", "By Mira Tal in Orvane"),
    "ar": ("قنديل النهر", "مجتمع", "بقلم ميرا تال من أورفان"),
    "fa": ("فانوس رود", "جامعه", "نوشتهٔ میرا تال در اوروان"),
    "ru": ("Речной фонарь", "Общество", "Мира Тал, Орван"),
}
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def main() -> None:
    """Measure and print."""
    for name in ("en", *LANGUAGES, "ar-long", "ar-short"):
        if prose(name, 1):
            tell(name, measure(name))
        else:
            print(f"{name}: not measured; install Debian's package debian-handbook, whose prose it takes.")


def measure(name: str) -> dict[str, Any]:
    """Bytes of the bundles and deltas of stories in some prose, and of what they are measured against."""
    language = name.partition("-")[0]
    texts = prose(name, STORIES + _SPARE)
    spare = min(_SPARE, len(texts) // 4)
    told, fresh = texts[: len(texts) - spare][:STORIES], texts[-spare:]
    held = [_story(language, number, text) for number, text in enumerate(told)]
    bundle = bundle_of(tuple(held), number=7, cut_at=_NOW)
    new = [_story(language, 1000 + number, text) for number, text in enumerate(fresh)]
    before = text_tar(held)
    corrected = [replace(held[0], body=held[0].body.replace("</p>", " No more was known.</p>", 1)), *held[1:]]
    twice = [*corrected[:1], replace(held[1], body=held[1].body.replace("<p>", "<p>Late on Friday, ", 1))]
    return {
        "stories": len(held),
        "words": sum(len(paragraph.split()) for text in told for paragraph in text),
        "text": _packed(told),
        "text_bytes": sum(len(paragraph.encode()) for text in told for paragraph in text),
        "bundles": sizes(bundle, _KEY),
        "one": (len(make_delta(before, text_tar([*held, new[0]]))), _packed(fresh[:1])),
        "many": (len(make_delta(before, text_tar([*twice, *held[2:], *new]))), _packed(fresh)),
        "many_count": len(new),
        "correction": len(make_delta(before, text_tar(corrected))),
    }


def _story(language: str, number: int, paragraphs: list[str]) -> BundleStory:
    headline = " ".join(paragraphs[0].split()[:9])
    publication, section, byline = _AROUND[language]
    # Each has a date of its own: the same one in all of them would pack away to nothing.
    published_at = _NOW - datetime.timedelta(minutes=217 * number)
    published = f"{published_at:%Y-%m-%d %H:%M} (UTC)"
    return BundleStory(
        address=f"/{language}/society/a-story-of-some-length-{number}/",
        language=language,
        direction="rtl" if language in {"ar", "fa"} else "ltr",
        publication=publication,
        headline=headline,
        section=section,
        standfirst="",
        byline=byline,
        published=published.translate(_ARABIC_DIGITS) if language == "ar" else published,
        published_at=published_at,
        body="".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs),
    )


def _packed(texts: list[list[str]]) -> int:
    """What the plain text alone comes to, by the real program."""
    plain = "\n\n".join("\n".join(text) for text in texts).encode()
    command = ["zstd", "-19", "-q", "-c"]
    return len(subprocess.run(command, input=plain, stdout=subprocess.PIPE, check=True).stdout)


def tell(name: str, found: dict[str, Any]) -> None:
    """Print it beside the goals."""
    text = found["text"]
    print(
        f"{name}: {found['stories']} stories, {found['words']:,} words; "
        f"the plain text by zstd -19: {text:,} bytes"
    )
    words = found["words"] // found["stories"]
    if found["stories"] < STORIES or words < WORDS_A_STORY:
        print(f"  The goals are for {STORIES} stories of {WORDS_A_STORY} words; these have {words}.")
    for format_ in FORMATS:
        size = found["bundles"][format_]
        goal = f"goal ≤ {_GOALS[format_]} ×" if format_ in _GOALS else _html_goal(name, found["text_bytes"])
        print(f"  {format_:>8} {size:>9,} bytes  {size / text:5.2f} ×  ({goal})")
    for kind, what in (("one", "+1 story"), ("many", f"+{found['many_count']} and 2 corrections")):
        size, own = found[kind]
        print(f"  delta {what}: {size:,} bytes  {size / own:.2f} × its own text  (goal ≤ 1.3 ×)")
    print(f"  delta of one correction: {found['correction']} bytes  (goal ≤ 400)")


def _html_goal(name: str, text_bytes: int) -> str:
    """The page is not compressed, and UTF-8 has two bytes for each letter of other scripts."""
    return f"goal ≤ {HTML_GOAL_BYTES:,}" if name == "en" else f"the words alone: {text_bytes:,}"


if __name__ == "__main__":
    main()
