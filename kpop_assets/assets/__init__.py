"""What exists: one module per stage of the lineage."""
