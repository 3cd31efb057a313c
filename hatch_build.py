"""Compiles catalogues and templates when the project is built or installed.

Nobody needs gettext then, and no process waits for Jinja.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ThemeBuildHook(BuildHookInterface):
    """Writes a ``.mo`` file beside each ``.po`` file, then the templates' code; the wheel gets both."""

    def initialize(self, version, build_data):
        """Compile each of them; hatchling calls this before it collects the wheel's files."""
        made = self._compile_catalogues()
        # A source distribution is for any Python, and whoever builds from it compiles anew.
        if self.target_name != "sdist":
            made += self._compile_templates()
        build_data["artifacts"] += ["/" + file.relative_to(self.root).as_posix() for file in made]

    def _compile_catalogues(self):
        made = []
        for source in sorted(Path(self.root, "src").rglob("*.po")):
            target = source.with_suffix(".mo")
            with source.open("rb") as po_file, target.open("wb") as mo_file:
                write_mo(mo_file, read_po(po_file, locale=source.parts[-3]))
            made.append(target)
        return made

    def _compile_templates(self):
        # The theme compiles its words into its templates, so that the catalogues must be there by now.
        sys.path.insert(0, str(Path(self.root, "src")))
        try:
            from nashra.theme import bytecode_build
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] == "nashra":
                raise
            # A build in isolation has no Jinja; the newsroom then compiles each template when it is wanted.
            return []
        return bytecode_build.write()
