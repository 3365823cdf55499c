"""A training within a run of Dagster."""
