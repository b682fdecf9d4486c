"""What happened in a run, and everything that is read from it: states, conversation, budget, outcome."""
