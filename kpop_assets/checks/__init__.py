"""What must hold of the assets."""
