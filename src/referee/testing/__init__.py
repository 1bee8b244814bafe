"""What tests and fuzzing of policies are made with: spellings of one command that bash runs alike.

Rule 1: nothing here runs a command; the tests give what is generated to a bash whose programs are stubs.
Rule 2: the same seed gives the same texts.
"""
