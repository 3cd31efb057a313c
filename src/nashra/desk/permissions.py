"""Who may change what: publications and sections belong to administrators, and no page is private.

Wagtail grants page rights by branch of the tree, so an editor of the stories in a section could also
rename the section. These testers take that part away and leave the rest to Wagtail.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import PagePermissionTester


class OpenPagePermissionTester(PagePermissionTester):
    """Wagtail's rights over a page, but for making it private.

    Pages are pressed for all: a password, or a list of those who may read, would keep nobody out.
    """

    def can_set_view_restrictions(self) -> bool:
        """Nobody: whoever wants a page away from readers withdraws it."""
        return False


class FramePermissionTester(OpenPagePermissionTester):
    """Wagtail's rights, of which those over the page itself also need ``right``."""

    right = ""

    def may_change_frame(self) -> bool:
        """Whether the user holds the right over pages of this type."""
        return self.user.is_active and self.user.has_perm(self.right)

    def can_edit(self) -> bool:
        """As Wagtail's, for those who hold the right."""
        return self.may_change_frame() and super().can_edit()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """As Wagtail's, for those who hold the right; moving is bound to it too."""
        return self.may_change_frame() and super().can_delete(ignore_bulk=ignore_bulk)

    def can_unpublish(self) -> bool:
        """As Wagtail's, for those who hold the right."""
        return self.may_change_frame() and super().can_unpublish()

    def can_publish(self) -> bool:
        """As Wagtail's, for those who hold the right; scheduling is bound to it too."""
        return self.may_change_frame() and super().can_publish()

    def can_submit_for_moderation(self) -> bool:
        """As Wagtail's, for those who hold the right."""
        return self.may_change_frame() and super().can_submit_for_moderation()

    def can_lock(self) -> bool:
        """As Wagtail's, for those who hold the right."""
        return self.may_change_frame() and super().can_lock()

    def can_unlock(self) -> bool:
        """As Wagtail's, for those who hold the right."""
        return self.may_change_frame() and super().can_unlock()


class SectionPermissionTester(FramePermissionTester):
    """Rights over a section; adding stories to it is Wagtail's."""

    right = "desk.change_section"


class PublicationPermissionTester(FramePermissionTester):
    """Rights over a publication; adding sections to it needs a right of its own."""

    right = "desk.change_publication"

    def can_add_subpage(self) -> Any:
        """As Wagtail's, for those who may open sections."""
        return self.user.has_perm("desk.add_section") and super().can_add_subpage()
