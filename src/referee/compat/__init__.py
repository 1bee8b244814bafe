"""Drop-in forms of existing interfaces: change the import line, keep the calls.

Rule 1: every decision comes from the engine. These modules translate, they do not decide.
Rule 2: where the original is unsafe, this is safe, and the page in ``docs/how-to`` says how it differs.
"""
