"""A world whose clocks are turned by hand."""

from referee.enforce.world import World


class Turned(World):
    def __init__(self):
        super().__init__()
        self.seconds = 1_764_000_000.0  # 2025-11-24 16:00 UTC
        self.ticks = 100.0

    def wall(self):
        return self.seconds

    def monotonic(self):
        return self.ticks

    def pass_(self, seconds):
        self.seconds += seconds
        self.ticks += seconds
