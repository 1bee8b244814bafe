"""From a request to what its action will do: shell commands, files and hosts.

Rule 1: match what will happen, not how it was spelled; every spelling of one action gives one facet.
Rule 2: what cannot be resolved is reported as failed or missing, never as harmless.
Rule 3: nothing here raises for any input, and nothing here looks at a file, a socket or a clock.
"""
