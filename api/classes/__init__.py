"""Classes, rosters, assignments."""
