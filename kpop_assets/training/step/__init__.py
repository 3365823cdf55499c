"""One step: what learns, its random numbers, gradients and devices."""
