"""Trained generators and what comes out of them."""
