"""``nashra comments``, typed: into rows and out of them, and no trace of who wrote in any file."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.cli.newsrooms import Newsroom
from tests.intake.comments_examples import (
    AGENT,
    E_MAIL,
    MACHINE,
    TRACES,
    disqus,
    post,
    thread,
    wp_comment,
    wp_item,
    wxr,
)
from tests.intake.ninjs_examples import item

WORDS = "I saw the ovens burn from the pier."
SECRET = "Words that wait for a moderator."


@pytest.fixture(scope="module")
def story(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The slug of a published story; gives old exports somewhere to go."""
    file = tmp_path_factory.mktemp("stories") / "one.jsonl"
    file.write_text(json.dumps(item(700, subjects=[{"name": "harbour", "rel": "section"}])))
    done = newsroom.run("import", "ninjs", file, "--publish")
    assert done.returncode == 0, done.stderr
    return "the-ovens-burn-again-700"


def old_export(slug: str, number: int = 1) -> bytes:
    base = 1000 * number
    return wxr(
        wp_item(
            wp_comment(base + 1, f"{WORDS} {number}"),
            wp_comment(base + 2, f"{SECRET} {number}", approved="0"),
            wp_comment(base + 3, approved="spam"),
            slug=slug,
            link=f"https://old.example/2019/05/{slug}/",
            title="x",
        )
    )


def all_bytes(newsroom: Newsroom) -> dict[str, bytes]:
    """Every file of the newsroom, and on PostgreSQL every row of the readers' database as text."""
    found = {str(path): path.read_bytes() for path in newsroom.folder.rglob("*") if path.is_file()}
    if address := newsroom.environment.get("READERS_DATABASE_URL"):
        with psycopg.connect(address) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in tables.fetchall():
                query = psycopg.sql.SQL("SELECT t::text FROM {} t").format(psycopg.sql.Identifier(table))
                found[table] = "\n".join(text for (text,) in connection.execute(query)).encode()
    return found


def test_old_comments_stand_on_the_page_and_no_trace_of_their_writers_in_any_file(
    newsroom: Newsroom, story: str, tmp_path: Path
) -> None:
    (tmp_path / "wp.xml").write_bytes(old_export(story))
    link = f"https://old.example/{story}/"
    (tmp_path / "dq.xml").write_bytes(disqus(thread(link=link, title="x"), post(5, "<p>From Disqus.</p>")))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    said = ""
    for source, file in (("wordpress", "wp.xml"), ("disqus", "dq.xml")):
        done = newsroom.run(
            "comments",
            "import",
            "--from",
            source,
            tmp_path / file,
            TMPDIR=str(temporary),
            NASHRA_LOG_LEVEL="DEBUG",
        )
        assert done.returncode == 0, done.stderr
        said += done.stdout + done.stderr
    assert "Left out: 1 spam.\n1 approved, 1 waiting, 0 known already" in said
    page = (newsroom.var / "site" / "en" / "harbour" / story / "index.html").read_text()
    assert f"{WORDS} 1" in page
    assert "From Disqus." in page
    assert SECRET not in page
    stored = all_bytes(newsroom)
    assert any(f"{SECRET} 1".encode() in content for content in stored.values())
    for trace in TRACES:
        assert [name for name, content in stored.items() if trace.encode() in content] == []
        assert trace not in said
    for words in (WORDS, SECRET, "Lina"):
        assert words not in said
    assert list(temporary.iterdir()) == []


def test_what_is_refused_leaves_no_trace_either(newsroom: Newsroom, story: str, tmp_path: Path) -> None:
    broken = old_export(story, 9)
    (tmp_path / "broken.xml").write_bytes(broken[:-40])
    (tmp_path / "strange.xml").write_bytes(
        broken.replace(b"<wp:comment_author><![CDATA[Lina", b"<wp:comment_author><![CDATA[" + E_MAIL.encode())
        .replace(b"2019-05-04 10", b"someday")
        .replace(b"2019-05-04 13", MACHINE.encode())
        .replace(b"<wp:comment_id>", b"<wp:comment_id>" + AGENT.encode())
    )
    for file in ("broken.xml", "strange.xml"):
        done = newsroom.run("comments", "import", "--from", "wordpress", tmp_path / file)
        assert done.returncode in {1, 2}
        for trace in (E_MAIL, MACHINE, "Traceback", "Lina"):
            assert trace not in done.stdout + done.stderr


