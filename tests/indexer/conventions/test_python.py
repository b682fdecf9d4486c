"""What a Python file says about imports, classes, logging and the ways of the library it takes."""

from __future__ import annotations

import pytest

from indexer.conventions.python import PYTHON_CHOICES, TEST_CHOICES
from indexer.conventions.wording import wording

from .facts import facts, rules


@pytest.mark.parametrize(
    ("text", "question", "answers"),
    [
        ("from . import a\nfrom shop.b import c\nimport os\n", "import.form",
         {"relative": [1, 1], "absolute": [1, 2]}),
        ("import typing as t\n", "import.typing", {"t": [1, 1]}),
        ("from typing import (\n    Any,\n    Self,\n)\n", "import.typing", {"names": [1, 2]}),
        ("from unittest import mock as m\n", "import.unittest.mock",
         {"m": [1, 1]}),
        ("import unittest.mock\n", "import.unittest.mock", {"module": [1, 1]}),
        ("import datetime as dt, os\n", "import.datetime", {"dt": [1, 1]}),
        ("from a import b, c\nfrom d import e\nfrom d import f\n", "import.names",
         {"together": [1, 1], "apart": [1, 3]}),
        ("from a import (\n    b,\n    c,\n)\n", "import.names", {"together": [1, 3]}),
        ("from a import b\nfrom a import c as d\n", "import.names", None),  # formatters part these
        ("import os\n\nX = 1\n", "import.after", {"1": [1, 3]}),
        ("from os import (\n    a,\n)\n\n\n# so\nX = 1\n", "import.after", {"2": [1, 6]}),
        ("import os\n\n\ndef f(): pass\n", "import.after", None),
        ("import os\nimport re\n\nimport abc\nfrom b import c\n", "import.order", {"sorted": [1, 1]}),
        ("import abc\nfrom b import c\nimport d\n", "import.order", {"sorted": [1, 1]}),
        ("import re\nimport os\nimport abc\n", "import.order", {"unsorted": [1, 2]}),
        ("import torch\n\ndef f():\n    import torch\n", "import.late.torch", {"no": [1, 1], "yes": [1, 4]}),
        ("if TYPE_CHECKING:\n    import torch\n", "import.late.torch", None),
        ("x = 1\n__all__ = ['x']\n", "exports", {"yes": [1, 2]}),
        ("x = 1\n__all__ = ('X',)\n", "exports.form", {"tuple": [1, 2]}),
        ("@dataclass\nclass A: pass\n@dataclasses.dataclass(\n    frozen=True,\n)\nclass B: pass\n",
         "dataclass.frozen", {"no": [1, 1], "yes": [1, 3]}),
        ("class A(BaseModel): pass\n@dataclass\nclass B: pass\n", "model",
         {"pydantic": [1, 1], "dataclass": [1, 2]}),
        ("from attrs import define\n@define\nclass A: pass\n", "attrs.form", {"define": [1, 2]}),
        ("import attr\n@attr.s(slots=True)\nclass A: pass\n", "attrs.slots", {"yes": [1, 2]}),
        ("class A(Protocol): pass\nclass B(ABC): pass\n", "interface", {"Protocol": [1, 1], "ABC": [1, 2]}),
        ("class BaseB(ABC): pass\nclass C(ABC): pass\n", "interface.name",
         {"Base...": [1, 1], "plain": [1, 2]}),
        ("class A:\n    @classmethod\n    def from_b(cls, b):\n        return cls(b)\n", "constructor",
         {"from": [1, 3]}),
        ("class A:\n    @property\n    def b(self):\n        return self._b\n    def get_c(self):\n"
         "        return self._c\n", "getter", {"property": [1, 3], "method": [1, 5]}),
        ("class A:\n    def get_c(self, key):\n        return self._c\n", "getter", None),
        ("class A(Enum):\n    RED = 1\n    blue = 2\n", "enum.member", {"upper": [1, 2], "lower": [1, 3]}),
        ("_T = TypeVar('_T')\nK = TypeVar('K')\n", "typevar.private", {"yes": [1, 1], "no": [1, 2]}),
        ("def get(): pass\nasync def aget(): pass\n", "async.twin", {"a...": [1, 2]}),
        ("async def aget(): pass\n", "async.twin", None),
        ("logger = logging.getLogger(__name__)\n", "logger", {"module": [1, 1]}),
        ("_LOGGER = logging.getLogger('shop')\n", "logger.name", {"_LOGGER": [1, 1]}),
        ("log.info('paid %s', x)\nlog.info(f'paid {x}')\nlog.info('paid')\n", "log.form",
         {"arguments": [1, 1], "f-string": [1, 2]}),
        ("log.info('100% sure')\n", "log.form", None),
        ("math.log(2)\nself.logger.error('a')\nprint(1)\n", "report", {"log": [1, 2], "print": [1, 3]}),
        ("click.echo(1)\nprint(1)\n", "output", {"click.echo": [1, 1], "print": [1, 2]}),
        ("a = f'{x}'\nb = f'x'\nc = '{}'.format(x)\nd = 'a %s' % x\ne = b'%d' % x\n", "string.form",
         {"f-string": [1, 1], "format": [1, 3], "percent": [1, 4]}),
        ("a = \"x\"\nb = 'y'\nc = 'say \"z\"'\n", "quotes", {"double": [1, 1], "single": [1, 2]}),
        ("# TODO(ann): later\n# TODO: soon\n# TODO x\n", "todo",
         {"owner": [1, 1], "colon": [1, 2], "bare": [1, 3]}),
        ("import os\nos.path.join(a)\nPath(a)\n', '.join(a)\n", "uses.paths",
         {"os.path": [1, 2], "pathlib": [1, 3]}),
        ("open(p)\nopen(p, 'rb')\nopen(p, encoding='utf-8')\np.read_text()\n", "encoding",
         {"no": [2, 1, 4], "yes": [1, 3]}),
        ("subprocess.run(a)\nsubprocess.run(\n    a, check=True\n)\n", "subprocess.check",
         {"no": [1, 1], "yes": [1, 2]}),
        ("zip(a, b)\nzip(a, b, strict=True)\nzip(*a)\n", "zip.strict", {"no": [1, 1], "yes": [1, 2]}),
        ("datetime.now()\ndatetime.now(UTC)\ndatetime.utcnow()\n", "now",
         {"naive": [1, 1], "aware": [1, 2], "utcnow": [1, 3]}),
        ("from datetime import UTC\na = UTC\nb = timezone.utc\nUTC_OFFSET = 1\n", "utc",
         {"timezone.utc": [1, 3], "UTC": [1, 2]}),
        ("os.environ['A']\nos.getenv('A')\n", "environment", {"environ": [1, 1], "getenv": [1, 2]}),
        ("super().f()\nsuper(A, self).f()\n", "super", {"bare": [1, 1], "named": [1, 2]}),
        ("warnings.warn('a', OldWarning)\nwarnings.warn('a', stacklevel=2)\n", "warning.stacklevel",
         {"no": [1, 1], "yes": [1, 2]}),
        ("warnings.warn('a', ShopDeprecationWarning)\n", "warning.deprecation",
         {"ShopDeprecationWarning": [1, 1]}),
        ("asyncio.create_task(f())\ntg.create_task(f())\nboard.create_task(f())\n", "task",
         {"asyncio.create_task": [1, 1], "TaskGroup": [1, 2]}),
        ("@lru_cache(maxsize=None)\ndef f(): pass\n", "cache", {"lru_cache": [1, 1]}),
        ("from fastapi import Depends\n\n@router.get('/a')\nasync def a(): pass\n@app.post(\n    '/b'\n)\n"
         "def b(): pass\n", "route.form", {"async": [1, 4], "sync": [1, 8]}),
        ("import httpx\n\n@app.get('/a')\ndef a(): pass\n", "route.form", None),
        ("from fastapi import Depends\n\ndef a(x: Annotated[X, Depends(x)], y=Depends(y)): pass\n",
         "depends.form", {"annotated": [1, 3], "default": [1, 3]}),
        ("import sqlalchemy\nselect(A)\nsession.query(A)\n", "sql.form", {"select": [1, 2], "query": [1, 3]}),
        ("from sqlalchemy.orm import Mapped\nclass A:\n    x: Mapped[int]\n    y = Column(Int)\n",
         "sql.column", {"Mapped": [1, 3], "Column": [1, 4]}),
        ("from pydantic import BaseModel\nclass A(BaseModel):\n    class Config: pass\n",
         "pydantic.config", {"Config": [1, 3]}),
        ("x = 1\n" * 41, "module.size", {"short": [1, 1]}),
        ("x = 1\n" * 410, "module.size", {"long": [2, 201, 401]}),
        ("x = 1\n", "module.size", None),
        ("@lru_cache(maxsize=10)\ndef f(): pass\n", "cache", None),
    ],
)  # fmt: skip
def test_each_habit_is_one_answer(text: str, question: str, answers: dict[str, list[int]] | None) -> None:
    assert facts("shop/a.py", text).get(question) == answers


