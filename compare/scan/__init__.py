"""The scanner on a page, for a pasted file or a zip."""
