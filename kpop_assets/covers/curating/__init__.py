"""Which picture belongs to which cover set: duplicates, looks, what may be no cover."""
