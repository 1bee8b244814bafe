"""The groups of tools that every file knows: names as they are common among tools.

Rule 1: a group only ever asks for more care, so that a name too many in it costs a question and not a leak.
"""

from __future__ import annotations

from typing import Final

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "financial_actions": (
        "*payment*", "*refund*", "*transfer*", "*payout*", "*invoice*", "*purchase*", "*charge*", "*withdraw*", "*billing*",
        "pay", "pay_*", "pay.*", "*.pay", "*_pay", "*wire*", "buy", "buy_*", "*.buy", "place_order", "*subscription*",
    ),
    "destructive_actions": (
        "*delete*", "*drop*", "*destroy*", "*truncate*", "*remove*", "*purge*", "*wipe*", "rm", "rm_*",
    ),
    "communication_actions": (
        "*send*", "*email*", "*sms*", "*post_message*", "*publish*", "*notify*", "*tweet*",
    ),
    "deployment_actions": (
        "*deploy*", "*release*", "*rollback*", "*rollout*", "*terraform*", "*kubectl*",
    ),
    "data_export_actions": (
        "*export*", "*download*", "*dump*", "*upload*",
    ),
    "access_actions": (
        "*permission*", "*grant*", "*role*", "*password*", "*api_key*", "*invite*",
    ),
}  # fmt: skip
"""Groups of tools that every file knows."""
