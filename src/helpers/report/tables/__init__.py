"""Tables of the book, made from results rows: one function a table."""
