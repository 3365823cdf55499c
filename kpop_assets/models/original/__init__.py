"""The recipe original: the original project's rule, as it was."""
