"""How chart, covers and crawl are gathered and kept over the years."""
