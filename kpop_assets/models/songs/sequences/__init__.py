"""Networks of songs that say the next number of a row of them: a pitch, or a symbol."""
