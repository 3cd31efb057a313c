"""robots.txt: everything may be read by machines but the addresses to which readers post.

Follows RFC 9309 and, for the sitemap's line, sitemaps.org.
"""

from __future__ import annotations

from nashra.theme.addresses import absolute

ADDRESS = "/robots.txt"


def robots(site_url: str, *, sitemap_address: str) -> bytes:
    """The whole file; ``sitemap_address`` is where the index of sitemaps lies."""
    sitemap = absolute(site_url, sitemap_address)
    return f"User-agent: *\nDisallow: /readers/\n\nSitemap: {sitemap}\n".encode()
