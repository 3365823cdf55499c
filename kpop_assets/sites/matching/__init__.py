"""Whether a record of a shop is the album of a chart entry."""