def test_a_second_import_says_that_all_is_known(newsroom: Newsroom, story: str, tmp_path: Path) -> None:
    (tmp_path / "wp.xml").write_bytes(old_export(story, 2))
    first = newsroom.run("comments", "import", "--from", "wordpress", tmp_path / "wp.xml", "--no-press")
    assert first.stdout.splitlines()[-1] == (
        "1 approved, 1 waiting, 0 known already, 0 erased or rejected here before, 0 without a story, "
        "0 refused."
    )
    again = newsroom.run("comments", "import", "--from", "wordpress", tmp_path / "wp.xml", "--no-press")
    assert again.returncode == 0
    assert again.stdout.splitlines()[-1].startswith("0 approved, 0 waiting, 2 known already, ")


def test_stories_that_are_not_found_go_to_a_list_that_can_be_filled_in(
    newsroom: Newsroom, story: str, tmp_path: Path
) -> None:
    (tmp_path / "wp.xml").write_bytes(old_export("another-slug", 3))
    run = ("comments", "import", "--from", "wordpress", tmp_path / "wp.xml", "--no-press")
    done = newsroom.run(*run, "--unmatched", tmp_path / "list.csv")
    assert done.returncode == 1
    assert "2 comments: no published story has its address, slug or headline." in done.stderr
    lines = (tmp_path / "list.csv").read_text()
    (tmp_path / "list.csv").write_text(
        lines.replace("another-slug/,,", f"another-slug/,/en/harbour/{story}/,")
    )
    done = newsroom.run(*run, "--stories", tmp_path / "list.csv", "--dry-run")
    assert done.stdout.splitlines()[-1] == "Nothing was changed: this was a dry run."
    done = newsroom.run(*run, "--stories", tmp_path / "list.csv")
    assert (done.returncode, done.stdout.splitlines()[-1][:21]) == (0, "1 approved, 1 waiting")


def test_it_reads_the_standard_input(newsroom: Newsroom, story: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nashra", "comments", "import", "--from", "wordpress", "-", "--no-press"],
        input=old_export(story, 4),
        cwd=newsroom.folder,
        env=newsroom.environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.startswith(b"Left out: 1 spam.\n1 approved, 1 waiting"), done.stderr


def test_an_export_goes_to_a_file_that_its_owner_alone_can_read(
    newsroom: Newsroom, story: str, tmp_path: Path
) -> None:
    (tmp_path / "wp.xml").write_bytes(old_export(story, 5))
    newsroom.run("comments", "import", "--from", "wordpress", tmp_path / "wp.xml", "--no-press")
    file = tmp_path / "comments.json"
    file.write_text("an older export")
    done = newsroom.run("comments", "export", file)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"{WORDS} 5" in file.read_text()
    assert SECRET not in file.read_text()
    whole = newsroom.run("comments", "export", "--all-states")
    assert f"{SECRET} 5" in whole.stdout
    assert json.loads(whole.stdout)[-1]["kind"] == "end"
    (tmp_path / "whole.json").write_text(whole.stdout)
    again = newsroom.run("comments", "import", "--from", "nashra", tmp_path / "whole.json", "--no-press")
    assert again.returncode == 0
    assert again.stdout.startswith("0 approved, 0 waiting, ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "--story", "nowhere"), "knows no story 'nowhere'"),
        (("export", "/nowhere/comments.json"), "cannot be written to /nowhere/comments.json: No such file"),
        (("import", "--from", "wordpress", "nowhere.xml"), "nowhere.xml"),
        (("import", "--from", "nashra", "/dev/null"), "null is empty. Nothing was imported."),
        (
            ("import", "--from", "disqus", "/dev/null", "--stories", "nowhere.csv"),
            "nowhere.csv cannot be read",
        ),
    ],
)
def test_what_cannot_be_done_is_said(newsroom: Newsroom, arguments: tuple[str, ...], words: str) -> None:
    done = newsroom.run("comments", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
