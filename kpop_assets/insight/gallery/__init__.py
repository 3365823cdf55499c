"""The page of films, samples and contrasts: one HTML file that needs nothing else."""
