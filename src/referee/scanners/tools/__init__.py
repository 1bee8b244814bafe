"""Definitions of tools, as MCP servers hand them out: what they tell the model, and whether they are what was approved.

Rule 1: a definition is data of somebody else. Nothing in it is followed, and nothing of it is trusted to say who it is.
Rule 2: an ordinary definition is full of orders ("always use absolute paths"); what counts is what is asked for, not the tone.
"""
