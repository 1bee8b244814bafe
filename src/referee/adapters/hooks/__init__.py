"""Hooks of coding agents: programs the agent starts before and after each of its actions.

Rule 1: every way to fail ends in an explicit refusal in the agent's own protocol.
Rule 2: no opinion is no answer; a permission the agent would ask its user for is granted by an ``allow`` rule only.
"""
