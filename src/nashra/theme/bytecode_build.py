"""Compiles every template in every language that the theme has words in: the build's, and nobody else's.

The newsroom never imports this: it reads what lies in ``bytecode.FOLDER`` and writes nothing.
"""

from __future__ import annotations

from pathlib import Path

from nashra.theme import bytecode
from nashra.theme.language import catalogue_languages
from nashra.theme.templating import LanguageEnvironment, environment


def write() -> list[Path]:
    """Write the code of each template and take away what earlier builds left; the files written.

    A process that reads meanwhile finds a whole file or compiles the template itself.
    """
    written = [
        _write_one(environment(language), name)
        for language in ("en", *sorted(catalogue_languages()))
        for name in environment(language).list_templates()
    ]
    for left_over in set(bytecode.FOLDER.rglob("*" + bytecode.SUFFIX)) - set(written):
        left_over.unlink()
    return written


def _write_one(templates: LanguageEnvironment, name: str) -> Path:
    source, filename, _is_current = templates.loader.get_source(templates, name)
    bucket = templates.bytecode_cache.get_bucket(templates, name, filename, source)
    # Compiled in any case: what lies there already may be what the build is to mend.
    bucket.code = templates.compile(source, name, filename)
    file = bytecode.file_of(bucket.key)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytecode.sealed(bucket.key, bucket.bytecode_to_string()))
    return file
