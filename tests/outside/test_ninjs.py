"""IPTC's own schema and a corpus of whole items: each property is documented, each item comes in."""

from __future__ import annotations

import datetime
import importlib.util
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "ninjs.md"
NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)


def properties_of(schema: dict[str, Any]) -> set[str]:
    """Every property of the schema, nested ones with their path; a shared part's below that part's name."""
    found: set[str] = set()

    def walk(part: Any, path: str) -> None:
        for name, value in part.get("properties", {}).items() if isinstance(part, dict) else ():
            whole = f"{path}.{name}" if path else name
            found.add(whole)
            walk(value, whole)
            walk(value.get("items"), whole)

    for name, part in schema["$defs"].items():
        walk(part, "" if name == "ninjsType" else name)
    walk(schema, "")
    return found


def documented() -> dict[str, list[tuple[str, str]]]:
    """The page's tables of properties: under each heading, names and what is said of them."""
    page = PAGE.read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    row = re.compile(r"^\| `([A-Za-z.]+)` \| ([^|]{3,}) \|$", re.MULTILINE)
    return {heading: row.findall(parts[heading]) for heading in ("What is used", "What is left")}


@pytest.fixture(scope="module")
def schema(outside: Path) -> dict[str, Any]:
    return json.loads((outside / "outside" / "ninjs" / "ninjs-schema_3.1.json").read_text(encoding="utf-8"))


def test_the_page_names_each_property_of_the_schema_once(schema):
    names = [name for rows in documented().values() for name, _said in rows]
    assert len(names) == len(set(names))
    assert set(names) == properties_of(schema)


def test_each_property_that_is_used_has_a_test_with_its_own_example():
    tests = (PAGE.parents[2] / "tests" / "intake" / "test_ninjs_item.py").read_text(encoding="utf-8")
    for name, _said in documented()["What is used"]:
        assert re.search(rf"\b{name.rpartition('.')[2]}\b", tests), f"{name} is not shown coming in"


@pytest.mark.django_db
def test_a_corpus_of_items_comes_in_whole(outside):
    from nashra.desk import publishing
    from nashra.desk.models import Section, Story
    from nashra.intake.ninjs.command import Wishes, import_ninjs

    publishing.create_newsroom(languages=["en", "ar"], name="The Gull", now=NOW)
    spec = importlib.util.spec_from_file_location("corpus", outside / "bench" / "corpus.py")
    corpus = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(corpus)
    items = list(corpus.stories(60))
    stream = io.BytesIO("\n".join(json.dumps(one) for one in items).encode())
    said: list[str] = []
    wishes = Wishes(publish=True, create_sections=True)
    report = import_ninjs(stream, source="corpus", wishes=wishes, now=NOW, say=said.append)
    assert (said, report.counts["new"]) == ([], 60)
    assert Story.objects.live().count() == 60
    assert Section.objects.count() == 10
    for one, story in zip(items, Story.objects.order_by("pk"), strict=True):
        shown = "".join(re.sub(r"<[^>]*>", "", story.body_html).split())
        assert shown == "".join(re.sub(r"<[^>]*>", "", one["bodies"][0]["value"]).split()).replace(
            "&#x27;", "'"
        ).replace("&quot;", '"')
        assert story.title == " ".join(one["headlines"][0]["value"].split())
        assert story.topics.count() == len(one["subjects"]) - 1
