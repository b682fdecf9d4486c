"""A folder -> a repository in which somebody works at random; and edits whose effect can be asked for."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_FILES = 400
_FOLDERS = 20
_PROBES = 20  # at once: the tree stays as large as it was
_RULES = "*.log\nscratch/\n"


@dataclass(frozen=True, slots=True)
class Probe:
    """A function `name` that is to be found in `path`, and nowhere when that is empty."""

    kind: str
    name: str
    path: str


class Editor:
    """`edit` does one thing at random; `probe`, from another thread, one that can be asked for, in a folder
    that `edit` leaves alone."""

    def __init__(self, root: Path, rng: random.Random) -> None:
        self.root = root
        self.done: Counter[str] = Counter()
        self._rng = rng
        self._probes: list[Probe] = []
        self._number = 0
        self._turn = threading.Lock()  # a checkout must not meet a probe half way
        self._outside = root.with_name(f"{root.name}-outside")
        for folder in (root, self._outside):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        self._begin()

    def told(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in sorted(self.done.items()))

    def edit(self) -> None:
        rare = self._rng.random()
        with self._turn:
            if rare < 0.002:
                kind = "checkout"
            elif rare < 0.004:
                kind = "commit"
            elif rare < 0.008:
                kind = "rules"
            else:
                kind = self._rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
            getattr(self, f"_{kind}")()
            self.done[kind.strip("_")] += 1

    def probe(self) -> Probe:
        with self._turn:
            self._number += 1
            number = self._number
            name = f"probe_{number}_{self._rng.randrange(10**6)}"
            kind = self._rng.choice(("create", "modify", "replace", "move in", "deep", "folder", "gone"))
            if len(self._probes) > _PROBES:
                kind = "gone"
            old = self._probes.pop(self._rng.randrange(len(self._probes))) if self._probes else None
            if old is None and kind in ("modify", "replace", "folder", "gone"):
                kind = "create"
            probe = self._do(kind, name, old)
            if probe.path:
                self._probes.append(probe)
            elif old is not None and kind != "gone":
                self._probes.append(old)
            return probe

    def _do(self, kind: str, name: str, old: Probe | None) -> Probe:
        text = f"def {name}():\n    return {self._number}\n"
        fresh = f"probes/{self._number}.py"
        if old is not None and kind in ("create", "move in", "deep"):
            self._probes.append(old)
        if kind == "create":
            _write(self.root / fresh, text)
        elif kind == "move in":
            _write(self._outside / "new.py", text)
            (self.root / "probes").mkdir(exist_ok=True)
            os.rename(self._outside / "new.py", self.root / fresh)
        elif kind == "deep":
            fresh = f"probes/a{self._number}/b/c/d.py"
            _write(self.root / fresh, text)
        elif kind == "modify" and old is not None:
            fresh = old.path
            _write(self.root / fresh, text)
        elif kind == "replace" and old is not None:
            fresh = old.path
            _write(self.root / (fresh + "~"), text)
            os.replace(self.root / (fresh + "~"), self.root / fresh)
        elif kind == "folder" and old is not None:
            folder = self.root / f"probes/moved{self._number}"
            folder.mkdir(parents=True)
            os.rename(self.root / old.path, folder / "x.py")
            os.rename(folder, self.root / f"probes/kept{self._number}")
            return Probe(kind, old.name, f"probes/kept{self._number}/x.py")
        elif kind == "gone" and old is not None:
            (self.root / old.path).unlink()
            for folder in (self.root / old.path).parents:
                if folder.name == "probes" or any(folder.iterdir()):
                    break
                folder.rmdir()
            return Probe(kind, old.name, "")
        return Probe(kind, name, fresh)

    # -- what edit does

    def _create(self) -> None:
        self._number += 1
        _write(self._folder() / f"new_{self._rng.randrange(10**6)}.py", self._text())

    def _modify(self) -> None:
        file = self._file()
        with file.open("a") as opened:
            opened.write(f"\n\ndef added_{self._rng.randrange(10**6)}():\n    return 1\n")

    def _rewrite(self) -> None:
        _write(self._file(), self._text())

    def _rename(self) -> None:
        file = self._file()
        os.rename(file, self._folder() / f"renamed_{self._rng.randrange(10**6)}.py")

    def _rename_over(self) -> None:
        os.replace(self._file(), self._file())

    def _save_by_rename(self) -> None:
        file = self._file()
        _write(file.with_suffix(".tmp"), self._text())
        os.replace(file.with_suffix(".tmp"), file)

    def _delete(self) -> None:
        if len(self._files()) > _FILES // 2:
            self._file().unlink()

    def _chmod(self) -> None:
        self._file().chmod(self._rng.choice((0o644, 0o755, 0o600)))

    def _mkdir(self) -> None:
        folder = self._folder() / f"made_{self._rng.randrange(10**6)}"
        _write(folder / "inner" / "file.py", self._text())

    def _rmdir(self) -> None:
        made = sorted(self.root.glob("pkg_*/**/made_*"))
        if made:
            shutil.rmtree(self._rng.choice(made))

    def _move_folder(self) -> None:
        made = sorted(self.root.glob("pkg_*/made_*"))
        if made:
            source = self._rng.choice(made)
            os.rename(source, self.root / "pkg_0" / f"made_{self._rng.randrange(10**6)}")

    def _noise(self) -> None:
        _write(self.root / "scratch" / f"{self._rng.randrange(50)}.log", "ignored\n")

    def _rules(self) -> None:
        place = self._rng.choice((self.root, self.root / "pkg_1")) / ".gitignore"
        extra = self._rng.choice(("", "made_*/\n", "renamed_*.py\n"))
        _write(place, (_RULES if place.parent == self.root else "") + extra)

    def _commit(self) -> None:
        self._git("add", "-A", "--", ".", ":(exclude)probes")
        self._git("commit", "-q", "--allow-empty", "-m", f"work {self._number}")

    def _checkout(self) -> None:
        self._git("add", "-A", "--", ".", ":(exclude)probes")
        self._git("commit", "-q", "--allow-empty", "-m", "before leaving")
        now = self._git("rev-parse", "--abbrev-ref", "HEAD").strip()
        self._git("checkout", "-q", "-f", "other" if now == "main" else "main")

    # -- the tree

    def _begin(self) -> None:
        for number in range(_FILES):
            _write(self.root / f"pkg_{number % _FOLDERS}" / f"module_{number}.py", self._text())
        _write(self.root / ".gitignore", _RULES)
        self._git("init", "-q", "-b", "main")
        self._git("add", "-A")
        self._git("commit", "-q", "-m", "one")
        self._git("checkout", "-q", "-b", "other")
        for number in range(0, _FILES, 2):
            _write(self.root / f"pkg_{number % _FOLDERS}" / f"module_{number}.py", self._text())
        self._git("commit", "-q", "-a", "-m", "two")
        self._git("checkout", "-q", "main")

    def _files(self) -> list[Path]:
        return sorted(self.root.glob("pkg_*/**/*.py"))

    def _file(self) -> Path:
        return self._rng.choice(self._files())

    def _folder(self) -> Path:
        folder = self.root / f"pkg_{self._rng.randrange(_FOLDERS)}"
        folder.mkdir(exist_ok=True)
        return folder

    def _text(self) -> str:
        names = [self._rng.randrange(500) for _ in range(8)]
        return "".join(
            f'def step_{n}(value):\n    """The value of step {n}."""\n    return value\n\n\n' for n in names
        )

    def _git(self, *words: str) -> str:
        identity = (
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@t",
            "-c",
            "gc.auto=0",
            "-c",
            "core.autocrlf=false",
        )
        done = subprocess.run(
            ["git", *identity, *words], cwd=self.root, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"git {' '.join(words)}: {done.stderr}")
        return done.stdout


_WEIGHTS = {
    "create": 6, "modify": 20, "rewrite": 8, "rename": 5, "rename_over": 3, "save_by_rename": 12,
    "delete": 6, "chmod": 4, "mkdir": 3, "rmdir": 3, "move_folder": 2, "noise": 4,
}  # fmt: skip


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
