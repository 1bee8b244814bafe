"""Tables of program families, one module a family: what subcommands and flags of which program do.

Rule 1: a module holds data alone, written as ``rules`` says; nothing here knows a whole command by heart.
"""
