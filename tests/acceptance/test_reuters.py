"""Topics on Reuters-21578 against plain scikit-learn, on the same folds."""

import importlib.util
import sys

import pytest

pytestmark = [pytest.mark.corpus, pytest.mark.slow]


@pytest.fixture(scope="module")
def comparison(corpora, repository):
    spec = importlib.util.spec_from_file_location("bench_reuters", repository / "bench" / "reuters.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.compare(corpora)


def test_it_is_the_whole_benchmark(comparison):
    assert comparison.plain.documents == comparison.ours.documents == 7770
    assert len(comparison.ours.per_label) == len(comparison.plain.per_label) == 90


def test_beats_plain_scikit_learn_on_the_same_folds(comparison):
    assert comparison.ours.micro_f1 >= comparison.plain.micro_f1 + 0.02
    assert comparison.ours.macro_f1 >= comparison.plain.macro_f1 + 0.12
