"""The paper's analyses in the paper's terms: a study goes in, result rows come out."""
