"""Fix commits of public repositories -> the same fixes, made again through the agent's tools."""
