"""MIDI files as songs on their grid, and back."""
