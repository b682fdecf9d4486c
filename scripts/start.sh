#!/usr/bin/env bash
# Index a repository and serve it: start.sh REPO [PORT]
set -euo pipefail
cd "$(dirname "$0")/.."
cairn=$PWD/.venv/bin/cairn
repo=$1
[ -d "$repo" ] || { echo "cairn: there is no folder $repo; say make start REPO=/path/to/your/repository" >&2; exit 2; }
"$cairn" index "$repo"
cat <<EOF

Try, in another terminal:
  $cairn search "where do we retry failed payments?" --repo $repo
  $cairn context "add a payment retry mechanism" --budget 4000 --repo $repo
  $cairn run "add a payment retry mechanism" --repo $repo

EOF
exec "$cairn" serve ${2:+--port "$2"}
