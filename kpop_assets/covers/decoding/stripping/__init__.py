"""Files of each format without what Pillow need not see: metadata, further frames."""
