"""Songs: a small lineage beside that of the covers."""
