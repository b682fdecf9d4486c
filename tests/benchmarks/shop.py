"""A repository with real git whose history holds a fix, and one later commit."""

import subprocess
from pathlib import Path

from benchmarks.history.checkout import history_of
from benchmarks.history.commits import Repository

ENTRY = Repository("somebody/shop", "3.11", (), (), ())

PRICE = "def gross(net):\n    return net * 1.2\n\n\ndef rounded(price):\n    return int(price)\n"
TEST = "from shop.price import gross, rounded\n\n\ndef test_gross():\n    assert gross(10) == 12\n"
NEW_TEST = TEST + "\n\ndef test_rounded_to_the_nearest():\n    assert rounded(1.9) == 2\n"


class Shop:
    """A repository as a clone of somebody has it, under the name mirrors have."""

    def __init__(self, mirrors: Path) -> None:
        self.mirrors = mirrors
        self.root = mirrors / ENTRY.folder
        self.root.mkdir(parents=True)
        self._git("init", "--quiet", "--initial-branch=main")
        self.commit("Start", {"shop/__init__.py": "", "shop/price.py": PRICE, "tests/test_price.py": TEST})

    def commit(self, message: str, files: dict[str, str | None]) -> str:
        for path, text in files.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                place.unlink()
            else:
                place.write_text(text)
        self._git("add", "--all")
        self._git("commit", "--quiet", "-m", message)
        return self._git("rev-parse", "HEAD").strip()

    @property
    def gitdir(self) -> Path:
        return history_of(ENTRY.repository, self.mirrors)

    def _git(self, *arguments: str) -> str:
        who = ["-c", "user.name=S", "-c", "user.email=s@example.org", "-c", "commit.gpgSign=false"]
        command = ["git", "-C", str(self.root), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
