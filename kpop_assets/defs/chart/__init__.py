"""The chart and its covers."""
