"""What guards coding agents: this program, and the agents that a command would start without their guards."""

from __future__ import annotations

from typing import Final

RULES: Final = """
referee|referee.cli|referee.cli.__main__ hook [!status|list] : protection_off
referee|referee.cli|referee.cli.__main__ daemon stop|run|restart : protection_off
referee|referee.cli|referee.cli.__main__ approvals approve|reject|revoke : protection_off
pkill|killall {*referee*} : protection_off
pip|pip2|pip3|pipx|uv|poetry|pdm|conda|mamba|brew {referee|referee[=<>!~@[]*|*/referee|*referee*.whl} ... \
install|uninstall|remove|rm|add|upgrade|update|reinstall|uninject : protection_off
claude [--dangerously-skip-permissions|--allow-dangerously-skip-permissions|--settings|--setting-sources|--mcp-config|\
--plugin-dir] : protection_off
claude {bypassPermissions|--permission-mode=bypassPermissions} : protection_off
claude config set|add|remove|rm : protection_off
claude mcp add|add-json|add-from-claude-desktop|remove|serve|reset-project-choices : protection_off
claude plugin|plugins install|i|uninstall|remove|enable|disable|update|marketplace : protection_off
codex [--dangerously-bypass-approvals-and-sandbox|--dangerously-bypass-hook-trust|--yolo|--full-auto] : protection_off
codex {hooks*|features.*|approval_policy*|sandbox_mode*|notify*|danger-full-access|--sandbox=danger-full-access|\
-c*hooks*|--config=*hooks*|--disable=*} : protection_off
codex mcp add|remove : protection_off
gemini|qwen [--yolo|-y] : protection_off
gemini|qwen {yolo|--approval-mode=yolo} : protection_off
gemini|qwen hooks disable|uninstall : protection_off
gemini|qwen mcp|extensions add|remove|install|uninstall|link|enable|disable|update|new : protection_off
copilot [--allow-all-tools|--allow-all-paths|--allow-all-urls|--allow-all|--yolo] : protection_off
cursor-agent [-f|--force|--yolo|--approve-mcps] : protection_off
cline [-y|--yolo|--auto-approve|--auto-approve-all] : protection_off
dotenv|dotenv.main list|get|-m : credential_access
systemctl set-environment|unset-environment|import-environment : persistence
tmux setenv|set-environment : persistence
""".strip()
