"""The card that is printed at a ceremony: by it a reader knows the newsroom's words again.

Holds nothing secret. Must not ask a network: its QR codes are drawn here.
"""

from __future__ import annotations

import io
from html import escape

from nashra.verifier.words import grouped

_STYLE = (
    "body{font:1rem/1.5 Georgia,serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#000}"
    "code{font:1.05rem/1.7 ui-monospace,monospace;word-break:break-word}svg{width:11rem;height:11rem}"
    "section{border-top:3px double;padding:1rem 0;break-inside:avoid}"
    ".mind{border:2px solid;padding:.6rem 1rem}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_THROW_AWAY = (
    "These keys are for trying only. Their passphrases lie beside them: nobody should trust what they sign."
)


def card_html(name: str, fingerprint: str, key: str, *, is_throw_away: bool) -> str:
    """A page to print; ``fingerprint`` is the first root's, ``key`` the edition key's 56 characters."""
    mind = f'<p class="mind">{_THROW_AWAY}</p>' if is_throw_away else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(name)}: how to know our words</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(name)}</h1>{mind}<p>Whoever holds this card can tell our editions from forged ones, by "
        "whatever road they came, as long as our keys are in our hands. Give it on by hand or by voice. "
        "Nothing on it is secret.</p>"
        f"<section><h2>Root fingerprint</h2>{_qr_svg(fingerprint)}<p><code>{grouped(fingerprint)}</code></p>"
        "<p>For <code>nashra verify --root</code>. It changes only if our root keys are lost or "
        "stolen; we would then say so by every road.</p></section>"
        f"<section><h2>Edition key</h2>{_qr_svg(key)}<p><code>{escape(key)}</code></p>"
        "<p>For <code>minisign -P</code>. It may change; the root says by what.</p></section></body></html>\n"
    )


def card_text(name: str, fingerprint: str, key: str, *, is_throw_away: bool) -> str:
    """The same in plain text."""
    mind = f"{_THROW_AWAY}\n\n" if is_throw_away else ""
    return (
        f"{name}\n\n{mind}Root fingerprint (nashra verify --root):\n{grouped(fingerprint)}\n\n"
        f"Edition key (minisign -P):\n{key}\n"
    )


def qr_for_terminal(text: str) -> str:
    """A QR code of half blocks, for a terminal."""
    import segno

    held = io.StringIO()
    segno.make(text, error="m").terminal(held, compact=True)
    return held.getvalue()


def _qr_svg(text: str) -> str:
    import segno

    return str(segno.make(text, error="m").svg_inline(scale=4, border=2))