def test_words_in_strings_and_comments_are_no_code() -> None:
    text = '"""print(x), os.getenv("A"), raise Oops(x)."""\n\n# print(x); super(A, self)\nX = "zip(a, b)"\n'
    assert not {"report", "environment", "super", "zip.strict", "raise"} & set(facts("shop/a.py", text))


def test_modules_of_a_package_are_private() -> None:
    assert facts("shop/_pay.py", "x = 1\n")["module.private"] == {"yes": [1, 1]}
    assert "module.private" not in facts("shop/__init__.py", "x = 1\n")
    found = rules({f"shop/_m{n}.py": "x = 1\n" for n in range(6)})
    assert "module.private=yes" in found
    assert "module.private=no" not in rules({f"shop/m{n}.py": "x = 1\n" for n in range(6)})


def test_a_team_s_own_names_are_said_as_they_are() -> None:
    text = "import datetime as dt\nimport logging\n\n_LOGGER = logging.getLogger(__name__)\n"
    found = rules({f"shop/m{n}.py": text for n in range(6)})
    assert found["logger.name=_LOGGER"].statement == "The logger of a module is called `_LOGGER`."
    assert found["import.datetime=dt"].statement == "`datetime` is imported whole (`dt.X`), not by names."


def test_every_job_has_words() -> None:
    for job, libraries in {**PYTHON_CHOICES.libraries, **TEST_CHOICES.libraries}.items():
        said = wording("python", f"uses.{job}", libraries[0], [])
        assert said is not None
        assert libraries[0] in said.statement
