"""Whose code a file is, by where it lies."""

from __future__ import annotations

import pytest

from retriever.report.others import is_installed, is_of_others

PACKAGE = {"requests/packages/__init__.py", "requests/packages/urllib3/response.py"}
PARTS = {"python/packages/core/pyproject.toml", "python/packages/core/core/run.py"}


@pytest.mark.parametrize(
    "path",
    ["pip/_vendor/rich/text.py", "shop/extern/six.py", "third_party/zlib/a.c", "log/fmt/bundled/core.h"],
)
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


@pytest.mark.parametrize(
    "path",
    [
        "/usr/local/go/src/net/http/server.go",
        "/opt/hostedtoolcache/go/1.22.1/x64/src/runtime/panic.go",
        "/go/pkg/mod/golang.org/x/net@v0.17.0/http2/server.go",
        "/home/me/.cargo/registry/src/index.crates.io-6f17d22bba15001f/hyper-0.14.27/src/client.rs",
        "/rustc/a28077b28a02b92985b3a3faecf92813155f1ea1/library/core/src/panicking.rs",
        "/app/node_modules/express/lib/router/index.js",
        "node:internal/modules/cjs/loader",
        "java/util/concurrent/FutureTask.java",
        "/usr/lib/python3.11/json/decoder.py",
        "/venv/lib/python3.11/site-packages/requests/models.py",
    ],
)
def test_a_frame_of_a_library_is_none_of_ours(path: str) -> None:
    assert is_installed(path, {"shop", "src"})


@pytest.mark.parametrize(
    "path",
    [
        "/home/me/go/src/github.com/acme/shop/net/client.go",
        "/go/pkg/mod/github.com/acme/shop/v2@v2.1.0/net/client.go",
        "/home/me/.cargo/registry/src/index.crates.io-6f17d22bba15001f/shop-0.1.0/src/net.rs",
        "/app/node_modules/shop/dist/net.js",
        "/app/node_modules/.pnpm/shop@1.0.0/node_modules/@acme/shop/lib/net.js",
        "/app/node_modules/@shop/react/lib/net.js",
        "/venv/lib/python3.11/site-packages/shop/net.py",
        "/venv/lib/python2.7/site-packages/shop-2.3.0-py2.7.egg/shop/net.py",
        "org/acme/Net.java",
    ],
)
def test_where_our_own_package_is_installed_it_is_ours(path: str) -> None:
    assert not is_installed(path, {"shop", "shop-react"})
