"""What imports Ray and the executors of Dagster, when a run starts."""
