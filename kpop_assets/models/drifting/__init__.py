"""The recipe drifting: covers drift to the real ones in features of a frozen network."""
