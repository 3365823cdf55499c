"""The recipe dcgan: the original's networks, held together by newer means."""
