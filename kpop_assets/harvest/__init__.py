"""How chart, covers and crawl are gathered and stored over the years."""
