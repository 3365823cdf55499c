"""What the gallery page shows of the store."""
