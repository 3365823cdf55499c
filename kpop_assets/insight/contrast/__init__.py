"""The cover sets compared, and what chance explains."""
