"""Reads a post to the readers' origin, or says why it is refused: where from, of what type, how big.

Must not look at who sent it: no address, no agent, no language is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

FORM_TYPE = "application/x-www-form-urlencoded"
# What is refused is still taken off the line up to here, or browsers would show a broken connection
# where our page should stand.
MAX_DRAINED_BYTES = 16 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class Refusal(Exception):
    """A request that is not taken; ``kind`` names the notice of ``ReadersNoticePage`` that says why."""

    def __init__(self, kind: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = status
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class PostedForm:
    """A form's fields as text; where bytes were no UTF-8 they are replaced and ``is_readable`` is false.

    ``is_vouched`` is true where the browser says that the form stood on a page of ours.
    """

    fields: Mapping[str, str]
    is_readable: bool
    is_vouched: bool = False

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def read_post(request: HttpRequest) -> PostedForm:
    """The form that a request carries.

    Raises:
        Refusal: it is no post (405), came from another site (403), is of another type (415), too
            big (413), broke off, or names a field twice (400).
    """
    if request.method != "POST":
        raise Refusal("method", 405, {"Allow": "POST"})
    if is_foreign(request):
        raise Refusal("foreign", 403)
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if request.content_type != FORM_TYPE or charset.lower() not in {"utf-8", "utf8"}:
        raise Refusal("bad-request", 415, {"Accept-Post": FORM_TYPE})
    try:
        body = _body(request)
    except RequestDataTooBig as error:
        raise Refusal("too-large", 413) from error
    except UnreadablePostError as error:
        raise Refusal("bad-request", 400) from error
    return replace(parse_form(body), is_vouched=is_vouched(request))


def _body(request: HttpRequest) -> bytes:
    if not _is_chunked(request):
        return request.body
    # Django takes a body without a length for an empty one; the server's stream knows where it ends.
    limit_bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = b""
    while chunk := _read_chunk(request, min(_CHUNK_BYTES, limit_bytes + 1 - len(body))):
        body += chunk
        if len(body) > limit_bytes:
            raise RequestDataTooBig
    return body


def _is_chunked(request: HttpRequest) -> bool:
    return not request.META.get("CONTENT_LENGTH") and "Transfer-Encoding" in request.headers


def _read_chunk(request: HttpRequest, size_bytes: int) -> bytes:
    if not _is_chunked(request):
        return request.read(size_bytes)
    try:
        return request.META["wsgi.input"].read(size_bytes)
    except OSError as error:
        raise UnreadablePostError(*error.args) from error


def is_foreign(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this post; a neighbour under our own domain is one.

    Under ``no-referrer`` browsers send ``Origin: null`` for our own forms, so ``null`` says nothing.
    """
    if _header(request, "Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return True
    return _header(request, "Origin") not in {"", "null"} and not _is_our_origin(request)


def is_vouched(request: HttpRequest) -> bool:
    """Whether a browser says that this post came from a page of ours.

    Where ``Sec-Fetch-Site`` is missing (old browsers, programs, and all browsers on plain ``http``), a null
    or missing ``Origin`` is what any other site's form can have too: it says nothing.
    """
    site = _header(request, "Sec-Fetch-Site")
    # ``none`` is what a person did by hand; no page can send it.
    return site in {"same-origin", "none"} or (not site and _is_our_origin(request))


def _is_our_origin(request: HttpRequest) -> bool:
    origin = _header(request, "Origin")
    if origin == settings.NASHRA_SITE_URL.lower():
        return True
    host = urlsplit(origin).netloc
    return bool(host) and host == _header(request, "Host")


def _header(request: HttpRequest, name: str) -> str:
    return request.headers.get(name, "").strip().lower()


def parse_form(body: bytes) -> PostedForm:
    """The fields of an urlencoded body.

    Raises:
        Refusal: too many fields, or one that is there twice: which of them was meant, nobody knows.
    """
    try:
        # Latin-1 carries bytes through unchanged, so that we decode them ourselves and notice faults.
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        )
    except ValueError as error:
        raise Refusal("bad-request", 400) from error
    fields: dict[str, str] = {}
    is_readable = True
    for raw_name, raw_value in pairs:
        name, value = raw_name.encode("latin-1"), raw_value.encode("latin-1")
        key = name.decode("utf-8", errors="replace")
        if key in fields:
            raise Refusal("bad-request", 400)
        fields[key] = value.decode("utf-8", errors="replace")
        is_readable = is_readable and _is_utf8(value)
    return PostedForm(fields=fields, is_readable=is_readable)


def drain(request: HttpRequest) -> None:
    """Take what is left of a refused body off the line, keeping none of it."""
    left_bytes = MAX_DRAINED_BYTES
    try:
        while left_bytes > 0 and (chunk := _read_chunk(request, _CHUNK_BYTES)):
            left_bytes -= len(chunk)
    except UnreadablePostError:
        # The sender has gone; there is nobody to answer.
        return


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
