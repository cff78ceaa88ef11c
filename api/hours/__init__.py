"""Training time as evidence: on site, live and remote, self-paced; three kinds that are never one sum."""
