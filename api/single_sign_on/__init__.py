"""Signing in with an account that somebody has elsewhere (OpenID Connect Core 1.0)."""
