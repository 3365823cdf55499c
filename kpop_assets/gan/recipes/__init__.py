"""Recipes: which networks learn from each other or from the covers, and by which rule."""
