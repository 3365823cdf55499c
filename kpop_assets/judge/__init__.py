"""How good samples are: quality, texture, copies."""
