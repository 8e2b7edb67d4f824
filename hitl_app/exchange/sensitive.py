"""Personal data and secrets in texts: found by the patterns of datafog and of detect-secrets.

Both are used as lists of patterns alone: datafog can report to its makers, and detect-secrets can ask servers whether a
secret works. Neither happens here, and nothing goes out. What was measured on real recordings, and why dates of birth,
postal codes and addresses of computers are left out, is in docs/decisions/0009-cleaning.md.

A text may be JSON, or hold JSON: what is found never reaches over a quote, an escape or a bare number, so that a text
which was JSON still is after a mark stands in its place.
"""

import importlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

_REACH = 2048
"""Characters after a hint at which patterns look, and a secret's own: the time of some grows with their square."""

_BACK = 160
"""Characters before a hint at which a finding may begin."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found: its kind, and where in the text it stands."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Kind:
    """One kind of what is looked for.

    Attributes:
        hint: Stands in or just before every finding, and is quick to look for.
        part: The part of a match that is the secret itself; None where it is none after all.
        reach: See `_REACH`.
    """

    name: str
    patterns: tuple[re.Pattern[str], ...]
    hint: re.Pattern[str]
    part: Callable[[re.Match[str]], tuple[int, int] | None]
    reach: int = _REACH

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands, perhaps more than once at the same place."""
        at = 0
        while hint := self.hint.search(text, at):
            end = min(len(text), hint.start() + self.reach)
            for pattern in self.patterns:
                for match in pattern.finditer(text, max(0, hint.start() - _BACK), end):
                    if part := self.part(match):
                        yield part
            at = max(hint.end(), end - self.reach // 2)


def find(text: str) -> list[Finding]:
    """What is in a text, in order, and without overlaps; of what begins at the same place, secrets before the rest."""
    near = [(rank, kind) for rank, kind in enumerate(kinds()) if kind.hint.search(text)]
    found = sorted((start, rank, -end, kind.name) for rank, kind in near for start, end in kind.find(text))
    kept: list[Finding] = []
    for start, _, end, name in found:
        if not kept or start >= kept[-1].end:
            kept.append(Finding(name, start, -end))
    return kept


def mask(text: str, found: Sequence[Finding]) -> str:
    """The text with a mark such as `[EMAIL]` in the place of each finding."""
    parts, at = [], 0
    for finding in found:
        parts += [text[at : finding.start], f"[{finding.kind}]"]
        at = finding.end
    return "".join([*parts, text[at:]])


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds; the libraries are imported here, which takes half a second."""
    return (*_secrets(), *_personal())


def _personal() -> Iterator[Kind]:
    os.environ["DATAFOG_NO_TELEMETRY"] = "1"  # it is off unless somebody turned it on; here it cannot be
    library = importlib.import_module("datafog.processing.text_processing.regex_annotator")
    patterns = library.RegexAnnotator().patterns
    for name, hint, part in (
        ("PHONE", r"[0-9][-0-9.\s()]{7}", _phone),
        ("SSN", "[0-9]-[0-9]{2}-[0-9]{4}", _written_number),
        ("CREDIT_CARD", r"[345][0-9]{3}[-\s]?[0-9]{4}", _card),
    ):
        yield Kind(name, (patterns[name],), re.compile(hint), part, reach=80)
    yield Kind("EMAIL", (patterns["EMAIL"],), re.compile("@[.A-Za-z0-9]"), _email)


_SECRETS = (
    ("aws", "AWSKeyDetector", r"A(?:3T|[BK]IA|CCA|SIA)[0-9A-Z]|aws|AWS"),
    ("azure_storage_key", "AzureStorageKeyDetector", "AccountKey="),
    ("basic_auth", "BasicAuthDetector", "://"),
    ("discord", "DiscordBotTokenDetector", r"\.[\w-]{6}\.[\w-]{27}"),
    ("github_token", "GitHubTokenDetector", "gh[pousr]_"),
    ("gitlab_token", "GitLabTokenDetector", "gl(?:pat|[dfr]t|soat|cbt|imt|ptt|agent|oas)-|GR1348941"),
    ("jwt", "JwtTokenDetector", "eyJ"),
    ("mailchimp", "MailchimpDetector", "-us[0-9]"),
    ("npm", "NpmDetector", ":_authToken="),
    ("openai", "OpenAIDetector", "T3BlbkFJ"),
    ("private_key", "PrivateKeyDetector", "BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User"),
    ("pypi_token", "PypiTokenDetector", "pypi-Ag"),
    ("sendgrid", "SendGridDetector", r"SG\."),
    ("slack", "SlackDetector", r"xox[abposr]-|hooks\.slack"),
    ("square_oauth", "SquareOAuthDetector", "sq0csp-"),
    ("stripe", "StripeDetector", "k_live_"),
    ("telegram_token", "TelegramBotTokenDetector", ":[0-9A-Za-z_-]{35}"),
    ("twilio", "TwilioKeyDetector", "(?:AC|SK)[a-z0-9]{8}"),
)
"""Module and class of a plugin of detect-secrets, with a hint."""

_IN_A_GROUP = frozenset({"AWSKeyDetector", "BasicAuthDetector", "NpmDetector"})
"""Plugins whose patterns have the secret in their first group; the groups of others hold a prefix of it."""


def _secrets() -> Iterator[Kind]:
    for module, name, hint in _SECRETS:
        plugin = getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)
        part = _in_a_group if name in _IN_A_GROUP else _token
        part = {"PrivateKeyDetector": _private_key, "JwtTokenDetector": _web_token}.get(name, part)
        kind = re.sub(r"\W+", "_", plugin.secret_type).upper()
        yield Kind(kind, tuple(plugin.denylist), re.compile(hint), part)


_WORD = re.compile(r"[^\s\"'\\,;]+")
_REST = re.compile(r"(?:[.]?[\w+/=-]+)*")
_ESCAPE = re.compile(r"u[0-9a-fA-F]{4}|.")
_PRIVATE_KEY = re.compile(
    r"[^\"']{0,3500}?END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-*"  # to its end,
    r"|-*(?:(?:\\[nr]|\s)+[A-Za-z0-9+/=]{40,})*"  # or as far as it was not cut off
)


def _token(match: re.Match[str], group: int = 0) -> tuple[int, int] | None:
    """A secret up to the end of the word that it stands in: some patterns leave the end of a secret out."""
    text, start, end = match.string, *match.span(group)
    if not (word := _WORD.match(text, start, end)):
        return None
    rest = _REST.match(text, word.end(), word.end() + _REACH) if word.end() == end else None
    return start, rest.end() if rest else word.end()


def _in_a_group(match: re.Match[str]) -> tuple[int, int] | None:
    return _token(match, 1 if match.group(1) is not None else 0) if match.re.groups else _token(match)


def _web_token(match: re.Match[str]) -> tuple[int, int] | None:
    plugin = importlib.import_module("detect_secrets.plugins.jwt").JwtTokenDetector
    return _token(match) if plugin.is_formally_valid(match.group()) else None


def _private_key(match: re.Match[str]) -> tuple[int, int] | None:
    """From its header, which is all that the pattern matches, to its end."""
    before = match.string[max(0, match.start() - 5) : match.start()]
    rest = _PRIVATE_KEY.match(match.string, match.end())
    return match.start() - len(before) + len(before.rstrip("-")), rest.end() if rest else match.end()


def _email(match: re.Match[str]) -> tuple[int, int] | None:
    if match.group().startswith("git@"):  # how repositories are named
        return None
    return _behind_escape(match), match.end()


def _phone(match: re.Match[str]) -> tuple[int, int] | None:
    """A phone number that is written as one: bare digits are ids far more often."""
    return _written_number(match) if sum(map(str.isdigit, match.group())) >= 8 else None


def _written_number(match: re.Match[str]) -> tuple[int, int] | None:
    bare = match.group().replace(".", "", 1).isdigit()
    return None if bare else match.span()


def _card(match: re.Match[str]) -> tuple[int, int] | None:
    """Digits with the check digit of a card number that are neither part of a fraction nor a number of JSON."""
    text, (start, end) = match.string, match.span()
    digits = [int(each) for each in match.group() if each.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    if (sum(digits[::-2]) + sum(doubled)) % 10:
        return None
    fraction = text[start - 1 : start] == "." or re.compile(r"[.][0-9]").match(text, end)
    number = match.group().isdigit() and _NUMBER_BEFORE.search(text[max(0, start - 80) : start])
    return None if fraction or (number and _NUMBER_AFTER.match(text, end)) else (start, end)


_NUMBER_BEFORE = re.compile(r'(?:":|[\[,])(?:\s|\\+[nrt])*$')
_NUMBER_AFTER = re.compile(r"(?:\s|\\+[nrt])*[,\]}]")


def _behind_escape(match: re.Match[str]) -> int:
    r"""Where a match begins, without the letter of an escape such as `\n` before it."""
    text, start = match.string, match.start()
    escape = _ESCAPE.match(text, start) if text[start - 1 : start] == "\\" else None
    return escape.end() if escape else start
