"""Exports as WordPress and Disqus write them, of people and a harbour that are made up."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

# What must be found nowhere once an export is imported.
E_MAIL = "lina.azar@post.example"
MACHINE = "198.51.100.23"
AGENT = "Lanternfish/77.1"
WEBSITE = "https://lina-azar.example/diary"
TRACES = (E_MAIL, MACHINE, AGENT, "lina-azar.example", "lina_azar_user")

_WXR = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file. -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/{version}/">
<channel>
<title>The Old Lantern</title>
<link>{site}</link>
<wp:wxr_version>{version}</wp:wxr_version>
<wp:base_site_url>{site}</wp:base_site_url>
<wp:base_blog_url>{site}</wp:base_blog_url>
<wp:author><wp:author_login>chief</wp:author_login><wp:author_email>{e_mail}</wp:author_email></wp:author>
{items}
</channel>
</rss>
"""

_ITEM = """<item>
<title>{title}</title>
<link>{link}</link>
<dc:creator><![CDATA[chief]]></dc:creator>
<content:encoded><![CDATA[<p>The ferry came in.</p>]]></content:encoded>
<wp:post_id>{number}</wp:post_id>
<wp:post_name><![CDATA[{slug}]]></wp:post_name>
<wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>
<wp:postmeta><wp:meta_key>title</wp:meta_key><wp:meta_value><![CDATA[{e_mail}]]></wp:meta_value></wp:postmeta>
{comments}
</item>"""

_WP_COMMENT = """<wp:comment>
<wp:comment_id>{number}</wp:comment_id>
<wp:comment_author><![CDATA[{name}]]></wp:comment_author>
<wp:comment_author_email>{e_mail}</wp:comment_author_email>
<wp:comment_author_url>{website}</wp:comment_author_url>
<wp:comment_author_IP>{machine}</wp:comment_author_IP>
<wp:comment_agent>{agent}</wp:comment_agent>
<wp:comment_date><![CDATA[{date}]]></wp:comment_date>
<wp:comment_date_gmt><![CDATA[{date_gmt}]]></wp:comment_date_gmt>
<wp:comment_content><![CDATA[{text}]]></wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved>
<wp:comment_type>{type}</wp:comment_type>
<wp:comment_parent>{parent}</wp:comment_parent>
<wp:comment_user_id>0</wp:comment_user_id>
<wp:commentmeta><wp:meta_key>ip</wp:meta_key><wp:meta_value><![CDATA[{machine}]]></wp:meta_value></wp:commentmeta>
</wp:comment>"""


def wp_comment(number: int | str, text: str = "", **changes: Any) -> str:
    """A comment of WordPress's, with all that it keeps of whoever wrote it."""
    values = {
        "number": number,
        "name": "Lina",
        "text": text or f"I saw it come in, {number}.",
        "date_gmt": f"2019-05-04 10:{int(number) % 60:02}:00" if str(number).isdecimal() else "",
        "date": "2019-05-04 13:00:00",
        "approved": "1",
        "type": "comment",
        "parent": 0,
    }
    traces = {"e_mail": E_MAIL, "machine": MACHINE, "agent": AGENT, "website": WEBSITE}
    return _WP_COMMENT.format(**(values | changes), **traces)


def wp_item(*comments: str, number: int = 7, **changes: Any) -> str:
    """A post of WordPress's with its comments."""
    values = {
        "title": "The ferry returns to Lumen Bay",
        "link": "https://old.example/2019/05/the-ferry-returns/",
        "slug": "the-ferry-returns",
        "number": number,
    }
    return _ITEM.format(**(values | changes), comments="\n".join(comments), e_mail=E_MAIL)


def wxr(*items: str, version: str = "1.2", site: str = "https://old.example") -> bytes:
    """A whole export."""
    return _WXR.format(items="\n".join(items), version=version, site=site, e_mail=E_MAIL).encode()


_DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://disqus.com/api/schemas/1.0/disqus.xsd">
<category dsq:id="1"><forum>lantern</forum><title>General</title><isDefault>true</isDefault></category>
{parts}
</disqus>
"""

_THREAD = """<thread dsq:id="{number}">
<id>{word}</id>
<forum>lantern</forum>
<category dsq:id="1" />
<link>{link}</link>
<title>{title}</title>
<message />
<createdAt>2019-05-03T09:00:00Z</createdAt>
<author><email>{e_mail}</email><name>Chief</name><isAnonymous>false</isAnonymous></author>
<ipAddress>{machine}</ipAddress>
<isClosed>false</isClosed>
<isDeleted>false</isDeleted>
</thread>"""

_POST = """<post dsq:id="{number}">
<id>{word}</id>
<message><![CDATA[{text}]]></message>
<createdAt>{date}</createdAt>
<isDeleted>{deleted}</isDeleted>
<isSpam>{spam}</isSpam>{more}
<author><email>{e_mail}</email><name>{name}</name><isAnonymous>false</isAnonymous>
<username>lina_azar_user</username></author>
<ipAddress>{machine}</ipAddress>
<thread dsq:id="{thread}" />{parent}
</post>"""


def thread(number: int = 900, **changes: Any) -> str:
    """A thread of Disqus's."""
    values = {
        "number": number,
        "word": "",
        "link": "http://old.example/2019/05/the-ferry-returns/",
        "title": "The ferry returns to Lumen Bay",
    }
    return _THREAD.format(**(values | changes), e_mail=E_MAIL, machine=MACHINE)


def post(number: int, text: str = "", *, parent: int = 0, **changes: Any) -> str:
    """A comment of Disqus's."""
    values = {
        "number": number,
        "word": "",
        "text": text or f"<p>I saw it come in, {number}.</p>",
        "date": f"2019-05-04T10:{number % 60:02}:00Z",
        "deleted": "false",
        "spam": "false",
        "more": "",
        "name": "Lina",
        "thread": 900,
    }
    values |= changes
    values["name"] = escape(values["name"])
    answered = f'\n<parent dsq:id="{parent}" />' if parent else ""
    return _POST.format(**values, parent=answered, e_mail=E_MAIL, machine=MACHINE)


def disqus(*parts: str) -> bytes:
    """A whole export."""
    return _DISQUS.format(parts="\n".join(parts)).encode()
