"""Fixtures of this room: one scripted server for all of its tests."""

from collections.abc import Iterator

import pytest
from keeping import Desk, open_desk
from serving import Served, serving


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    with serving("model_scripts:by_model") as running:
        yield running


@pytest.fixture
def desk(served: Served) -> Desk:
    return open_desk(served)
