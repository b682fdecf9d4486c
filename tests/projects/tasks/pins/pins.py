"""Requirements as they are written and as they are pinned."""

import pathlib

_HERE = pathlib.Path(__file__).parent


def wanted():
    lines = (_HERE / "requirements.in").read_text().splitlines()
    return dict(line.split(">=") for line in lines)


def pinned():
    lines = (_HERE / "requirements.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line)
