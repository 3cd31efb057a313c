"""Sitemaps and robots.txt, by the protocol's rules."""

import datetime
import urllib.robotparser

import pytest
from lxml import etree

from nashra.channels import robots, sitemap
from nashra.edition import paths
from nashra.edition.pages import SitemapEntry, SitemapIndexPage, SitemapPage

SITE = "https://news.example"
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FOLDER = "/en/security/2026/11/"
CHANGED = datetime.datetime(
    2026, 11, 22, 17, 5, 30, 999, tzinfo=datetime.timezone(datetime.timedelta(hours=3))
)
MAX_BYTES = 50 * 1024 * 1024


def month(*entries: SitemapEntry, site_url: str = SITE, folder: str = FOLDER) -> SitemapPage:
    return SitemapPage(folder=folder, site_url=site_url, entries=entries)


def urls(file: bytes) -> list[tuple[str, str | None]]:
    root = etree.fromstring(file)
    assert root.tag == f"{NS}urlset"
    assert {child.tag for child in root} <= {f"{NS}url"}
    return [(url.findtext(f"{NS}loc"), url.findtext(f"{NS}lastmod")) for url in root]


def test_a_month_lists_its_stories_and_when_each_changed():
    story = SitemapEntry(address="/en/security/the-mill/", changed_at=CHANGED)
    ((address, file),) = sitemap.sitemaps(month(story))
    assert address == "/en/security/2026/11/sitemap.xml"
    assert urls(file) == [("https://news.example/en/security/the-mill/", "2026-11-22T14:05:30Z")]


def test_fronts_have_no_moment_of_change():
    entries = (SitemapEntry(address="/en/"), SitemapEntry(address="/en/topics/mills/"))
    ((address, file),) = sitemap.sitemaps(month(*entries, folder="/en/"))
    assert address == "/en/sitemap.xml"
    assert urls(file) == [(f"{SITE}/en/", None), (f"{SITE}/en/topics/mills/", None)]


def test_addresses_in_other_scripts_are_percent_encoded_and_escaped():
    ((_, file),) = sitemap.sitemaps(month(SitemapEntry(address="/ar/المياه/ماء&نار/")))
    assert file.isascii()
    ((url, _),) = urls(file)
    water = "%D8%A7%D9%84%D9%85%D9%8A%D8%A7%D9%87"
    assert url == f"{SITE}/ar/{water}/%D9%85%D8%A7%D8%A1&%D9%86%D8%A7%D8%B1/"


def test_the_index_names_the_sitemaps_and_no_moments():
    addresses = ("/en/sitemap.xml", *sitemap.sitemap_addresses(FOLDER, 3))
    root = etree.fromstring(sitemap.sitemap_index(SitemapIndexPage(site_url=SITE, addresses=addresses)))
    assert root.tag == f"{NS}sitemapindex"
    assert [each.findtext(f"{NS}loc") for each in root] == [
        f"{SITE}/en/sitemap.xml",
        f"{SITE}/en/security/2026/11/sitemap.xml",
    ]
    assert root.findall(f".//{NS}lastmod") == []


def test_the_index_stays_as_it_is_when_a_month_grows():
    assert sitemap.sitemap_addresses(FOLDER, 1) == sitemap.sitemap_addresses(FOLDER, 9_999)
    assert sitemap.sitemap_addresses(FOLDER, 0) == ()


def test_a_month_that_outgrows_one_file_gets_more():
    count = sitemap.ENTRIES_A_FILE + 1
    entries = tuple(SitemapEntry(address=f"/en/security/{number}-x/") for number in range(count))
    files = sitemap.sitemaps(month(*entries))
    assert tuple(address for address, _ in files) == sitemap.sitemap_addresses(FOLDER, count)
    assert files[1][0] == f"{FOLDER}sitemap-2.xml"
    assert [len(urls(file)) for _, file in files] == [sitemap.ENTRIES_A_FILE, 1]


def test_no_sitemap_outgrows_the_protocols_limit_however_long_the_addresses_are():
    slug = "م" * (paths.MAX_SLUG_BYTES // 2)
    longest = f"/ckb-Arab-IQ/{slug}/{slug}/"
    host = f"https://{'.'.join(['a' * 61] * 4)}:65535"
    entry = SitemapEntry(address=longest, changed_at=CHANGED)
    one, two = (len(sitemap.sitemaps(month(*[entry] * count, site_url=host))[0][1]) for count in (1, 2))
    assert one + (two - one) * (sitemap.ENTRIES_A_FILE - 1) < MAX_BYTES


def test_an_index_of_more_sitemaps_than_the_protocol_allows_is_refused():
    addresses = tuple(f"/en/x/{number}/sitemap.xml" for number in range(sitemap.MAX_SITEMAPS + 1))
    with pytest.raises(sitemap.TooManySitemaps, match="50000"):
        sitemap.sitemap_index(SitemapIndexPage(site_url=SITE, addresses=addresses))


def test_machines_may_read_all_but_what_readers_post_to():
    text = robots.robots(SITE, sitemap_address=sitemap.INDEX_ADDRESS).decode("ascii")
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(text.splitlines())
    for address in ("/", "/en/", "/en/security/readers/", "/photos/x.avif", "/sitemap.xml"):
        assert rules.can_fetch("Anybot", SITE + address)
    for address in ("/readers/", "/readers/comment", "/readers/reaction?x=1"):
        assert not rules.can_fetch("Anybot", SITE + address)
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
