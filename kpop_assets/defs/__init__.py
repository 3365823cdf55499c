"""What exists: a folder a concept, a module an asset."""
