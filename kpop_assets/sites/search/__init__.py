"""Image search: crawls of Bing and Google."""
