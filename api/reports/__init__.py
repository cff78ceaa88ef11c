"""What learners, teachers and trainers see of it all."""
