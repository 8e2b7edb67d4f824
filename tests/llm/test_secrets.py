"""Keys are found where they are kept, and are seen nowhere else."""

import threading
import time
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.compat import properties

from hitl_app.domain.errors import UserError
from hitl_app.system.secrets import Secrets

KEY = "sk-0123456789"
URL = "http://localhost:8000/v1"


class Kept(KeyringBackend):
    """A keyring in memory."""

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 -- a property of the class
        return -1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
        self.keys: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.keys.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.keys[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.keys[service, username]


class Waiting(Kept):
    """A keyring that waits for a person who never comes."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait(30)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        threading.Event().wait(30)


class Broken(Kept):
    """A keyring whose service fails."""

    def get_password(self, service: str, username: str) -> str | None:
        raise OSError(f"no bus for {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError(f"no bus for {password}")


@pytest.fixture(autouse=True)
def own_keyring() -> Iterator[Kept]:
    """A keyring of this test's own; the user's is never touched."""
    before, kept = keyring.get_keyring(), Kept()
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


def test_a_key_is_kept_in_the_keyring_and_found_again(own_keyring: Kept) -> None:
    assert Secrets({}).keep(URL, f" {KEY}\n").source == "keyring"
    found = Secrets({}).find("http://localhost:8000")
    assert found is not None
    assert (found.value, found.source) == (KEY, "keyring")
    assert own_keyring.keys == {("hitl-app", URL): KEY}
    assert Secrets({}).find("http://localhost:9000/v1") is None


def test_a_key_in_the_environment_goes_first() -> None:
    Secrets({}).keep(URL, KEY)
    found = Secrets({"HITL_APP_API_KEY": "other", "OPENAI_API_KEY": "third"}).find(URL)
    assert found is not None
    assert (found.value, found.source) == ("other", "environment")


def test_the_key_of_one_company_is_sent_to_no_other_server() -> None:
    secrets = Secrets({"OPENAI_API_KEY": KEY})
    assert secrets.find(URL) is None
    assert secrets.find("https://api.openai.com.example.org/v1") is None
    found = secrets.find("https://api.openai.com/v1/")
    assert found is not None
    assert found.value == KEY


@pytest.mark.parametrize("backend", [NoKeyring, NullKeyring, Waiting, Broken])
def test_without_a_keyring_a_key_is_kept_for_this_session(backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    secrets = Secrets({}, patience=0.2)
    began = time.monotonic()
    assert secrets.find(URL) is None
    assert secrets.keep(URL, KEY).source == "memory"
    found = secrets.find(URL)
    assert time.monotonic() - began < 1
    assert found is not None
    assert (found.value, found.source) == (KEY, "memory")
    assert Secrets({}, patience=0.2).find(URL) is None


def test_an_empty_key_is_forgotten(own_keyring: Kept) -> None:
    secrets = Secrets({})
    secrets.keep(URL, KEY)
    assert secrets.keep(URL, " ").value == ""
    assert secrets.find(URL) is None
    assert not own_keyring.keys
    secrets.keep(URL, "")


@pytest.mark.parametrize("value", [f"{KEY}\nX", "sk-ü", "two words", "nul\0"])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(UserError) as caught:
        Secrets({}).keep(URL, value)
    assert value not in str(caught.value)


def test_a_key_never_prints() -> None:
    secrets = Secrets({"HITL_APP_API_KEY": KEY})
    secrets.keep(URL, KEY)
    assert KEY not in f"{secrets!r} {secrets} {secrets.find(URL)!r} {secrets.keep(URL, KEY)}"
