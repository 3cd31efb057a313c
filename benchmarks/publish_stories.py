"""Publishes COUNT stories one by one, each followed by its press run; runs inside the newsroom.

    python -m benchmarks.publish_stories COUNT NAME

Prints a list of what each run took, as JSON. The first publication only warms up, and is not among
them. NAME tells the stories of one process from another's.
"""

from __future__ import annotations

import datetime
import json
import sys
import time
from typing import Any

import django

SECTION = "security"
TEXT = "<p>It came in at dawn, and by noon everybody on the quay had heard it twice.</p>"


def main(count: int, name: str) -> None:
    """Publish, press, print."""
    django.setup()
    from nashra.desk.models import Section

    section = next(found for found in Section.objects.filter(slug=SECTION) if found.language == "en")
    runs = [_publish(section, f"Measured story {name} {number}") for number in range(count + 1)]
    print(json.dumps(runs[1:]))


def _publish(section: Any, headline: str) -> dict[str, Any]:
    """A story with one author and two topics that the archive knows."""
    from nashra.desk import publishing
    from nashra.desk.models import Person, Topic
    from nashra.press.run import press_due

    story = publishing.write_story(
        section=section,
        headline=headline,
        authors=list(Person.objects.order_by("pk")[:1]),
        topics=list(Topic.objects.order_by("pk")[:2]),
        body=[("paragraph", TEXT)],
    )
    publishing.publish_story(story=story)
    began = time.perf_counter()
    run = press_due(now=datetime.datetime.now(tz=datetime.UTC))
    took_ms = (time.perf_counter() - began) * 1000
    if run is None or run.error:
        raise RuntimeError(f"The story was not pressed: {run and run.error}")
    return {
        "run_ms": run.duration_ms,
        "call_ms": round(took_ms, 1),
        "files_written": run.files_written,
        "files_unchanged": run.files_unchanged,
        "files_removed": run.files_removed,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
