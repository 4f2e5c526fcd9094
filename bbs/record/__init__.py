"""What is recorded of each payment."""
