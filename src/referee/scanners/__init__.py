"""Text to findings: what a string carries that a policy may care about.

Rule 1: a scanner is a function of one text. It never raises, never keeps the text and never decides.
Rule 2: scanners do not know each other; ``builtin`` is the one place that lists them.
Rule 3: time is linear in the length of the text, whoever wrote it.
"""
