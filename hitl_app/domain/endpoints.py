"""Base URLs of servers: many spellings, one form."""

from urllib.parse import urlsplit

from hitl_app.domain.model import PASTE, ModelUnavailableError

_PAGES = ("/chat/completions", "/completions", "/models")


def server_url(text: str) -> str:
    """The base URL as it is asked, kept and shown.

    A slash at the end and a page's name such as `/chat/completions` are left out; a URL that names no path gets `/v1`.
    `PASTE`, which is no server, stays as it is.

    Raises:
        ModelUnavailableError: It is no URL of a web server, or it holds a password or a query, which may hold a key.
    """
    if any(mark in text for mark in "@?#"):
        raise ModelUnavailableError("the base URL must not hold a name, a password or a query: give the key by itself")
    url = text.strip().rstrip("/")
    if url == PASTE:
        return url
    for page in _PAGES:
        url = url.removesuffix(page)
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or any(character.isspace() for character in url):
        raise ModelUnavailableError(f"{text!r} is no base URL of a server: it looks like http://localhost:8000/v1")
    return url + "/v1" if not parts.path else url
