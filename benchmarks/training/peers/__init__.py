"""Training steps to compare: ours, and published ones written from their descriptions."""
