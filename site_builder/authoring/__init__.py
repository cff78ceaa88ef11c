"""What helps an author: advice, fixes, starting files, examples."""
