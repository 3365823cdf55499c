"""Pictures as data: decode safely, normalise, fingerprint, lay out in grids and films."""
