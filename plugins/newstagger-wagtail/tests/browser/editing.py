"""An open form in the browser, with its suggestion panel: what an editor does in it and what it shows.

Every wait is for something that the page itself says; nothing sleeps for a fixed time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from selenium.common.exceptions import NoAlertPresentException, StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

SECONDS = 20
READY = """
const form = document.querySelector('form[data-edit-form]');
const unsaved = form && window.wagtail.app.getControllerForElementAndIdentifier(form, 'w-unsaved');
return !!(unsaved && unsaved.initialFormData && document.querySelector('[data-newstagger-row], .newstagger__empty, .newstagger__notice'));
"""
BODY = ", ".join(f"#panel-child-content-{name}-section .public-DraftEditor-content" for name in ("body", "text"))
WRITTEN = """
const inputs = [...document.querySelectorAll('input[type="hidden"]')].filter((input) => input.value.startsWith('{"blocks"'));
return inputs.some((input) => JSON.parse(input.value).blocks.map((block) => block.text).join('\\n') === arguments[0]);
"""
HOLD = "document.querySelector('form[data-edit-form]').setAttribute('data-w-autosave-active-value', arguments[0]);"
CONTROLLERS = """
const form = document.querySelector('form[data-edit-form]');
const unsaved = window.wagtail.app.getControllerForElementAndIdentifier(form, 'w-unsaved');
const saving = window.wagtail.app.getControllerForElementAndIdentifier(form, 'w-autosave');
"""
EDITED = CONTROLLERS + "return unsaved.formData !== unsaved.initialFormData;"
SAVE_NOW = CONTROLLERS + "saving.activeValue = true; saving.save(new Event('test'));"
CLEAN = (
    CONTROLLERS
    + "const busy = document.querySelector('.newstagger').dataset.busy;"
    + "return unsaved.formData === unsaved.initialFormData && !unsaved.hasEditsValue && !saving.submitPromise && !busy;"
)
WATCH = """
if (window.seen) return;
window.seen = {saves: 0, errors: 0, drawn: 0};
document.addEventListener('w-autosave:success', () => { window.seen.saves += 1; });
document.addEventListener('w-autosave:error', () => { window.seen.errors += 1; });
document.addEventListener('newstagger:drawn', () => { window.seen.drawn += 1; });
"""


class Form:
    """An open edit form."""

    def __init__(self, room: Any, page: int) -> None:
        self.room, self.page, self.driver = room, page, room.driver
        self.handle = self.driver.current_window_handle
        self.arrive()

    def arrive(self) -> None:
        """Wait until Wagtail watches for edits, and watch its saves."""
        self.until(lambda: self.driver.execute_script(READY), "the editor")
        self.driver.execute_script(WATCH)

    def front(self) -> Form:
        """Bring this form's tab to the front."""
        self.driver.switch_to.window(self.handle)
        return self

    def until(self, met: Callable[[], Any], what: str) -> Any:
        """Wait until something is so; fail saying what was waited for."""
        wait = WebDriverWait(self.driver, SECONDS, 0.05, ignored_exceptions=[StaleElementReferenceException])
        try:
            return wait.until(lambda _: met())
        except TimeoutException:
            raise AssertionError(f"waited in vain for {what}") from None

    # ---- the text ----

    def type_title(self, text: str) -> None:
        """Type a headline in place of the one that stands there."""
        field = self.driver.find_element(By.ID, "id_title")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)

    def type_body(self, text: str) -> None:
        """Type a body in place of the one that stands there; an empty line begins a new paragraph."""
        editor = self.driver.find_element(
            By.CSS_SELECTOR,
            BODY,
        )
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", editor)
        editor.click()
        editor.send_keys(Keys.CONTROL, "a")
        editor.send_keys(Keys.BACKSPACE)
        lines = text.replace("\n\n", "\n")
        editor.send_keys(lines)
        self.until(lambda: self.driver.execute_script(WRITTEN, lines), "the text to reach the form, which takes Draftail a moment")

    # ---- the keyboard ----

    def focus(self, label: str, what: str) -> None:
        """Put the focus on a button of a row, as Tab does."""
        button = self.row(label).find_element(By.CSS_SELECTOR, f"button[data-action='newstagger-panel#{what}']")
        self.driver.execute_script("arguments[0].focus()", button)

    def focus_why(self, label: str) -> None:
        """Put the focus on the reasons of a row."""
        self.driver.execute_script("arguments[0].focus()", self.row(label).find_element(By.CSS_SELECTOR, "summary"))

    def keys(self, *names: str) -> None:
        """Press keys where the focus is."""
        self.driver.switch_to.active_element.send_keys(*(getattr(Keys, name) for name in names))

    def focused(self) -> str:
        """Return the key of the panel's control that has the focus, or ''."""
        return str(self.driver.execute_script("return document.activeElement.dataset.key || ''"))

    def focused_class(self) -> str:
        """Return the class of what has the focus."""
        return str(self.driver.execute_script("return document.activeElement.className"))

    # ---- saves ----

    def seen(self) -> dict[str, int]:
        """Return how often this form was autosaved, could not be, and how often its panel was drawn anew."""
        found: dict[str, int] = self.driver.execute_script("return window.seen")
        return found

    def autosaved(self, change: Callable[[], Any]) -> None:
        """Change something; wait until Wagtail has saved it by itself, the panel is drawn anew and nothing is left to save."""
        before = self.seen()["saves"]
        change()
        self.until(lambda: self.seen()["saves"] > before and self.clean(), "the autosave")

    def hold_autosave(self, hold: bool = True) -> None:
        """Let Wagtail not save by itself any more, or again."""
        self.driver.execute_script(HOLD, str(not hold).lower())

    @contextmanager
    def autosave_held(self) -> Iterator[None]:
        """Let Wagtail not save by itself inside the block."""
        self.hold_autosave()
        yield
        self.hold_autosave(False)

    def autosave_now(self) -> None:
        """Let Wagtail save by itself now, if there is something to save, and not afterwards."""
        if self.driver.execute_script(EDITED):
            self.autosaved(lambda: self.driver.execute_script(SAVE_NOW))
            self.hold_autosave()

    def settle(self) -> None:
        """Wait until everything is saved and shown."""
        self.until(self.clean, "everything to be saved")

    def wait_checks(self, times: int) -> None:
        """Wait until Wagtail has looked for edits some times more."""
        script = """
const [times, done] = arguments;
let left = times;
const look = unsaved.hasChanges.bind(unsaved);
unsaved.hasChanges = () => { left -= 1; if (!left) { unsaved.hasChanges = look; done(); } return look(); };
"""
        self.driver.execute_async_script(CONTROLLERS + script, times)

    def clean(self) -> bool:
        """True when everything is saved and shown: nothing edited since, no save or reload under way."""
        return bool(self.driver.execute_script(CLEAN))

    def press(self, name: str) -> None:
        """Press a button of the footer: ``action-publish`` or '' for Save draft; wait for the page that it leads to."""
        before = self.driver.find_element(By.TAG_NAME, "html")
        script = (
            "const form = document.querySelector('form[data-edit-form]');"
            "const button = arguments[0] ? document.querySelector(`button[name='${arguments[0]}']`) :"
            " document.querySelector('button.action-save:not([name])');"
            "form.requestSubmit(button);"
        )
        self.driver.execute_script(script, name)
        self.until(lambda: self._gone(before), "the next page")

    def _gone(self, element: Any) -> bool:
        try:
            element.is_enabled()
        except StaleElementReferenceException:
            return bool(self.driver.execute_script("return document.readyState") == "complete")
        return False

    def save(self) -> None:
        """Save the draft and stay."""
        self.press("")
        self.arrive()

    def publish(self) -> None:
        """Publish and open the form again."""
        self.press("action-publish")
        self.driver.get(f"{self.room.address}/admin/pages/{self.page}/edit/")
        self.arrive()

    # ---- the tag field ----

    @property
    def tags(self) -> frozenset[str]:
        """The names in the tag field."""
        found = self.driver.execute_script(
            "return [...document.querySelectorAll('.tagit-choice:not(.removed) .tagit-label')].map((label) => label.textContent)"
        )
        return frozenset(name.strip('"') for name in found)

    def add(self, name: str) -> None:
        """Type a tag of the editor's own."""
        field = self.driver.find_element(By.CSS_SELECTOR, ".tagit-new input")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", field)
        field.send_keys(name, Keys.ENTER)

    def remove(self, name: str) -> None:
        """Take a tag out of the field by its cross."""
        for choice in self.driver.find_elements(By.CSS_SELECTOR, ".tagit-choice"):
            if choice.find_element(By.CSS_SELECTOR, ".tagit-label").text.strip('"') == name:
                self.driver.execute_script("arguments[0].click()", choice.find_element(By.CSS_SELECTOR, ".tagit-close"))
        self.until(lambda: name not in self.tags, f"{name} to go")

    # ---- the panel ----

    @property
    def panel(self) -> Any:
        """The panel's element."""
        return self.driver.find_element(By.CSS_SELECTOR, ".newstagger")

    def rows(self) -> Sequence[dict[str, str]]:
        """Return what the panel knows of each row: concept, label, name, and the state that it shows."""
        found = self.driver.execute_script(
            "return JSON.stringify([...document.querySelectorAll('.newstagger [data-concept]')].map((row) => ({...row.dataset})))"
        )
        rows: Sequence[dict[str, str]] = json.loads(found)
        return rows

    def states(self) -> dict[str, str]:
        """Return the state that each row shows, by its label."""
        return {row["label"]: row["now"] for row in self.rows()}

    @property
    def suggestions(self) -> frozenset[str]:
        """The labels that are offered."""
        return frozenset(label for label, state in self.states().items() if state in ("suggested", "off"))

    def row(self, label: str) -> Any:
        """Return the row with a label."""
        for row in self.driver.find_elements(By.CSS_SELECTOR, ".newstagger [data-concept]"):
            if row.get_attribute("data-label") == label:
                return row
        raise AssertionError(f"no row {label[:60]!r}: {sorted(self.states())}")

    def click(self, label: str, what: str) -> None:
        """Press accept, reject or undo in a row, as a mouse does."""
        button = self.row(label).find_element(By.CSS_SELECTOR, f"button[data-action='newstagger-panel#{what}']:not([hidden])")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
        button.click()

    def accept(self, label: str) -> None:
        """Say yes to a suggestion."""
        self.click(label, "accept")

    def reject(self, label: str) -> None:
        """Say no to a suggestion."""
        self.click(label, "reject")

    def undo(self, label: str) -> None:
        """Take a click back."""
        self.click(label, "undo")

    def notices(self) -> str:
        """Return the lines above the suggestions."""
        found = self.driver.find_elements(By.CSS_SELECTOR, ".newstagger__notice")
        return "\n".join(" ".join(notice.text.split()) for notice in found)

    def status(self) -> str:
        """Return what the panel says aloud."""
        return str(self.driver.find_element(By.CSS_SELECTOR, ".newstagger__status").text)

    def section(self) -> Any:
        """The panel with its heading, brought into view."""
        found = self.panel.find_element(By.XPATH, "ancestor::section[1]")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'start', behavior: 'instant'})", found)
        return found

    def row_elements(self) -> Sequence[Any]:
        """Return every row."""
        return list(self.driver.find_elements(By.CSS_SELECTOR, ".newstagger [data-concept]"))

    def lost(self) -> frozenset[str]:
        """Return the labels of rows that say that a decision was not saved."""
        found = [row for row in self.row_elements() if row.find_elements(By.CSS_SELECTOR, "[data-when-lost]:not([hidden])")]
        return frozenset(str(row.get_attribute("data-label")) for row in found)

    def open_why(self, label: str) -> None:
        """Open a row's reasons, as a mouse does."""
        summary = self.row(label).find_element(By.CSS_SELECTOR, "summary")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", summary)
        summary.click()

    def open_every_why(self) -> None:
        """Open everything that can be opened."""
        self.driver.execute_script("document.querySelectorAll('.newstagger details').forEach((part) => { part.open = true; })")

    def open_reasons(self) -> str:
        """Return the text of what is open."""
        return "\n".join(part.text for part in self.driver.find_elements(By.CSS_SELECTOR, ".newstagger details[open]"))

    def marked(self) -> list[str]:
        """Return the marked passages in what is open."""
        return [part.text for part in self.driver.find_elements(By.CSS_SELECTOR, ".newstagger details[open] mark")]

    def foreign_elements(self) -> int:
        """Return how many elements stand in the panel, or in the tag field, that copy brought in."""
        foreign = ".newstagger :is(img, script, iframe, b, textarea), .tagit :is(img, script), [data-hostile]"
        return len(self.driver.find_elements(By.CSS_SELECTOR, foreign))

    def inline_scripts(self) -> int:
        """Return how many handlers or scripts the panel holds."""
        script = (
            "return [...document.querySelectorAll('.newstagger, .newstagger *')].filter((part) =>"
            " part.tagName === 'SCRIPT' || part.hasAttribute('style') || [...part.attributes].some((a) => a.name.startsWith('on'))).length"
        )
        return int(self.driver.execute_script(script))

    def dialogs(self) -> int:
        """Return 1 while a dialog of a script is open."""
        try:
            self.driver.switch_to.alert.dismiss()
        except NoAlertPresentException:
            return 0
        return 1

    def marker(self) -> Any:
        """Return what a script that should never have run would have left behind."""
        return self.driver.execute_script("return window.pwned || null")

    def console(self) -> Sequence[str]:
        """Return what went wrong in the browser: errors of scripts, pages that could not be loaded."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
