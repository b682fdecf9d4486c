"""A small repository with a history of every kind of commit, and what a folder holds, to the byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ...conftest import git, write

RETRY = (
    "def retry(call, attempts=3):\n"
    '    """Call again after a failed payment, waiting longer each time."""\n'
    "    for attempt in range(attempts):\n        try:\n            return call()\n"
    "        except ConnectionError:\n            wait(2 ** attempt)\n"
)
CLIENT = (
    'class Client:\n    """Charges cards."""\n\n    def charge(self, amount):\n        return send(amount)\n'
)
VOUCHER = (
    'def redeem(voucher):\n    """Take the worth of a voucher off the bill."""\n    return voucher.worth\n'
)
STOCK = (
    'def reserve(article, count):\n    """Keep articles for an order in the warehouse."""\n    return count\n'
)

ASKED = {  # what qualifies, in order: subject -> the files it wants
    "Wait longer between the attempts of a payment": ["shop/retry.py"],
    "Charge cards in the currency of a customer": ["shop/client.py", "shop/stock.py"],
    "Refuse negative amounts when charging cards": ["shop/gateway.py"],
    "Stop redeeming legacy vouchers at checkout": ["shop/voucher.py"],
    "Reserve articles per warehouse in shop/stock.py": ["shop/stock.py"],
}


def make_history(root: Path) -> Path:
    """The commits of ASKED, and between them others that make no question."""
    for path, text in {
        "shop/retry.py": RETRY, "shop/client.py": CLIENT, "shop/voucher.py": VOUCHER, "shop/stock.py": STOCK,
        "tests/test_retry.py": "def test_retry():\n    assert True\n", "README.md": "# Shop\n\nSells.\n",
    }.items():  # fmt: skip
        write(root / path, text)
    git(root, "init", "-q", "-b", "main")
    _commit(root, "A shop that sells articles and vouchers")
    write(root / "shop/retry.py", RETRY.replace("2 **", "3 **"))
    _commit(root, "Wait longer between the attempts of a payment (#12)")
    write(root / "README.md", "# Shop\n\nSells many things.\n")
    _commit(root, "Describe the articles of the shop at length")
    write(root / "shop/client.py", CLIENT.replace("send(amount)", "send(amount, self.currency)"))
    write(root / "shop/stock.py", STOCK.replace("count):", "count=1):"))
    write(root / "tests/test_client.py", "def test_charge():\n    assert True\n")
    _commit(root, "Charge cards in the currency of a customer")
    git(root, "mv", "shop/client.py", "shop/gateway.py")
    _commit(root, "Move the client of cards into a gateway")
    gateway = CLIENT.replace("return", "assert amount > 0\n        return")
    write(root / "shop/gateway.py", gateway)
    _commit(root, "Refuse negative amounts when charging cards")
    write(root / "shop/gateway.py", gateway.replace("send(amount)", "send(\n            amount,\n        )"))
    _commit(root, "Break overlong expressions across several rows")  # layout alone
    git(root, "rm", "-q", "shop/voucher.py")
    _commit(root, "Stop redeeming legacy vouchers at checkout")
    write(root / "shop/retry.py", RETRY)
    _commit(root, "Bump version to 2.0")
    write(root / "shop/stock.py", STOCK.replace("count\n", "count // 2\n"))
    _commit(root, "Reserve articles per warehouse in shop/stock.py")
    return root


def _commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def state(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Every file and folder with its content, mode and time."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        digest = hashlib.sha256(content).hexdigest()
        found[str(path.relative_to(folder))] = (digest, status.st_mode, status.st_mtime_ns)
    return found
