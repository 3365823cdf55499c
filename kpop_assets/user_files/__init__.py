"""Files that people give: regular ones of a bounded size, and tables as CSV."""
