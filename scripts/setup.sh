#!/usr/bin/env bash
# Create .venv and install: setup.sh core | all | dev. A second run with nothing changed does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-core}
python=${PYTHON:-python3}
venv=.venv

say() { printf 'cairn: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }
root() { if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi; }

command -v "$python" >/dev/null || stop "there is no $python; on Debian: apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "$python is $("$python" -V 2>&1), and Cairn needs 3.11 or later; set PYTHON=/path/to/python3.11"
command -v git >/dev/null || stop "git is missing; on Debian: apt-get install git"

stamp="$venv/.$what"
if [ ! -x "$venv/bin/python" ]; then
  "$python" -c 'import venv, ensurepip' 2>/dev/null ||
    stop "python's venv module is missing; on Debian: apt-get install python3-venv"
  say "creating $venv"
  "$python" -m venv "$venv"
fi
newer() { [ -e "$1" ] && [ ! pyproject.toml -nt "$1" ] && [ ! scripts/setup.sh -nt "$1" ]; }
if newer "$stamp" || { [ "$what" != dev ] && newer "$venv/.dev"; } || { [ "$what" = core ] && newer "$venv/.all"; }; then
  exit 0
fi

pip() { "$venv/bin/python" -m pip --disable-pip-version-check -q "$@" 2> >(grep -v 'is neither a file nor a directory' >&2); }

# The only CPU build of torch on the index that every range below accepts; without this line
# pip would choose a newer one together with gigabytes of CUDA.
torch() { "$venv/bin/python" -c 'import torch' 2>/dev/null || pip install 'torch==2.13.0'; }

case $what in
  core) say "installing the core"; pip install -e . ;;
  all) say "installing the core and every extra"; torch; pip install -e '.[all]' ;;
  dev)
    say "installing everything, with the tools for development"
    torch
    pip install -e '.[all,dev]'
    missing=()
    command -v bwrap >/dev/null || missing+=(bubblewrap)
    command -v npm >/dev/null || missing+=(npm)
    # the languages of tests/projects/tasks; each is fetched and unpacked in less than a minute
    command -v go >/dev/null || missing+=(golang-go)
    command -v cargo >/dev/null || missing+=(cargo)
    command -v gcc >/dev/null || missing+=(gcc libc6-dev)
    command -v make >/dev/null || missing+=(make)
    if [ ${#missing[@]} -gt 0 ]; then
      say "installing Debian packages: ${missing[*]}"
      { root apt-get update -qq && root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null; } ||
        say "could not; their tests will say so. On Debian: apt-get install ${missing[*]}"
    fi
    if command -v npm >/dev/null; then
      say "installing Qdrant's interface description, which requests to a server are checked against"
      npm ci --prefix tests/contract --ignore-scripts --no-audit --no-fund --silent
    fi
    ;;
  *) stop "unknown set $what; it is core, all or dev" ;;
esac
touch "$stamp"
