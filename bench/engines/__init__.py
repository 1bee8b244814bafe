"""One page an engine: ``build(rules)`` loads the rules and returns how to decide a call and how to read the outcome.

Rule 1: deciding takes the tool's name and the arguments as the agent has them and returns the engine's own decision.
Rule 2: reading gives the name of the rule that denied, or ``None``; it is not timed.
Rule 3: each engine is used the way its documents recommend for speed: parsed once, kept, no text made in between.
Rule 4: a workload an engine cannot say exactly is not approximated: it is left out for that engine.
"""
