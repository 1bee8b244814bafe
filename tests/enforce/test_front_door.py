import subprocess
import sys

import pytest

import referee


def test_the_root_has_few_names_sorted_and_all_there():
    assert referee.__all__ == sorted(referee.__all__)
    assert len(referee.__all__) <= 20
    for name in referee.__all__:
        assert getattr(referee, name) is not None
    assert set(referee.__all__) <= set(dir(referee))
    with pytest.raises(AttributeError):
        referee.nonsense  # noqa: B018 - the attribute is the test


def loaded(code):
    out = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(out.stdout.split())


@pytest.mark.parametrize("code", ["import referee", "from referee import Policy, Request, Denied"])
def test_importing_loads_nothing_that_is_not_used(code):
    modules = loaded(code)
    heavy = {"asyncio", "logging", "yaml", "tree_sitter", "can_ada", "re2", "phonenumbers", "click", "zoneinfo"}
    assert not modules & heavy
    rooms = {name for name in modules if name.startswith(("referee.language", "referee.adapters", "referee.cli"))}
    assert not rooms
    assert not {name for name in modules if name.startswith("referee.scanners")}


def test_importing_the_package_loads_nothing_but_itself():
    assert {name for name in loaded("import referee") if name.startswith("referee")} == {"referee", "referee._version"}
