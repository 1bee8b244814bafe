"""What was decided, kept so that later changes show."""
