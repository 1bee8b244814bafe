"""MCP servers for the web: fetch, search engines, and browsers driven by Puppeteer or Playwright.

A script in a page can send what it likes where it likes. It is ``browser.script``, and a tool that runs a script outside of
the page is ``code.exec``, since that is as good as a shell.
"""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import SEARCH_WEB, Family, entry
from referee.model.catalogue import Tool

FETCH: Final = Family(
    name="fetch",
    source="mcp-server-fetch 2026.10.24, mcp_server_fetch/server.py; fetch-mcp",
    servers=("fetch", "server-fetch", "mcp-server-fetch", "http"),
    tools={
        name: entry("http.fetch", http="url", method="method")
        for name in ("fetch", "fetch_html", "fetch_markdown", "fetch_txt", "fetch_json")
    },
)

SEARCH: Final = Family(
    name="search",
    source="@modelcontextprotocol/server-brave-search 0.6.2, dist/index.js; tavily-mcp; exa-mcp-server",
    servers=("brave-search", "brave_search", "brave", "tavily", "exa"),
    tools={
        **dict.fromkeys(
            (
                "brave_web_search", "brave_local_search", "brave_news_search", "brave_image_search", "tavily-search",
                "tavily_search", "web_search_exa",
            ),
            SEARCH_WEB,
        ),
        "tavily-extract": entry("http.fetch", http="urls[*]"),
        "tavily_extract": entry("http.fetch", http="urls[*]"),
        "crawling_exa": entry("http.fetch", http="url"),
    },
)  # fmt: skip

PUPPETEER: Final = Family(
    name="puppeteer",
    source="@modelcontextprotocol/server-puppeteer 2025.5.12, dist/index.js",
    servers=("puppeteer", "server-puppeteer"),
    tools={
        "puppeteer_navigate": entry("browser.open", http="url"),
        "puppeteer_screenshot": entry("browser.read"),
        "puppeteer_click": entry("browser.act"),
        "puppeteer_fill": entry("browser.act"),
        "puppeteer_select": entry("browser.act"),
        "puppeteer_hover": entry("browser.act"),
        "puppeteer_evaluate": entry("browser.script"),
    },
)


def _all(names: str, tool: Tool) -> dict[str, Tool]:
    return {f"browser_{name}": tool for name in names.split()}


PLAYWRIGHT: Final = Family(
    name="playwright",
    source="@playwright/mcp 0.0.83 (playwright-core 1.65.1, lib/coreBundle.js)",
    servers=("playwright", "playwright-mcp", "browser", "microsoft-playwright"),
    tools={
        "browser_navigate": entry("browser.open", http="url"),
        "browser_tabs": (
            entry("browser.open", http="url", given="url"),
            entry("browser.act", given="!url"),
        ),
        **_all(
            "navigate_back navigate_forward reload close resize click check uncheck hover drag type press_key "
            "press_sequentially keydown keyup select_option fill_form handle_dialog wait_for mouse_click_xy mouse_down "
            "mouse_drag_xy mouse_move_xy mouse_up mouse_wheel emulate_media network_state_set route unroute resume "
            "cookie_set cookie_delete cookie_clear localstorage_set localstorage_delete localstorage_clear "
            "sessionstorage_set sessionstorage_delete sessionstorage_clear console_clear network_clear "
            "highlight hide_highlight annotate start_recording stop_recording start_tracing stop_tracing install "
            "video_chapter video_show_actions video_hide_actions stop_video webmcp_call",
            entry("browser.act"),
        ),
        **_all(
            "snapshot console_messages network_request network_requests find generate_locator get_config route_list "
            "cookie_get cookie_list localstorage_get localstorage_list sessionstorage_get sessionstorage_list "
            "verify_element_visible verify_list_visible verify_text_visible verify_value webmcp_list",
            entry("browser.read", writes="filename?"),
        ),
        **_all("take_screenshot pdf_save start_video", entry("browser.read", writes="filename?")),
        "browser_storage_state": entry("browser.read", writes="filename?"),
        "browser_set_storage_state": entry("browser.act", reads="filename"),
        "browser_file_upload": entry("browser.upload", reads="paths[*]?"),
        "browser_drop": entry("browser.upload", reads="paths[*]?"),
        "browser_evaluate": entry("browser.script", writes="filename?"),
        "browser_run_code": entry("code.exec browser.script", line="node -e <code?>", reads="filename?"),
        "browser_run_code_unsafe": entry("code.exec browser.script", line="node -e <code?>", reads="filename?"),
    },
)

FIRECRAWL: Final = Family(
    name="firecrawl",
    source="names that firecrawl-mcp uses, not checked against it",
    servers=("firecrawl", "firecrawl-mcp"),
    tools={
        "firecrawl_scrape": entry("http.fetch", http="url"),
        "firecrawl_crawl": entry("http.fetch", http="url"),
        "firecrawl_map": entry("http.fetch", http="url"),
        "firecrawl_extract": entry("http.fetch", http="urls[*]"),
        "firecrawl_search": SEARCH_WEB,
    },
)
