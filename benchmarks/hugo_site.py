"""The same archive as a site for Hugo, our press's peer.

    python -m benchmarks.archive COUNT | python -m benchmarks.hugo_site SITE_FOLDER
    hugo --quiet -s SITE_FOLDER -d OUTPUT_FOLDER

The layouts are as small as those of a real site can be (story, paged lists, home, RSS), so that Hugo is
shown at its best. They keep to what Hugo has understood since 0.60 and still understands.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

_CONFIGURATION = """\
baseURL = "http://127.0.0.1/"
title = "Archive"
[taxonomies]
tag = "tags"
[markup.goldmark.renderer]
unsafe = true
"""
_BASE = """\
<!doctype html>
<html lang="{{ .Params.language }}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ .Title }}</title>
<link rel="canonical" href="{{ .Permalink }}">
<style>body { margin: auto; max-width: 40rem }</style>
</head>
<body>
<nav>{{ range .Site.Sections }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ end }}</nav>
{{ block "main" . }}{{ end }}
</body>
</html>
"""
_STORY = """\
{{ define "main" }}<article>
<h1>{{ .Title }}</h1>
<p>{{ .Params.byline }} <time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">{{ .Date.Format "2 Jan 2006" }}</time></p>
<figure><figcaption>{{ .Params.caption }}</figcaption></figure>
{{ .Content }}
<p>{{ range .Params.tags }}<a href="/tags/{{ . }}/">{{ . }}</a> {{ end }}</p>
<form><label>Comment <textarea></textarea></label></form>
</article>{{ end }}
"""  # noqa: E501 -- a line of the page
_LIST = """\
{{ define "main" }}<h1>{{ .Title }}</h1>
{{ $page := .Paginate .RegularPagesRecursive 20 }}
{{ range $page.Pages }}<h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2><p>{{ .Summary }}</p>{{ end }}
{{ with $page.Prev }}<a rel="prev" href="{{ .URL }}">Newer</a>{{ end }}
{{ with $page.Next }}<a rel="next" href="{{ .URL }}">Older</a>{{ end }}
{{ end }}
"""
_TAG = _LIST.replace(".RegularPagesRecursive", ".Pages")
_LAYOUTS = {
    "baseof.html": _BASE,
    "single.html": _STORY,
    "list.html": _LIST,
    "term.html": _TAG,
    "taxonomy.html": _TAG,
}


def write_site(folder: Path, lines: Iterable[str]) -> None:
    """Write configuration, layouts and one Markdown file for each story."""
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (folder / "config.toml").write_text(_CONFIGURATION, encoding="utf-8")
    for name, text in _LAYOUTS.items():
        (layouts / name).write_text(text, encoding="utf-8")
    for line in lines:
        _write_story(folder / "content", json.loads(line))


def _write_story(content: Path, story: dict) -> None:
    section, *topics = [subject["name"] for subject in story["subjects"]]
    file = content / section / f"{story['uri'].rsplit(':', 1)[1]}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    front = {
        "title": story["headlines"][0]["value"],
        "date": story["firstCreated"],
        "tags": topics,
        "byline": story["by"],
        "caption": story["descriptions"][0]["value"],
        "language": story["language"],
    }
    head, body = json.dumps(front, ensure_ascii=False), story["bodies"][0]["value"]
    file.write_text(f"{head}\n\n{body}\n", encoding="utf-8")


if __name__ == "__main__":
    write_site(Path(sys.argv[1]), sys.stdin)
