"""What earlier runs and other ones made, taken over in place of being made again."""
