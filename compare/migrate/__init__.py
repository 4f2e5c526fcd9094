"""The migration guide: a small legacy shop as one state per step, and pages that show what each step changes."""
