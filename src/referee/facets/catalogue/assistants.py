"""MCP servers of an assistant's everyday: chat, memory, time."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import PLAN, Family, entry

_READS: Final = entry("chat.read")
_POSTS: Final = entry("chat.write")

SLACK: Final = Family(
    name="slack",
    source="@modelcontextprotocol/server-slack 2025.4.25, dist/index.js",
    servers=("slack", "server-slack", "slack-mcp-server"),
    tools={
        "slack_list_channels": _READS,
        "slack_get_channel_history": _READS,
        "slack_get_thread_replies": _READS,
        "slack_get_users": _READS,
        "slack_get_user_profile": _READS,
        "slack_post_message": _POSTS,
        "slack_reply_to_thread": _POSTS,
        "slack_add_reaction": _POSTS,
        "conversations_add_message": _POSTS,
        "conversations_history": _READS,
        "conversations_replies": _READS,
        "channels_list": _READS,
    },
)

_REMEMBERS: Final = entry("memory.write")
_RECALLS: Final = entry("memory.read")
_FORGETS: Final = entry("memory.delete")

MEMORY: Final = Family(
    name="memory",
    source="@modelcontextprotocol/server-memory 2026.8.31, dist/index.js",
    servers=("memory", "server-memory", "knowledge-graph"),
    tools={
        "create_entities": _REMEMBERS,
        "create_relations": _REMEMBERS,
        "add_observations": _REMEMBERS,
        "delete_entities": _FORGETS,
        "delete_observations": _FORGETS,
        "delete_relations": _FORGETS,
        "read_graph": _RECALLS,
        "search_nodes": _RECALLS,
        "open_nodes": _RECALLS,
    },
)

TIME: Final = Family(
    name="time",
    source="mcp-server-time 2026.10.19, mcp_server_time/server.py",
    servers=("time", "server-time", "mcp-server-time"),
    tools={"get_current_time": entry("clock.read"), "convert_time": entry("clock.read")},
)

THINKING: Final = Family(
    name="sequential-thinking",
    source="@modelcontextprotocol/server-sequential-thinking",
    servers=("sequential-thinking", "sequentialthinking", "sequential_thinking"),
    tools={"sequentialthinking": PLAN},
)
