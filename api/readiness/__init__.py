"""Who is ready for what, why not, and what keeps them so."""
