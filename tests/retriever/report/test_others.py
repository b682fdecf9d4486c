"""Whose code a file is, by where it lies."""

from __future__ import annotations

import pytest

from retriever.report.others import is_of_others

PACKAGE = {"requests/packages/__init__.py", "requests/packages/urllib3/response.py"}
PARTS = {"python/packages/core/pyproject.toml", "python/packages/core/core/run.py"}


@pytest.mark.parametrize("path", ["pip/_vendor/rich/text.py", "shop/extern/six.py", "third_party/zlib/a.c"])
def test_folders_for_the_code_of_others_are_known_by_name(path: str) -> None:
    assert is_of_others(path, ())


@pytest.mark.parametrize("path", ["shop/external_payment.py", "shop/vendors.py", "shop/vendoring/pay.py"])
def test_a_name_that_only_sounds_like_it_is_none(path: str) -> None:
    assert not is_of_others(path, ())


def test_packages_hold_the_code_of_others_where_they_are_a_package_of_python() -> None:
    assert is_of_others("requests/packages/urllib3/response.py", PACKAGE)
    assert not is_of_others("python/packages/core/core/run.py", PARTS)  # a repository of several parts
    assert not is_of_others("packages/shop/src/pay.ts", PARTS)


def test_a_release_that_lies_in_a_folder_of_ours_is_the_code_of_others() -> None:
    assert is_of_others("shop/themes/basic/static/jquery-3.5.1.js", ())
    assert is_of_others("shop/static/chart-4.4.min.js", ())
    assert not is_of_others("shop/static/checkout-2.js", ())  # a second part, not a release
    assert not is_of_others("shop/migrations/v-1.2/pay.py", ())
