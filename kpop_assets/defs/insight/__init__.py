"""What the covers say, and the page that shows it."""
