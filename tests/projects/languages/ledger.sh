#!/usr/bin/env bash
# Everything about books.
source ./lib.sh
. "$HOME/money.sh"

readonly LIMIT=100
export STORE_DIR="/var/shop"
NAME=book
declare -a ENTRIES=()
alias ll='ls -l'

# Posts an entry.
post() {
  local amount="$1"
  check "$amount" && store_save "$amount"
}

function check {
  [[ "$1" -gt 0 ]]
}

function audit() (
  post 1 | sort
)

if check 1; then
  audit
fi
