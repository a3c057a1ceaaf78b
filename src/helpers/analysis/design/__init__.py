"""What the design of a study can tell: power, level, bias and coverage of the paper's tests, by simulated cohorts."""
