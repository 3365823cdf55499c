"""A trained generator as a page has it, which draws covers without Python."""
