"""What becomes of job seekers after their training: asked with their consent, counted with what is missing."""
