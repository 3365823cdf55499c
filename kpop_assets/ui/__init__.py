"""The Dagster UI behind a filter."""
