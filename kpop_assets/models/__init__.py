"""Cover generators: a folder a recipe, and what recipes share."""
