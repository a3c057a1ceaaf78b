"""What a reader takes away from a book: the supplement as PDF and as Word file, its figures and its tables as files.

All are made from the published book and the files of its run; no notebook runs for them.
"""
