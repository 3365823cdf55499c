"""Frozen image networks with published weights, read from installed packages, never downloaded."""
