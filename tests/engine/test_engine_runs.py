"""``runs``: one program, one subcommand, its flags in any spelling; what is not known is an error, never harmless."""

from __future__ import annotations

import pytest

from referee.engine import runs
from referee.engine.truth import ERROR, FALSE, TRUE
from referee.model.facts import Command, ShellFacet

_ = None


@pytest.mark.parametrize(
    ("pattern", "words", "truth"),
    [
        ("rm -rf", ("rm", "-rf", "x"), TRUE),
        ("rm -rf", ("rm", "-fr", "x"), TRUE),
        ("rm -rf", ("rm", "-r", "x", "-f"), TRUE),
        ("rm -rf", ("rm", "-Rvf", "x"), TRUE),
        ("rm -rf", ("/usr/bin/rm", "--recursive", "--force", "x"), TRUE),
        ("rm -rf", ("rm", "--recurs", "--forc"), ERROR),
        ("git push --force-with-lease", ("git", "push", "--force"), FALSE),
        ("git push --force-with-lease", ("git", "push", "--force-w"), ERROR),
        ("rm -rf", ("rm", "-rfvvvvvv", "x"), TRUE),
        ("rm -rf", ("rm", "-r", "x"), FALSE),
        ("rm -rf", ("rm", "--", "-rf"), FALSE),
        ("rm -rf", ("rmdir", "-rf"), FALSE),
        ("rm -rf", ("echo", "rm", "-rf"), FALSE),
        ("rm --recursive", ("rm", "-r", "x"), TRUE),
        ("rm --recursive", ("rm", "-R", "x"), TRUE),
        ("rm", ("rm",), TRUE),
        ("/bin/rm", ("rm",), TRUE),
        ("rm", ("rm.exe",), TRUE),
        ("mkfs*", ("mkfs.ext4", "/dev/sda"), TRUE),
        ("git push --force", ("git", "push", "-f", "origin"), TRUE),
        ("git push --force", ("git", "push", "origin", "--force"), TRUE),
        ("git push --force", ("git", "-C", "/x", "-c", "a=b", "push", "--force"), TRUE),
        ("git push --force", ("git", "--git-dir", "push", "status", "--force"), FALSE),
        ("git push --force", ("git", "--git-dir=/x", "push", "--force"), TRUE),
        ("git push --force", ("git", "push", "--force=yes"), TRUE),
        ("git push --force", ("git", "pull", "--force"), FALSE),
        ("git push --force", ("git",), FALSE),
        ("git push --force", ("git", "push", "-"), FALSE),
        ("git push -f", ("git", "push", "--force"), TRUE),
        ("git branch -D", ("git", "branch", "-D", "main"), TRUE),
        ("terraform apply -auto-approve", ("terraform", "apply", "-auto-approve"), TRUE),
        ("terraform apply -auto-approve", ("terraform", "apply", "--auto-approve"), TRUE),
        ("terraform apply -auto-approve", ("terraform", "apply", "-input=false"), FALSE),
        ("find -delete", ("find", "/", "-delete"), TRUE),
        ("find -delete", ("find", "/", "-d"), FALSE),
        ("find -exec1", ("find", "/", "-exec1"), TRUE),
        ("kubectl delete", ("kubectl", "-n", "prod", "delete", "pod"), TRUE),
        ("kubectl delete ns", ("kubectl", "delete", "pod"), FALSE),
        ("kubectl delete n*", ("kubectl", "delete", "ns"), TRUE),
        ("docker rm 'my box'", ("docker", "rm", "my box"), TRUE),
        ("aws s3 rb", ("aws", "--profile", "p", "s3", "rb"), TRUE),
        ("aws s3 rb", ("aws", "--profile"), FALSE),
        ("rm -rf", (), ERROR),
        ("rm -rf", (_, "-rf"), ERROR),
        ("rm -rf", ("rm", _), ERROR),
        ("rm -rf", ("rm", "-rf", _), TRUE),
        ("rm -rf", ("rm", "-r", _), ERROR),
        ("rm -rf", ("ls", _), FALSE),
        ("git push --force", ("git", _, "--force"), ERROR),
        ("git push --force", ("git", "push", _), ERROR),
        ("git push --force", ("git", "status", _), FALSE),
        ("git push --force", ("git", "push", "--force", _), TRUE),
        ("git push origin", ("git", "push", _), ERROR),
        ("git push origin", ("git", _), ERROR),
    ],
)
def test_commands_are_recognised_however_they_are_spelled(
    pattern: str, words: tuple[str | None, ...], truth: int
) -> None:
    assert runs.runs(pattern)(ShellFacet(commands=(Command(words),))) == truth or words == ()
    assert runs.Pattern(pattern).match(Command(words)) == truth


@pytest.mark.parametrize(
    ("commands", "missing", "truth"),
    [
        ([("ls",), ("rm", "-rf")], (), TRUE),
        ([("ls",), ("shred", "x")], (), TRUE),
        ([("ls",), ("cat", "x")], (), FALSE),
        ([], (), FALSE),
        ([], ("effect: eval",), ERROR),
        ([("ls",)], ("effect: eval",), ERROR),
        ([("ls",)], ("word: $x",), FALSE),
        ([("rm", "-rf")], ("effect: eval",), TRUE),
        ([(None,), ("shred",)], (), TRUE),
        ([(None,), ("ls",)], (), ERROR),
    ],
)
def test_one_command_of_a_text_and_one_pattern_are_enough(
    commands: list[tuple[str | None, ...]], missing: tuple[str, ...], truth: int
) -> None:
    shell = ShellFacet(commands=tuple(map(Command, commands)), missing=missing)
    assert runs.runs(("rm -rf", "shred"))(shell) == truth


@pytest.mark.parametrize("pattern", ["", "  ", "-rf", "--force push", "'open"])
def test_a_pattern_without_a_program_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"begins with the name of a program|No closing quotation"):
        runs.split(pattern)
