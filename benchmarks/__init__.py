"""How long things take here, beside what people would use instead: `make bench`."""
