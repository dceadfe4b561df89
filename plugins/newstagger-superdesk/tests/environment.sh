#!/bin/sh
# Makes an environment of its own with superdesk-core 2.5.3, newstagger, this plugin and pytest, and runs nothing.
#
#   tests/environment.sh [FOLDER]        FOLDER: where it is to stand (default: .venv in the plugin's folder)
#   FOLDER/bin/python -m pytest -q -rs   from the plugin's folder: the tests
#
# It wants Python 3.11 (PYTHON=/path/to/python3.11 chooses one) and Debian's redis-server and libmagic1. superdesk-core declares
# older libraries than Python 3.11 takes: tests/superdesk-2.5.3.txt holds versions that work, so pip is told not to look at its list.
set -eu
cd "$(dirname "$0")/.."
venv=${1:-.venv}
python=${PYTHON:-python3.11}
for program in "$python" redis-server; do
  command -v "$program" >/dev/null || { echo "environment.sh: $program is missing (Debian: apt-get install python3.11-venv redis-server libmagic1)" >&2; exit 2; }
done
"$python" -m venv "$venv"
run() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
run 'setuptools<70' wheel
run --no-deps --requirement tests/superdesk-2.5.3.txt
run --no-deps superdesk-core==2.5.3
run --constraint tests/superdesk-2.5.3.txt --editable ../.. hypothesis
run --no-deps --editable .
"$venv/bin/python" -c 'import magic' || { echo "environment.sh: libmagic is missing (Debian: apt-get install libmagic1)" >&2; exit 2; }
