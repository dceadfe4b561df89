#!/usr/bin/env bash
# What the tests of the WordPress plugin need on a Debian machine: PHP with its modules, Chromium with its driver, and the parts of a
# WordPress in the cache. What is there already is left alone.   PYTHON=.venv/bin/python bash plugins/newstagger-wordpress/rig/install.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=$(realpath -s "$(command -v "${PYTHON:-python3}")")

lacking=()
need() { "${@:2}" >/dev/null 2>&1 || lacking+=("$1"); }
need php-cli command -v php
for module in curl mbstring sqlite3 xml; do need "php-$module" php -r "exit(extension_loaded('$module') ? 0 : 1);"; done
need npm command -v npm
need chromium command -v chromium
need chromium-driver command -v chromedriver

if [ ${#lacking[@]} -gt 0 ]; then
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  command -v apt-get >/dev/null || { echo "not Debian: install ${lacking[*]} first" >&2; exit 1; }
  "${root[@]}" apt-get -qq update
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get -qq install --no-install-recommends "${lacking[@]}" >/dev/null
fi
php --version | head -n 1
cd "$here" && "$python" -m rig.parts
