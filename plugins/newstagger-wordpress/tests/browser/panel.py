"""newstagger's panel in the block editor, as a person uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blockeditor import Editor
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

TAXONOMIES = {"newstagger_topic": "Topics", "newstagger_region": "Regions", "newstagger_actor": "Actors"}
PANEL = ".newstagger-panel"
ROWS = """
return [...document.querySelectorAll(arguments[0])].map((row) => ({
  concept: row.dataset.concept, label: row.querySelector('.newstagger-label').textContent,
}));
"""
CLICK = """
const row = [...document.querySelectorAll('.newstagger-panel [data-concept]')].find((row) => row.dataset.concept === arguments[0]);
const button = row && row.querySelector('.newstagger-' + arguments[1]);
if (button) { button.scrollIntoView({block: 'center'}); button.click(); }
return !!button;
"""
FIELD = """
return [...document.querySelectorAll('.components-form-token-field')].find((field) =>
  field.closest('.components-panel__body').querySelector('h2').textContent === arguments[0]) || null;
"""
IDS = "return wp.data.select('core/editor').getEditedPostAttribute(arguments[0]) || []"
NAME = "const term = wp.data.select('core').getEntityRecord('taxonomy', arguments[0], arguments[1]); return term ? term.name : null"
MARKUP = ":is(img, script, iframe, textarea, b), [data-hostile]"


class PanelEditor(Editor):
    """The block editor with the panel and the fields of the three taxonomies open."""

    PANELS = ("newstagger/newstagger", *(f"taxonomy-panel-{name}" for name in TAXONOMIES))

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        self.until(lambda: self.find(f"{PANEL} .newstagger-lock"), "the panel")

    # --- what it shows

    def rows(self, kind: str) -> Sequence[Mapping[str, str]]:
        """Return the rows that are shown: ``tag`` or ``suggestion``."""
        found: Sequence[Mapping[str, str]] = self.driver.execute_script(ROWS, f"{PANEL} .newstagger-{kind}")
        return found

    @property
    def tags(self) -> frozenset[str]:
        """The labels that the panel shows as put on."""
        return frozenset(row["label"] for row in self.rows("tag"))

    @property
    def offers(self) -> frozenset[str]:
        """The labels that the panel offers."""
        return frozenset(row["label"] for row in self.rows("suggestion"))

    @property
    def notice(self) -> str:
        """What the panel tells in its line, or ''."""
        found = self.find(f"{PANEL} .newstagger-line")
        return "" if found is None else str(found.text)

    @property
    def element(self) -> Any:
        """The panel, scrolled to."""
        found = self.find(PANEL)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'start'})", found)
        return found

    def ids(self, taxonomy: str) -> list[int]:
        """Return the terms that the form holds."""
        return [int(term) for term in self.driver.execute_script(IDS, taxonomy)]

    def living(self) -> int:
        """Return how many elements stand in the sidebar that copy brought in."""
        return len(self.driver.find_elements(By.CSS_SELECTOR, f"{PANEL} {MARKUP}, .components-form-token-field {MARKUP}, [data-hostile]"))

    # --- what a person does

    def press_row(self, label: str, what: str) -> None:
        """Press a button of a row: accept, reject, remove, why."""
        concept = next(row["concept"] for kind in ("tag", "suggestion") for row in self.rows(kind) if row["label"] == label)
        self.until(lambda: self.driver.execute_script(CLICK, concept, what), f"{what} for {label[:40]}")

    def accept(self, label: str) -> None:
        """Accept a suggestion; it moves to the tags."""
        self.press_row(label, "accept")
        self.until(lambda: label in self.tags, f"{label[:40]} to be put into the form")

    def reject(self, label: str) -> None:
        """Reject a suggestion: it goes, or the panel says that this was not stored."""
        before = self.notice
        self.press_row(label, "reject")
        self.until(lambda: label not in self.offers or (self.notice and self.notice != before), f"{label[:40]} to be rejected")

    def add(self, taxonomy: str, name: str) -> None:
        """Type a term into a taxonomy's own field."""
        before = self.ids(taxonomy)
        field = self.until(lambda: self.driver.execute_script(FIELD, TAXONOMIES[taxonomy]), f"the field {taxonomy}")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
        box = field.find_element(By.CSS_SELECTOR, "input")
        box.click()
        box.send_keys(name, Keys.ENTER)
        self.until(lambda: self.ids(taxonomy) != before, f"{name} to be taken")

    def remove(self, taxonomy: str, term: int) -> None:
        """Take a term out of a taxonomy's own field by its cross."""
        name = self.until(lambda: self.driver.execute_script(NAME, taxonomy, term), f"the name of term {term}")
        field = self.until(lambda: self.driver.execute_script(FIELD, TAXONOMIES[taxonomy]), f"the field {taxonomy}")
        script = """
const plain = new DOMParser().parseFromString(arguments[1], 'text/html').documentElement.textContent;
const token = [...arguments[0].querySelectorAll('.components-form-token-field__token')].find(
  (token) => token.querySelector('.components-form-token-field__token-text span[aria-hidden]').textContent === plain);
if (token) token.querySelector('button').click();
return !!token;
"""
        self.until(lambda: self.driver.execute_script(script, field, name), f"the cross of {name[:40]}")
        self.until(lambda: term not in self.ids(taxonomy), f"{name[:40]} to go")

    def why(self, label: str) -> Any:
        """Open the reasons of a row; return the row."""
        self.press_row(label, "why")
        concept = next(row["concept"] for kind in ("tag", "suggestion") for row in self.rows(kind) if row["label"] == label)
        selector = f'{PANEL} [data-concept="{concept}"]'
        self.until(lambda: self.find(f"{selector} .newstagger-reasons"), "the reasons")
        return self.find(selector)
