"""Runs on many machines: where steps go, when they are tried again, whom troubles are told."""
