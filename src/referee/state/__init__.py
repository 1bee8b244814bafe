"""What has been used so far: limits and counters behind one protocol."""
