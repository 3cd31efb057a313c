"""Who may come to the moderators' pages at the desk: one decorator for every address of theirs.

Imported by the desk's views alone, for the readers' process has no Wagtail. Must not decide what a
moderator may do: each verb asks again.
"""

from __future__ import annotations

from wagtail.admin.auth import user_passes_test

from nashra.readers import moderation

# Others are led back to where they may be, as Wagtail does it everywhere.
for_moderators = user_passes_test(moderation.may_moderate)
