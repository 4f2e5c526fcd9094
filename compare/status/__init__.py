"""The page that staff look at during the migration: how both flows do, and whether more visitors can be moved."""
