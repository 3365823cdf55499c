"""The root of every named error of the project."""


class KpopAssetsError(Exception):
    """Base of all named errors: the message says what was expected, what came and what to do."""
