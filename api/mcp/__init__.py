"""The door for language models: the verbs of `cairn` as tools of the Model Context Protocol.

asked.py says what a tool takes, tools.py which there are, told.py how an answer reads, desk.py who answers,
server.py how that is spoken. `cairn mcp` serves them on stdin and stdout, `cairn serve` at /mcp.
"""
