"""What the model wants changed -> files changed exactly so, or a refusal that helps to mend it."""
