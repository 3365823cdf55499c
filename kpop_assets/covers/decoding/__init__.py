"""Received bytes to RGB pixels: in a process of their own, with limits on memory and time."""
