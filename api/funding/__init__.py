"""Hours as funders, employers and the centre ask for them: totals that open to their lines, and funding schemes."""
