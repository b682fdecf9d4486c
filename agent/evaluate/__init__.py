"""Tasks with known tests -> how many of them runs solve, with the code base's context and without it."""
