"""Symbolic music as data."""
