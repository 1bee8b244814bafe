"""Tests of policies as pytest items: ``pytest -p referee.testing.plugin`` runs every ``NAME.test.yaml`` it meets.

Rule 1: it is there for who names it. As a plugin that loads by itself it would slow down every run of pytest beside this
package, for pytest rewrites all modules of such a package.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from referee.testing.cases import Case, Failed
    from referee.testing.suite import Policies


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Take a file of tests."""
    from referee.testing.files import ENDINGS

    if not file_path.name.endswith(ENDINGS):
        return None
    file: pytest.Collector = TestFile.from_parent(parent, path=file_path)
    return file


class TestFile(pytest.File):
    """A file of tests."""

    __test__ = False

    def collect(self) -> Iterator[TestCase]:
        """Read the tests.

        Raises:
            pytest.Collector.CollectError: the file, or a policy it is about, cannot be used.
        """
        from referee.errors import PolicyError
        from referee.testing.suite import Policies, load

        policies = Policies()
        try:
            suite = load(self.path, policies)
        except PolicyError as problem:
            raise self.CollectError(str(problem)) from None
        for case in suite.cases:
            item: TestCase = TestCase.from_parent(
                self, name=case.name, case=case, policies=policies, about=suite.policies
            )
            yield item


class TestCase(pytest.Item):
    """One test."""

    __test__ = False

    def __init__(self, *, case: Case, policies: Policies, about: tuple[str, ...], **more: Any) -> None:
        super().__init__(**more)
        self.case = case
        self.policies = policies
        self.about = about

    def runtest(self) -> None:
        """Run it.

        Raises:
            NotAsExpected: it failed.
        """
        from referee.testing.suite import play

        failed = play(self.case, self.policies.program(self.about)).failed
        if failed is not None:
            raise NotAsExpected(failed)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what differs and why; no traceback, for there is no code of the user's."""
        if not isinstance(excinfo.value, NotAsExpected):
            return super().repr_failure(excinfo, style)
        failed = excinfo.value.failed
        return "\n".join((f"{failed.span}, step {failed.step}", *failed.differs, *(f"  {line}" for line in failed.why)))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the test stands."""
        return self.path, self.case.span.line - 1, self.case.name


class NotAsExpected(Exception):  # noqa: N818 - how a test fails
    """A step did not come to what was expected."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.differs[0])
        self.failed = failed
