"""The conformance kit through the block editor: a person's mouse and keyboard in Chromium.

Rules in which no form decides anything differently run through REST, which is what the editor speaks (``tests/wordpress``): they are
skipped here, visibly, unless ``NEWSTAGGER_BROWSER_KIT=all``.
"""

from __future__ import annotations

import os

import pytest
from browserdriver import BrowserCms

from newstagger.testing.conformance import AdapterRules

CHOSEN = frozenset({
    "test_a_save_brings_tags", "test_a_days_work", "test_the_same_text_is_no_work", "test_autosave_disturbs_nobody",
    "test_the_host_is_told_whose_tags", "test_a_decision_has_its_name", "test_a_decision_has_its_editor",
    "test_refused_while_autosaving", "test_refused_through_publishing", "test_refused_after_a_restored_revision",
    "test_refused_with_a_new_bundle", "test_the_last_word_counts", "test_an_added_tag_stays", "test_an_accepted_tag_stays",
    "test_what_the_machine_wrote_is_no_acceptance", "test_a_stale_form_refuses_nothing", "test_a_stale_form_brings_nothing_back",
    "test_a_stale_form_loses_no_persons_tag", "test_a_stale_form_brings_no_persons_tag_back", "test_an_autosave_stays_inside",
    "test_a_scheduled_story_waits", "test_a_killed_story_may_return", "test_a_lost_decision_is_told", "test_labels_are_text",
    "test_copy_is_text", "test_wire_ids_are_text", "test_a_label_with_commas_is_one_tag",
})  # fmt: skip
"""The rules in which a form in a browser may do what a program does not."""
ALL = os.environ.get("NEWSTAGGER_BROWSER_KIT") == "all"


@pytest.fixture
def worth_it(request):
    """Skip a rule that is not chosen, before anything is opened."""
    if not ALL and request.node.originalname not in CHOSEN:
        pytest.skip("runs through REST in tests/wordpress; here with NEWSTAGGER_BROWSER_KIT=all")


class TestBlockEditor(AdapterRules):
    """Sure tags are put on by the save; a person does the rest in the form."""

    @pytest.fixture
    def cms(self, worth_it, window, wordpress, editor):
        cms = BrowserCms(wordpress, editor, window)
        yield cms
        cms.close()


def test_every_chosen_rule_is_one():
    assert [name for name in sorted(CHOSEN) if not hasattr(AdapterRules, name)] == []
