"""Songs to see and to hear."""
