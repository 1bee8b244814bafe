from __future__ import annotations

import pytest

from referee.facets.classes import classes
from referee.facets.file import resolve, within
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed, FileFacet

HERE = Surroundings(cwd="/srv/app/src", home="/home/dev", workspace="/srv/app")


def resolved(path: str, surroundings: Surroundings = HERE) -> FileFacet:
    facet = resolve(path, "read", surroundings)
    assert isinstance(facet, FileFacet), facet
    return facet


@pytest.mark.parametrize(
    ("path", "expected", "inside"),
    [
        ("a.py", "/srv/app/src/a.py", True),
        ("../.env", "/srv/app/.env", True),
        ("../../other", "/srv/other", False),
        ("/srv/app", "/srv/app", True),
        ("/srv/application/x", "/srv/application/x", False),
        ("//srv//app/./x", "/srv/app/x", True),
        ("~/.ssh/id_rsa", "/home/dev/.ssh/id_rsa", False),
        ("file:///etc/passwd", "/etc/passwd", False),
        ("file://localhost/etc/pass%77d", "/etc/passwd", False),
        ("/proc/self/cwd/x", "/srv/app/src/x", True),
        ("/proc/self/root/etc/shadow", "/etc/shadow", False),
        ("C:\\Users\\x\\..\\y", "C:/Users/y", False),
        ("\\\\?\\C:\\a", "C:/a", False),
        ("C:\\secret\\.env::$DATA", "C:/secret/.env", False),
    ],
)
def test_resolution(path: str, expected: str, inside: bool) -> None:
    facet = resolved(path)
    assert (facet.path, facet.inside_workspace) == (expected, inside)


@pytest.mark.parametrize("path", ["", "a\0b", "file://other/x", "file:%ff", "x" * 40000])
def test_what_cannot_be_resolved_fails(path: str) -> None:
    assert isinstance(resolve(path, "read", HERE), Failed)


def test_symbolic_links_are_followed_for_path_workspace_and_classes() -> None:
    links = {"/srv/app/src/notes.txt": "/home/dev/.ssh/id_rsa", "/srv/app": "/srv/app"}
    linked = Surroundings(cwd="/srv/app/src", workspace="/srv/app", resolve_links=lambda path: links.get(path, path))
    facet = resolved("notes.txt", linked)
    assert (facet.path, facet.inside_workspace) == ("/home/dev/.ssh/id_rsa", False)
    assert "private_key" in facet.classes


def test_a_failing_link_lookup_is_a_failed_facet() -> None:
    def broken(_path: str) -> str:
        raise OSError

    assert isinstance(resolve("/a", "read", Surroundings(resolve_links=broken)), Failed)


def test_case_is_folded_where_the_file_system_does() -> None:
    mac = Surroundings(cwd="/Work", workspace="/work", case_sensitive=False)
    facet = resolved("SRC/.ENV", mac)
    assert (facet.path, facet.inside_workspace, facet.classes) == ("/work/src/.env", True, ("env_file",))


def test_nothing_known_leaves_a_relative_path() -> None:
    facet = resolved("a/../b", Surroundings(workspace="/srv"))
    assert (facet.path, facet.inside_workspace) == ("b", None)
    assert resolved("/b", Surroundings()).inside_workspace is None


def test_within_is_by_components() -> None:
    assert within("/a/b", "/a")
    assert within("/a", "/a/")
    assert within("/x", "/")
    assert not within("/ab", "/a")
    assert not within("/A/b", "/a")
    assert within("/A/b", "/a", case_sensitive=False)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".env", "env_file"), ("/x/.env.production", "env_file"), ("a/.ENV", "env_file"), ("app.env", "env_file"), (".en?", "env_file"),
        ("~/.ssh/id_rsa", "private_key"), ("certs/server.key", "private_key"), ("/home/u/.ssh/id_*", "private_key"),
        ("~/.aws/credentials", "credential"), ("/etc/shadow", "credential"), ("/proc/1/environ", "credential"), (".npmrc", "credential"),
        ("config/secrets/prod.yaml", "secret"), ("secrets.yml", "secret"), ("prod.tfvars", "secret"),
        ("src/auth/login.py", "auth"), ("billing/invoice.py", "payment"), ("infra/main.tf", "infra"), ("Dockerfile", "infra"),
        (".github/workflows/ci.yml", "ci_cd"), ("Jenkinsfile", "ci_cd"), ("db/migrations/001.sql", "migration"), ("deploy/prod.sh", "deployment"),
        ("backups/a.tar", "backup"), ("db.bak", "backup"), ("exports/users.csv", "data_export"), ("src/a.py", "source"),
        ("tests/test_a.py", "test"), ("README.md", "docs"), (".claude/settings.local.json", "agent_config"), (".referee/policy.yaml", "agent_config"),
        (".cursor/rules", "agent_config"), (".codex/config.toml", "agent_config"), ("policies/prod.yaml", "agent_config"),
    ],
)  # fmt: skip
def test_classes(path: str, kind: str) -> None:
    assert kind in classes(path)


@pytest.mark.parametrize(
    "path",
    [
        ".env.example", ".env.sample", "id_rsa.pub", "src/secrets.py", "docs/secrets/index.md", "environment.py", "env.py", "*", "*.py", "/etc/*",
        "known_hosts", "ca-bundle.pem", "public_key.pem", "credentials_test.go", "lib/credentials.ts", "keyboard.key.ts", "tokenizer.json",
    ],
)  # fmt: skip
def test_look_alikes_are_no_secrets(path: str) -> None:
    assert not {"secret", "credential", "private_key", "env_file"} & set(classes(path))
