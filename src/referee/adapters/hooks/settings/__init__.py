"""Hooks of Referee in the settings of coding agents: put in, taken out, the rest left alone.

Rule 1: settings that are not understood are not touched.
Rule 2: what stood there before is kept; taking out an untouched installation restores it byte for byte.
Rule 3: in settings changed since, only what is Referee's is taken out; comments and the order of the rest stay.
"""
