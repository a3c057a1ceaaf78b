"""What a multiverse has found of the claims: kept for the book, so that no notebook fits a model for it."""
