"""Networks that write songs."""
