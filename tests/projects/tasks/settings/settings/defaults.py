"""What holds where nothing is set."""

DEFAULTS = {
    "port": 8000,  # where it listens
    "workers": 4,  # how many requests at once
    "timeout": 30,  # seconds until a request is given up
    "colour": "auto",  # whether the log is coloured
}
