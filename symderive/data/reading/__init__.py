"""Tables of numbers, read exactly.  Every error names the row and the column, counted from 1."""
