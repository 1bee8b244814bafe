"""What every test may rely on: no process outlives it, and nothing is written into the user's own folders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Start no daemon unless a test asks for one, and keep compiled policies in a folder that goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFEREE_NO_DAEMON", "1")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("REFEREE_RUNTIME_DIR", str(tmp_path_factory.mktemp("daemon") / "run"))
        yield
