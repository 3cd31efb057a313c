"""What the pages tell people to type exists, and their links lead somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from nashra.cli import main

PROJECT = Path(__file__).resolve().parents[2]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
COMMANDS_PAGE = PROJECT / "docs" / "reference" / "commands.md"


def commands(group: click.Group, path: str = "nashra") -> dict[str, click.Command]:
    """Every command below a group, by what one types."""
    context = click.Context(group, info_name=path)
    found = {}
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found |= commands(command, f"{path} {name}")
        else:
            found[f"{path} {name}"] = command
    return found


def options(command: click.Command) -> set[str]:
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for name in parameter.opts
        if name.startswith("--") and name != "--help"
    }


def documented_commands() -> dict[str, str]:
    """The reference's sections: by command, its text."""
    page = COMMANDS_PAGE.read_text(encoding="utf-8")
    return dict(re.findall(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))


def typed_lines() -> list[tuple[str, str]]:
    """Each line that a shell block of a page tells the reader to type, with the page's name."""
    lines: list[tuple[str, str]] = []
    for page in PAGES:
        blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        typed = [line.split(" #")[0].strip() for line in "".join(blocks).splitlines()]
        lines += [(page.name, line) for line in typed if line and not line.startswith("#")]
    return lines


def test_every_command_is_documented():
    assert set(documented_commands()) == set(commands(main))


def test_every_option_is_documented_and_no_other():
    sections = documented_commands()
    for name, command in commands(main).items():
        said = set(re.findall(r"^\| `(--[a-z-]+)", sections[name], re.MULTILINE))
        assert said == options(command), name


def test_every_nashra_command_that_a_page_shows_exists():
    shown = [(page, line) for page, line in typed_lines() if re.match(r"(\S*/)?nashra ", line)]
    known = commands(main)
    assert shown
    for page, line in shown:
        words = line.split()[1:]
        names = {f"nashra {' '.join(words[:n])}" for n in (1, 2, 3)}
        assert names & set(known) or f"nashra {words[0]}" in known, f"{page}: {line}"


def test_every_make_target_that_a_page_shows_exists():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())
    shown = {(page, line.split()[1]) for page, line in typed_lines() if line.startswith("make ")}
    assert {"demo", "test"} <= {target for page, target in shown if page == "README.md"}
    assert {target for _page, target in shown} <= targets


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_of_a_page_leads_somewhere(path):
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text) + re.findall(r'src="([^"]+)"', text)
    own = [target for target in targets if not re.match(r"[a-z]+:", target)]
    missing = [target for target in own if not (path.parent / unquote(target)).exists()]
    assert missing == []
