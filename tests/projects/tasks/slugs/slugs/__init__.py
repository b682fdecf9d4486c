"""Names in addresses."""
