"""What a cell of a notebook may take and show."""

# Seconds before it is taken for one that hangs; `make book LIMIT=…`.
LIMIT = 3600
# Characters of output: a page with more of them opens in no browser.
MOST_SHOWN = 5_000_000
