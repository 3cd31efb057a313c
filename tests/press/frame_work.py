"""What is done at the desk to sections and publications."""

from __future__ import annotations

from typing import Any

from nashra.desk import publishing
from nashra.desk.models import Publication
from tests.press.choosing import SLUGS, choose, every, refused, sections

ZONES = ("UTC", "Pacific/Auckland", "Pacific/Honolulu")


class FrameWork:
    """Work on the paper's frame; mix it into ``DeskWork``, which has the clock and edits pages."""

    clock: Any
    _edit_page: Any

    def open_section(self, which: int, other: int) -> None:
        publication = choose(every(Publication), which)
        with refused():
            publishing.create_section(publication=publication, title=f"New {other}", now=self.clock())

    def rename_section(self, which: int, other: int) -> None:
        self._edit_page(choose(sections(), which), title=f"Water {other}")

    def describe_section(self, which: int, other: int) -> None:
        self._edit_page(choose(sections(), which), description=f"All about {other} rivers.")

    def change_sections_slug(self, which: int, other: int) -> None:
        self._edit_page(choose(sections(), which), slug=SLUGS[other % len(SLUGS)])

    def take_section_off_line(self, which: int, other: int) -> None:
        if section := choose(sections(), which):
            section.unpublish()

    def put_section_back(self, which: int, other: int) -> None:
        if section := choose([section for section in sections() if not section.live], which):
            with refused():
                section.save_revision().publish()

    def reorder_sections(self, which: int, other: int) -> None:
        first, second = choose(sections(), which), choose(sections(), other)
        if first and second and first.pk != second.pk and first.get_parent() == second.get_parent():
            first.move(second, pos="left")

    def delete_section(self, which: int, other: int) -> None:
        if section := choose(sections(), which):
            section.delete()

    def rename_publication(self, which: int, other: int) -> None:
        publication = choose(every(Publication), which)
        self._edit_page(publication, title=f"The Lantern {other}", strapline=f"Since {1900 + other}")

    def change_time_zone(self, which: int, other: int) -> None:
        self._edit_page(choose(every(Publication), which), time_zone=ZONES[other % len(ZONES)])

    def close_comments_in_time(self, which: int, other: int) -> None:
        """After some days, or never."""
        days = (None, 0, 3, 30)[other % 4]
        self._edit_page(choose(every(Publication), which), comments_close_after_days=days)

    def take_publication_off_line(self, which: int, other: int) -> None:
        if publication := choose(every(Publication), which):
            publication.unpublish()

    def put_publication_back(self, which: int, other: int) -> None:
        if publication := choose([each for each in every(Publication) if not each.live], which):
            publication.save_revision().publish()
