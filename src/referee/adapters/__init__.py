"""Where agents meet the policy: one page a host, each with no decision of its own.

Rule 1: an adapter turns what a host says into a request and a decision into what the host understands.
Rule 2: what the host cannot carry out is refused, and a failure in here is a refusal that says so.
"""
