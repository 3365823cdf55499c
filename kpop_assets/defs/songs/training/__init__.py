"""How the network of songs is trained as an asset."""
