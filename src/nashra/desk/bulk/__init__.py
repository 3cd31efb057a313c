"""Writing and publishing stories by the hundred: the rows that the verbs write, in few statements.

Serves intake alone. It leaves out what the verbs ask of a person's rights and of a form, and must
leave out nothing else: tests compare its rows with those of ``desk.publishing``.
"""

from __future__ import annotations

from nashra.desk.bulk.filing import Filed, NewStory, SetBody, file_stories, set_body
from nashra.desk.bulk.rewriting import rewrite_story, withdraw_in_bulk
from nashra.desk.bulk.traces import settle_search

__all__ = [
    "Filed",
    "NewStory",
    "SetBody",
    "file_stories",
    "rewrite_story",
    "set_body",
    "settle_search",
    "withdraw_in_bulk",
]
