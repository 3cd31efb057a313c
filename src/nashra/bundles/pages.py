"""A bundle's pages: HTML that is well-formed XML too, lean, and readable wherever it is opened.

The same markup serves browsers and e-book readers. Asks no network, holds no script and needs none. Must not
know how pages are packed.
"""

from __future__ import annotations

from html import escape

from nashra.bundles.bundle import Bundle
from nashra.bundles.stories import BundleStory

STYLE = (
    ":root{color-scheme:light dark;--k:#1c1a17;--p:#fdfcf9;--s:#5a554d;--l:#d9d4c9;--a:#97261b}"
    "@media(prefers-color-scheme:dark){:root{--k:#ece7dd;--p:#171614;--s:#aca599;--l:#3b3832;--a:#f0a08f}}"
    'body{margin:0 auto;max-width:36rem;padding:1rem 1.1rem 3rem;font-family:"Iowan Old Style",'
    '"Palatino Linotype",Charter,Georgia,"Noto Serif",serif;font-size:1.06rem;line-height:1.6;'
    "color:var(--k);background:var(--p);overflow-wrap:break-word}"
    ':lang(ar),:lang(fa),:lang(ur){font-family:"Noto Naskh Arabic","Geeza Pro","Sakkal Majalla",Tahoma,'
    "Georgia,serif;line-height:1.9}"
    "h1{font-size:1.9rem;line-height:1.15;margin:.3em 0 .4em}h2{font-size:1.25rem;line-height:1.3}"
    ":lang(ar) h1,:lang(fa) h1,h1:lang(ar),h1:lang(fa){line-height:1.5;font-size:1.75rem}"
    "a{color:inherit;text-decoration-color:var(--a)}li a{text-decoration:none}"
    ".n{border-bottom:3px double;padding-bottom:.4rem;font-weight:700;font-size:1.3rem}"
    ".n a{text-decoration:none}.m,figcaption,li p{color:var(--s);font-size:.85rem;margin:.2rem 0}"
    "figcaption p{margin:0}"
    ".k{color:var(--a);font-size:.85rem;margin:0}"
    ".s{font-size:1.15rem;color:var(--s)}img{max-width:100%;height:auto;display:block}figure{margin:1.4rem 0}"
    "blockquote{margin:1.5rem 0;padding:.3rem 1rem;border-inline-start:3px solid var(--a);font-size:1.15rem}"
    "ol.i{list-style:none;padding:0}.i li{border-top:1px solid var(--l);padding:.7rem 0;font-weight:600}"
    ".i p{font-weight:400}aside{border-inline-start:3px solid var(--a);padding-inline-start:.9rem}"
    "article+article{border-top:3px double;margin-top:3rem;padding-top:1.5rem}"
    ".c{border-top:1px solid var(--l);margin-top:3rem;color:var(--s);font-size:.85rem}"
    "@media print{body{max-width:none;color:#000;background:#fff}a{text-decoration:none}}"
)


def story_name(number: int) -> str:
    """A story's place in a bundle: neutral, so that no file name tells what somebody reads."""
    return str(number)


def places_of(bundle: Bundle) -> dict[str, str]:
    """Each story's place by its address."""
    return {story.address: story_name(number) for number, story in enumerate(bundle.stories, start=1)}


def article(story: BundleStory, body: str, *, heading: str = "h1", id_: str = "") -> str:
    """A story's words, from its section to its last line."""
    parts = [
        f"<article{f' id={chr(34)}{id_}{chr(34)}' if id_ else ''}{marked(story.language, story.direction)}>"
    ]
    if story.section:
        parts.append(f'<p class="k">{escape(story.section, quote=False)}</p>')
    parts.append(f"<{heading}>{escape(story.headline, quote=False)}</{heading}>")
    if story.standfirst:
        parts.append(f'<p class="s">{escape(story.standfirst, quote=False)}</p>')
    byline = " · ".join(filter(None, (story.byline, story.published)))
    parts.append(f'<p class="m">{escape(byline, quote=False)}</p>')
    return "".join([*parts, body, "</article>"])


def contents(bundle: Bundle, prefix: str, suffix: str) -> str:
    """The list of all stories; a story lies at ``prefix`` + its place + ``suffix``."""
    items = []
    for number, story in enumerate(bundle.stories, start=1):
        place = f"{prefix}{story_name(number)}{suffix}"
        headline = escape(story.headline, quote=False)
        when = escape(" · ".join(filter(None, (story.section, story.published))), quote=False)
        items.append(
            f'<li{marked(story.language, story.direction)}><a href="{place}">{headline}</a><p>{when}</p></li>'
        )
    return f'<ol class="i">{"".join(items)}</ol>'


def front(bundle: Bundle, listing: str) -> str:
    """What a reader sees first: the name, the edition, and the stories."""
    return (
        f'<p class="n">{escape(bundle.title, quote=False)}</p><p class="m">{escape(bundle.edition_line)}</p>'
        f"{listing}{how_to_check(bundle)}"
    )


def how_to_check(bundle: Bundle) -> str:
    """How a reader can tell whether it is ours; it cannot tell by itself."""
    words = bundle.words
    return (
        f'<div class="c"><h2>{escape(words.check_title)}</h2><p>{escape(words.check, quote=False)}</p></div>'
    )


def marked(language: str, direction: str) -> str:
    """The attributes by which a browser knows how to set, break and speak a text."""
    return f' lang="{escape(language)}" dir="{direction}"'


def document(
    *,
    title: str,
    language: str,
    direction: str,
    body: str,
    style: str,
    policy: str = "",
    root: str = "",
    body_marks: str = "",
) -> str:
    """A whole page; ``style`` is the markup that brings the style sheet."""
    rule = f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>' if policy else ""
    return (
        f'<!DOCTYPE html>\n<html{root}{marked(language, direction)}><head><meta charset="utf-8"/>{rule}'
        '<meta name="viewport" content="width=device-width,initial-scale=1"/>'
        f"<title>{escape(title, quote=False)}</title>{style}</head><body{body_marks}>{body}</body></html>\n"
    )
