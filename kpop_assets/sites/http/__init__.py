"""One polite and bounded HTTP client for all sites."""
