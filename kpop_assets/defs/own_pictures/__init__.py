"""A folder of one's own pictures in place of the sites."""
