"""What a cover looks like, in numbers."""
