"""Routes of applications: `launches.py` for people, `xapi.py` for units and devices."""
