"""The smallest complete shop before and after the migration: the overview shows it, and the site does not import it."""
