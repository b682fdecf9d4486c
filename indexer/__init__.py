"""Disk -> index: files, symbols, chunks, vectors, kept live."""
