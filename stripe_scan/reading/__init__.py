"""Readers: from the bytes of a file to what the rules look at, in time that grows with the length alone."""
