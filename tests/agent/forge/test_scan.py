import os
from pathlib import Path

import pytest

from agent.forge.scan import Finding, refuse, scan
from agent.git import Git
from indexer.errors import Forbidden
from tests.conftest import git, write

# Written in two parts, so that no scanner takes this file for a leak.
GITHUB = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
AWS = "AKIA" + "Z7XQ4MPL2WDRT6KB"


def commit(root: Path) -> str:
    git(root, "add", "-Af")
    git(root, "commit", "-qm", "x")
    return git(root, "rev-parse", "HEAD").strip()


def found(root: Path, base: str, tree: str = "") -> list[Finding]:
    return scan(root / ".git", base, tree or commit(root))


@pytest.fixture
def base(project: Path) -> str:
    return commit_of(project)


def commit_of(project: Path) -> str:
    return git(project, "rev-parse", "HEAD").strip()


def test_an_ordinary_change_has_no_findings(project: Path, base: str) -> None:
    write(project / "shop" / "retry.py", "pause = 3\n")
    write(project / "shop" / "new.py", "import os\n\ntoken = os.environ['TOKEN']\n")
    (project / "shop" / "client.py").unlink()
    assert found(project, base) == []


def test_a_secret_on_an_added_line_blocks_and_is_not_repeated(project: Path, base: str) -> None:
    write(project / "shop" / "new.py", f"a = 1\nkey = '{GITHUB}'\n")
    (finding,) = found(project, base)
    assert finding == Finding("secret", "shop/new.py", 2, "looks like a secret (github-token)", True)
    with pytest.raises(Forbidden, match=r"nothing was pushed.*shop/new\.py:2: looks like") as refused:
        refuse([finding])
    assert GITHUB not in str(refused.value)


def test_a_secret_that_was_there_before_is_no_finding(project: Path) -> None:
    write(project / "shop" / "keys.py", f"key = '{AWS}'\n")
    base = commit(project)
    write(project / "shop" / "keys.py", f"import os\nkey = '{AWS}'\n")
    assert found(project, base) == []
    (project / "shop" / "keys.py").rename(project / "shop" / "moved.py")
    assert found(project, base) == []


def test_a_private_key_blocks_on_each_of_its_lines(project: Path, base: str) -> None:
    body = "\n".join("MIIEowIBAAKCAQEA7Zf4y9Qx3kT1v8Jm2N5pRs6Uw0Ya" for _ in range(3))
    write(project / "deploy.pem", f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n")
    findings = found(project, base)
    assert {finding.line for finding in findings} == {2, 3, 4}
    assert all(finding.blocks for finding in findings)


def test_a_password_is_a_risk_that_does_not_block(project: Path, base: str) -> None:
    write(project / "tests" / "test_login.py", "password = 'hunter2!x9Zq'\n")
    (finding,) = found(project, base)
    assert (finding.kind, finding.blocks) == ("secret", False)
    assert refuse([finding]) == [finding]


@pytest.mark.parametrize(
    ("target", "blocks"),
    [
        ("/etc/passwd", True),
        ("../../outside", True),
        ("..", False),
        ("../..", True),
        ("../.git/config", True),
        ("retry.py", False),
        ("../README.md", False),
    ],
)
def test_a_link_out_of_the_tree_blocks(project: Path, base: str, target: str, blocks: bool) -> None:
    (project / "shop" / "link").symlink_to(target)
    (finding,) = found(project, base)
    assert (finding.kind, finding.path, finding.blocks) == ("link", "shop/link", blocks)


def test_a_file_that_became_a_link_is_seen(project: Path, base: str) -> None:
    (project / "shop" / "retry.py").unlink()
    (project / "shop" / "retry.py").symlink_to("/etc/passwd")
    (finding,) = found(project, base)
    assert finding.blocks


def test_a_commit_of_another_repository_blocks(project: Path, base: str) -> None:
    git(project, "update-index", "--add", "--cacheinfo", f"160000,{base},sub")
    tree = git(project, "write-tree").strip()
    (finding,) = found(project, base, tree)
    assert (finding.kind, finding.path, finding.blocks) == ("gitlink", "sub", True)


def test_a_folder_named_like_gits_own_blocks(project: Path, base: str) -> None:
    blob = git(project, "hash-object", "-w", "shop/retry.py").strip()
    inner = Git(project / ".git", project).run("mktree", stdin=f"100644 blob {blob}\tconfig\n".encode())
    tree = Git(project / ".git", project).run("mktree", stdin=f"040000 tree {inner}\t.GIT\n".encode())
    findings = found(project, base, tree)
    assert [(f.kind, f.path, f.blocks) for f in findings] == [("git-file", ".GIT/config", True)]


@pytest.mark.parametrize(
    ("path", "text", "kind", "blocks"),
    [
        (".gitmodules", '[submodule "x"]\n\tupdate = !sh\n', "git-settings", True),
        (".gitattributes", "*.py filter=evil\n", "git-settings", False),
        ("a/.gitattributes", "* text diff=x\n", "git-settings", False),
        (".env", "DEBUG=1\n", "secret-file", True),
        ("deploy/.env.production", "DEBUG=1\n", "secret-file", True),
        ("id_rsa", "x\n", "secret-file", True),
        ("store.jks", "x\n", "secret-file", True),
        (".github/workflows/ci.yml", "on: push\n", "obeyed-file", False),
        (".husky/pre-commit", "echo\n", "obeyed-file", False),
        (".vscode/tasks.json", "{}\n", "obeyed-file", False),
        ("a.py", "if x: \u202e# y\n", "hidden-characters", False),
        ("big.bin", "\0" * (2 << 20), "large-binary", False),
        ("big.txt", "word\n" * (1 << 20), "unsearched", False),
    ],
)
def test_files_that_act_or_hide_are_found(
    project: Path, base: str, path: str, text: str, kind: str, blocks: bool
) -> None:
    write(project / path, text)
    findings = found(project, base)
    assert (kind, path, blocks) in [(f.kind, f.path, f.blocks) for f in findings]
    assert findings == sorted(findings, key=lambda finding: not finding.blocks)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitattributes", "*.bat text eol=crlf\n"),
        (".env.example", "TOKEN=\n"),
        ("small.bin", "\0" * 1000),
        ("bom.cs", "\ufeffclass A {}\n"),
        ("docs/git.md", "see .git/config\n"),
    ],
)
def test_harmless_files_are_not_findings(project: Path, base: str, path: str, text: str) -> None:
    write(project / path, text)
    assert found(project, base) == []


def test_an_env_file_that_is_tracked_may_change_with_a_word_about_it(project: Path) -> None:
    write(project / ".env", "DEBUG=1\n")
    base = commit(project)
    write(project / ".env", "DEBUG=2\n")
    assert [(f.kind, f.blocks) for f in found(project, base)] == [("secret-file", False)]


def test_a_dump_of_secrets_is_told_in_short(project: Path, base: str) -> None:
    write(project / "dump.txt", f"{GITHUB}\n" * 500)
    findings = found(project, base)
    assert len(findings) == 50
    with pytest.raises(Forbidden, match="and 45 more"):
        refuse(findings)


def test_names_of_any_bytes_are_read(project: Path, base: str) -> None:
    with open(os.fsencode(project) + b"/caf\xe9\n\t.py", "wb") as file:
        file.write(b"key = '" + AWS.encode() + b"'\nraw = \xff\n")
    (finding,) = found(project, base)
    assert os.fsencode(finding.path) == b"caf\xe9\n\t.py"


def test_an_empty_change_has_no_findings(project: Path, base: str) -> None:
    assert found(project, base, base) == []
