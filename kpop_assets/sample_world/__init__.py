"""A web site on loopback that answers as the live sites do, from committed and drawn data."""
