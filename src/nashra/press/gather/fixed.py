"""Pages that depend on no story: texts, corrections, the front door, pages on trust, "not found"."""

from __future__ import annotations

from collections.abc import Iterator

from nashra.edition.pages import (
    CorrectionsPage,
    FrontDoorPage,
    NoticePage,
    Page,
    ReceiptFormPage,
    TextPage,
    TrustPage,
)
from nashra.press.gather.mastheads import Mastheads


def fixed_pages(mastheads: Mastheads) -> Iterator[tuple[str, Page]]:
    """Each such page with its address."""
    publications = mastheads.publications
    yield "/", FrontDoorPage(publications=publications)
    yield "/verify/", TrustPage(kind="verify", publications=publications)
    yield "/mirrors/", TrustPage(kind="mirrors", publications=publications)
    for paper in mastheads.papers.values():
        publication = paper.publication
        for kind, address, body_html in (
            ("policy", publication.policy_address, paper.policy_html),
            ("about", publication.about_address, paper.about_html),
        ):
            yield address, TextPage(publication=publication, kind=kind, address=address, body_html=body_html)
        yield publication.receipt_address, ReceiptFormPage(publication=publication)
        yield publication.corrections_address, CorrectionsPage(publication=publication, corrections=())
        yield f"{publication.address}404.html", NoticePage(publication=publication, kind="not-found")
    if publications:
        yield "/404.html", NoticePage(publication=publications[0], kind="not-found")
