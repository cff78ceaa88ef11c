"""Programs that are not ours: launched units and registered devices, and what they report (cmi5, xAPI)."""
