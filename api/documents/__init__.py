"""Documents that rest on evidence: certificates, sheets, passport, badges; numbered, checked, revocable."""
