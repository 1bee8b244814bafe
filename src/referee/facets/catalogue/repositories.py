"""MCP servers for repositories: git on this machine, GitHub and GitLab across the network.

A tool of the git server does what a git command does, so that a rule on ``git reset --hard`` or on paths sees it too. Paths
on a code host are those of files in a repository: a rule on workflows or secrets applies to them all the same.
"""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import Family, entry

_REPO: Final = "repo_path?"

GIT: Final = Family(
    name="git",
    source="mcp-server-git 2026.10.19, mcp_server_git/server.py",
    servers=("git", "mcp-git", "server-git", "mcp-server-git"),
    tools={
        "git_status": entry("git.read", line="git status", cwd=_REPO),
        "git_diff_unstaged": entry("git.read", line="git diff", cwd=_REPO),
        "git_diff_staged": entry("git.read", line="git diff --cached", cwd=_REPO),
        "git_diff": entry("git.read", line="git diff <target?>", cwd=_REPO),
        "git_log": entry("git.read", line="git log", cwd=_REPO),
        "git_show": entry("git.read", line="git show <revision?>", cwd=_REPO),
        "git_branch": entry("git.read", line="git branch", cwd=_REPO),
        "git_add": entry("git.write", line="git add -- <files?>", cwd=_REPO),
        "git_commit": entry("git.write", line="git commit -m <message?>", cwd=_REPO),
        "git_reset": entry("git.write", line="git reset", cwd=_REPO),
        "git_create_branch": entry("git.write", line="git branch <branch_name?> <base_branch?>", cwd=_REPO),
        "git_checkout": entry("git.write", line="git checkout <branch_name?>", cwd=_REPO),
        "git_init": entry("git.write", line="git init", cwd=_REPO),
        "git_push": entry("git.write", line="git push --force<force!> <remote?> <branch?>", cwd="repo_path|path|cwd?"),
        "git_clone": entry("git.write", line="git clone <url|repository|repo_url>", cwd="cwd?"),
        "git_pull": entry("git.write", line="git pull <remote?> <branch?>", cwd="repo_path|path|cwd?"),
    },
)

_READS: Final = entry("repo.read")
_ISSUES: Final = entry("issue.read")
_WRITES_ISSUE: Final = entry("issue.write")
_ONE_FILE: Final = entry("repo.write", writes="path")

GITHUB: Final = Family(
    name="github",
    source="@modelcontextprotocol/server-github 2025.4.8, dist/index.js and dist/operations; github-mcp-server 2026-11",
    servers=("github", "github-mcp-server", "gh", "server-github", "github-mcp"),
    tools={
        "get_file_contents": entry("repo.read", reads="path"),
        "create_or_update_file": _ONE_FILE,
        "push_files": entry("repo.write", writes="files[*].path"),
        "delete_file": entry("repo.write", deletes="path"),
        "create_branch": entry("repo.write"),
        "merge_pull_request": entry("repo.merge"),
        "update_pull_request_branch": entry("repo.write"),
        "create_repository": entry("repo.create"),
        "fork_repository": entry("repo.create"),
        "search_repositories": _READS,
        "search_code": _READS,
        "search_users": _READS,
        "list_commits": _READS,
        "get_commit": _READS,
        "list_branches": _READS,
        "list_tags": _READS,
        "get_me": _READS,
        "list_issues": _ISSUES,
        "search_issues": _ISSUES,
        "get_issue": _ISSUES,
        "get_issue_comments": _ISSUES,
        "get_pull_request": _ISSUES,
        "list_pull_requests": _ISSUES,
        "search_pull_requests": _ISSUES,
        "get_pull_request_files": _ISSUES,
        "get_pull_request_diff": _ISSUES,
        "get_pull_request_status": _ISSUES,
        "get_pull_request_comments": _ISSUES,
        "get_pull_request_reviews": _ISSUES,
        "create_issue": _WRITES_ISSUE,
        "update_issue": _WRITES_ISSUE,
        "add_issue_comment": _WRITES_ISSUE,
        "create_pull_request": _WRITES_ISSUE,
        "update_pull_request": _WRITES_ISSUE,
        "create_pull_request_review": _WRITES_ISSUE,
        "run_workflow": entry("repo.write"),
        "rerun_workflow_run": entry("repo.write"),
        "cancel_workflow_run": entry("repo.write"),
        "list_workflow_runs": _READS,
        "get_job_logs": _READS,
    },
)

GITLAB: Final = Family(
    name="gitlab",
    source="@modelcontextprotocol/server-gitlab 2025.4.25, dist/index.js",
    servers=("gitlab", "gitlab-mcp-server", "gl", "server-gitlab", "gitlab-mcp"),
    tools={
        "get_file_contents": entry("repo.read", reads="file_path"),
        "create_or_update_file": entry("repo.write", writes="file_path previous_path?"),
        "push_files": entry("repo.write", writes="files[*].file_path|files[*].path"),
        "create_branch": entry("repo.write"),
        "create_repository": entry("repo.create"),
        "fork_repository": entry("repo.create"),
        "search_repositories": _READS,
        "create_issue": _WRITES_ISSUE,
        "create_merge_request": _WRITES_ISSUE,
    },
)
