"""Quality, speed and memory, measured and written down in results/."""
