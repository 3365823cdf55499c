"""The catalog and the cover sets as tensors."""
