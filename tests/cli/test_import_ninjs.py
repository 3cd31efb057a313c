"""``nashra import ninjs``, typed: what it says, how it ends, and what readers then see."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cli.newsrooms import Newsroom
from tests.intake.ninjs_examples import item

IN_HARBOUR = [{"name": "harbour", "rel": "section"}]


def harbour_item(number: int, **changes: Any) -> dict[str, Any]:
    return item(number, **{"subjects": IN_HARBOUR, **changes})


def saved(path: Path, *items: Any) -> Path:
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in items))
    return path


def page(newsroom: Newsroom, address: str) -> Path:
    return newsroom.var / "site" / address.strip("/") / "index.html"


def test_it_publishes_presses_and_tells(newsroom, tmp_path):
    file = saved(tmp_path / "good.jsonl", harbour_item(1), harbour_item(2))
    done = newsroom.run("import", "ninjs", file, "--publish")
    assert done.returncode == 0, done.stderr
    last = "2 new, 0 updated, 0 withdrawn, 0 known already, 0 left as the desk has them, 0 bad."
    assert done.stdout.splitlines() == [last]
    assert "2 stories" in done.stderr
    assert "The ovens burn again 1" in page(newsroom, "/en/harbour/the-ovens-burn-again-1/").read_text()
    assert "The ovens burn again 2" in page(newsroom, "/en/harbour/").read_text()


def test_a_bad_line_is_named_and_ends_in_one(newsroom, tmp_path):
    file = saved(tmp_path / "bad.jsonl", harbour_item(11), "{", harbour_item(12, headlines=None))
    done = newsroom.run("import", "ninjs", file, "--publish", "--no-press")
    assert done.returncode == 1
    assert "line 2: is no JSON: " in done.stderr
    assert "line 3: has no headline." in done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 new, ")
    assert "Traceback" not in done.stderr
    assert not page(newsroom, "/en/harbour/the-ovens-burn-again-11/").exists()
    assert newsroom.run("press").returncode == 0
    assert page(newsroom, "/en/harbour/the-ovens-burn-again-11/").exists()


def test_it_reads_the_standard_input(newsroom):
    done = subprocess.run(
        [sys.executable, "-m", "nashra", "import", "ninjs", "-"],
        input=json.dumps([harbour_item(21), harbour_item(22)]),
        cwd=newsroom.folder,
        env=newsroom.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.split(",")[0]) == (0, "2 new"), done.stderr


def test_a_file_that_is_not_there_is_refused(newsroom):
    done = newsroom.run("import", "ninjs", "nowhere.jsonl")
    assert done.returncode == 2
    assert "nowhere.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_works_beside_a_newsroom_that_is_served(newsroom, tmp_path):
    file = saved(tmp_path / "served.jsonl", *(harbour_item(number) for number in range(100, 130)))
    with newsroom.serving() as serving:
        done = newsroom.run("import", "ninjs", file, "--publish")
        assert done.returncode == 0, done.stderr
        serving.wait_for_page("/en/harbour/the-ovens-burn-again-129/", "The ovens burn again 129")
        later = saved(tmp_path / "later.jsonl", harbour_item(129, pubStatus="canceled"))
        assert newsroom.run("import", "ninjs", later, "--publish", "--no-press").returncode == 0
        serving.wait_for_page("/en/harbour/the-ovens-burn-again-129/", "withdrawn")
        assert serving.read("/en/harbour/the-ovens-burn-again-129/")[0] == 410
