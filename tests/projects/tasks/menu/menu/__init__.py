"""What there is to eat."""
