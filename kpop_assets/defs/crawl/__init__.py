"""The crawl of general covers."""
