"""What Referee stops, finds and lets through, measured on labelled cases that are not part of the project.

Rule 1: cases stay where they are (``--data``); nothing of them is copied, and the figures say which set they are from.
Rule 2: a row is judged alone; rows marked ``ambiguous`` or ``weak``, and those of which both answers are right (``ask``), do not count.
Rule 3: a figure is a share of rows, worked out in one place (``shares``), and what is wrong can be shown (``--show``).
"""
