"""Covers shown to people: grids, films, previews."""
