"""Figures over covers and training."""
