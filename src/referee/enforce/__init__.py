"""Where decisions meet the world: clocks, locks, files, sessions."""
