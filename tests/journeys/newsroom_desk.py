"""What people do at the desk, told as they would tell it: each method is some clicks and keys."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.served import ServedNewsroom


class Desk:
    """The desk in one browser window."""

    def __init__(self, page: Page, newsroom: ServedNewsroom) -> None:
        self.page = page
        self.newsroom = newsroom

    def open(self, path: str) -> None:
        self.page.goto(self.newsroom.desk + path)

    def log_in(self, username: str = "admin") -> None:
        self.open("/")
        self.page.get_by_label("Username").fill(username)
        self.page.locator("#id_password").fill(self.newsroom.password(username))
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).to_have_url(f"{self.newsroom.desk}/")

    def add_section(self, title: str, *, language: str) -> None:
        """Add a section to a language's publication, which one knows by its live address."""
        self.open("/pages/")
        row = self.page.locator("tr", has=self.page.locator(f"a[href='{self.newsroom.site}/{language}/']"))
        row.get_by_role("link", name="Explore child pages").click()
        self.page.get_by_role("link", name="Add child page").first.click()
        self._title(title)
        self.publish()

    def add_person(self, name: str) -> None:
        self._add_snippet("person", name)

    def add_place(self, name: str) -> None:
        self._add_snippet("place", name)

    def _add_snippet(self, kind: str, name: str) -> None:
        self.open(f"/snippets/desk/{kind}/add/")
        self.page.locator("#id_name").fill(name)
        self.page.get_by_role("button", name="Save").first.click()
        expect(self.page.locator(".messages")).to_contain_text("created")

    def begin_story(self, headline: str, *, section: str) -> None:
        """Open an empty story in a section that was just added."""
        self.open("/pages/")
        self.page.goto(self.newsroom.desk + self._explore(section) + "add_subpage/")
        self._title(headline)

    def _explore(self, section: str) -> str:
        self.open(f"/pages/search/?q={section}")
        edit = self.page.get_by_role("link", name=section, exact=True).first.get_attribute("href")
        return re.sub(r"edit/$", "", edit)

    def _title(self, title: str) -> None:
        field = self.page.locator("#id_title")
        field.fill(title)
        field.press("Tab")
        # The address is made from the title while one types; nobody is quicker than that.
        expect(self.page.locator("#id_slug")).not_to_have_value("")

    def write_byline(self, person: str, place: str) -> None:
        self.page.get_by_role("button", name="Add Author").click()
        self.page.get_by_role("button", name="Choose person").click()
        self.page.get_by_role("link", name=person).click()
        self.page.get_by_role("button", name="Choose place").click()
        self.page.get_by_role("link", name=place).click()

    def upload_lead_photo(self, picture: Path, **words: str) -> None:
        """Upload a picture from the story's own form; ``words`` are the fields of its form."""
        self.page.get_by_role("button", name="Choose an image").first.click()
        dialog = self.page.get_by_role("dialog").filter(visible=True)
        dialog.get_by_role("tab", name="Upload").click()
        dialog.locator("input[type=file]").set_input_files(picture)
        for name, value in words.items():
            dialog.locator(f"[name$='-{name}']").fill(value)
        dialog.get_by_role("button", name="Upload").click()
        expect(dialog).to_have_count(0)

    def add_paragraph(self, text: str) -> None:
        number = self._add_block("Paragraph")
        paragraph = self.page.locator(f"[name='body-{number}-value']")
        editor = paragraph.locator("xpath=..").locator("[role=textbox]")
        editor.press_sequentially(text)
        # The editor hands its text to the form when the fingers rest; publishing takes longer than that.
        expect(paragraph).to_have_value(re.compile(re.escape(text)))

    def add_subheading(self, text: str) -> None:
        number = self._add_block("Sub-heading")
        self.page.locator(f"[name='body-{number}-value']").fill(text)

    def add_quote(self, text: str, *, speaker: str, role: str) -> None:
        number = self._add_block("Pull quote")
        for name, value in {"text": text, "speaker": speaker, "role": role}.items():
            self.page.locator(f"[name='body-{number}-value-{name}']").fill(value)

    def _add_block(self, kind: str) -> int:
        """Add a part to the body's end; gives its number."""
        parts = self.page.locator("input[name^='body-'][name$='-type']")
        number = parts.count()
        self.page.get_by_title("Insert a block").last.click()
        option = self.page.get_by_role("option", name=kind, exact=True)
        option.click()
        expect(parts).to_have_count(number + 1)
        expect(option).to_have_count(0)
        return number

    def publish(self) -> None:
        """Publish what stands in the form, once the desk no longer says that it is saving."""
        expect(self.page.locator(".w-autosave-indicator__state--saving")).to_be_hidden()
        self.page.get_by_role("button", name="More actions").click()
        self.page.locator("button[name=action-publish]").click()
        said = self.page.locator(".messages li")
        # On a slow machine an autosave may still be on its way; Wagtail then asks, and one says yes.
        question = self.page.get_by_role("dialog", name="You saved a new version in another window")
        expect(said.or_(question)).to_be_visible(timeout=20_000)
        if question.is_visible():
            question.get_by_role("button", name="Publish").click()
        expect(said).to_be_visible(timeout=20_000)
        mistakes = self.page.locator("[data-contentpath]:has(.error-message)").all_inner_texts()
        assert "published" in said.inner_text(), f"{said.inner_text()} {mistakes}"

    def edit(self, headline: str) -> None:
        self.open(f"/pages/search/?q={headline}")
        self.page.get_by_role("link", name=headline, exact=True).first.click()

    def rename(self, slug: str) -> None:
        """Change the address of the story that is open, and publish it there."""
        self.page.get_by_role("tab", name="Settings").click()
        self.page.locator("#id_slug").fill(slug)
        self.page.locator("#id_slug").press("Tab")
        self.publish()

    def withdraw(self, headline: str) -> None:
        self.edit(headline)
        self.page.goto(re.sub(r"edit/$", "unpublish/", self.page.url))
        self.page.get_by_role("button", name="Yes, unpublish it").click()
        expect(self.page.locator(".messages")).to_contain_text("unpublished")

    def approve_comment(self, text: str) -> None:
        self.open("/comments/")
        comment = self.page.locator("article", has_text=text)
        comment.get_by_role("button", name="Approve").click()
        expect(self.page.locator("article", has_text=text)).to_have_count(0)
