"""The command line: thin commands over the library.

Rule 1: exit codes mean the same everywhere (``exits``): 0 allowed or in order, 1 refused or problems found, 2 a usage
error or a policy that does not compile, 3 an internal failure.
Rule 2: what a program may want to read, ``--json`` prints; colours go to terminals only.
Rule 3: a command imports what it needs when it runs, so that none waits for the others.
"""
