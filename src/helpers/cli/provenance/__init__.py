"""From what a book shows to where it comes from: notebook section, results rows, functions."""
