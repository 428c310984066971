"""What several rooms need: intervals, exact tests, agreement coefficients, multiplicity."""
