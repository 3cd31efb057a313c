"""Which marks the newsroom's texts may carry; every editor offers these and no more."""

from __future__ import annotations

# In a story the blocks give the structure, so that a paragraph needs only these.
PARAGRAPH_FEATURES = ["bold", "italic", "link"]
# Policies and "about" pages are one text and structure themselves.
TEXT_FEATURES = ["h2", "bold", "italic", "link", "ul", "ol"]
BIOGRAPHY_FEATURES = ["bold", "italic", "link"]
