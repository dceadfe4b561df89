"""WordPress' block editor in the browser, as a person uses it; nothing here knows newstagger.

Every wait is for something that the editor itself says; nothing sleeps for a fixed time.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

SECONDS = 30
READY = """
const editor = window.wp && wp.data && wp.data.select('core/editor');
const post = editor && editor.getCurrentPostId();
return !!(post && (!arguments[0] || post === arguments[0]) && editor.__unstableIsEditorReady()
  && document.querySelector('.editor-header') && wp.data.select('core').getPostType(editor.getCurrentPostType()));
"""
CALM = """
const editor = wp.data.select('core/editor');
return !editor.isSavingPost() && !editor.isAutosavingPost() && !editor.isSavingNonPostEntityChanges();
"""
DO = "const [what, words] = arguments; return wp.data.dispatch('core/editor')[what](...words).then(() => true);"
SIDEBAR = """
wp.data.dispatch('core/interface').enableComplementaryArea('core', 'edit-post/document');
const editor = wp.data.select('core/editor');
for (const name of arguments[0]) {
  if (!editor.isEditorPanelOpened(name)) wp.data.dispatch('core/editor').toggleEditorPanelOpened(name);
}
"""
BODY = "wp.data.dispatch('core/block-editor').resetBlocks(wp.blocks.parse(arguments[0]))"
PUBLISH = ".editor-post-publish-button__button"
SAVE_DRAFT = ".editor-post-save-draft"


class Editor:
    """The block editor on one post, or on a new one (``post`` 0), perhaps in a tab of its own."""

    PANELS: tuple[str, ...] = ()

    def __init__(self, driver: Any, address: str, post: int, *, tab: bool = False) -> None:
        self.driver, self.address = driver, address
        if tab:
            driver.switch_to.new_window("tab")
        self.handle = driver.current_window_handle
        driver.get(f"{address}/wp-admin/" + (f"post.php?post={post}&action=edit" if post else "post-new.php"))
        self.until(lambda: driver.execute_script(READY, post), "the editor")
        self.post = int(driver.execute_script("return wp.data.select('core/editor').getCurrentPostId()"))
        driver.execute_script(SIDEBAR, list(self.PANELS))

    def front(self) -> None:
        """Bring this tab to the front."""
        if self.driver.current_window_handle != self.handle:
            self.driver.switch_to.window(self.handle)

    def until(self, met: Callable[[], Any], what: str) -> Any:
        """Wait until something is so; fail saying what was waited for."""
        wait = WebDriverWait(self.driver, SECONDS, 0.05, ignored_exceptions=[StaleElementReferenceException])
        try:
            return wait.until(lambda _: met())
        except TimeoutException:
            raise AssertionError(f"waited in vain for {what}") from None

    def find(self, selector: str) -> Any:
        """Return the first element that matches, or None."""
        return next(iter(self.driver.find_elements(By.CSS_SELECTOR, selector)), None)

    # --- the text

    @contextlib.contextmanager
    def canvas(self) -> Iterator[None]:
        """Work inside the frame that the text stands in, where the editor has one."""
        frame = self.find("iframe[name='editor-canvas']")
        if frame is not None:
            self.driver.switch_to.frame(frame)
        try:
            yield
        finally:
            self.driver.switch_to.default_content()

    def type_title(self, text: str) -> None:
        """Type a headline in place of the one that stands there."""
        with self.canvas():
            field = self.driver.find_element(By.CSS_SELECTOR, ".editor-post-title")
            field.click()
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(text)

    def type_end(self, text: str) -> None:
        """Type at the end of the text, with the keyboard; bring the sidebar back to the post, which then shows the block."""
        with self.canvas():
            last = self.driver.find_elements(By.CSS_SELECTOR, ".wp-block-post-content p, .block-editor-block-list__layout p")[-1]
            last.click()
            last.send_keys(Keys.CONTROL, Keys.END)
            self.driver.switch_to.active_element.send_keys(text)
        self.press("[role='tab'][data-tab-id='edit-post/document'], [role='tab'][id$='edit-post/document']")

    def put_body(self, markup: str) -> None:
        """Put blocks in the place of the text, as pasting into the code editor does."""
        self.driver.execute_script(BODY, markup)

    def edited(self, name: str) -> Any:
        """Return an attribute of the post as it stands in the editor."""
        return self.driver.execute_script("return wp.data.select('core/editor').getEditedPostAttribute(arguments[0])", name)

    # --- saves

    def press(self, selector: str) -> None:
        """Press a button when it can be pressed."""
        script = "const e = document.querySelector(arguments[0]); return !!e && e.getAttribute('aria-disabled') !== 'true' && !e.disabled"
        self.until(lambda: self.driver.execute_script(script, selector), f"{selector} to work")
        self.driver.execute_script("document.querySelector(arguments[0]).click()", selector)

    def save(self) -> None:
        """Save what the editor holds, by its button where it has one now: it has none for what was not changed."""
        live = self.edited("status") in ("publish", "future", "private")
        button = PUBLISH if live else SAVE_DRAFT
        found = self.find(button)
        if found is not None and found.get_attribute("aria-disabled") != "true":
            self.press(button)
        else:
            self.do("savePost")
        self.rest()

    def publish(self) -> None:
        """Publish what the editor holds, or update what is live."""
        if self.edited("status") == "publish":
            self.save()
            return
        self.press(".editor-post-publish-panel__toggle, " + PUBLISH)
        self.press(".editor-post-publish-panel__header-publish-button button")
        self.rest()
        self.press(".editor-post-publish-panel__header button")

    def autosave(self) -> None:
        """Let the editor save by itself now what was typed, as it does every minute."""
        if self.driver.execute_script("return wp.data.select('core/editor').isEditedPostAutosaveable()"):
            self.do("autosave")
        self.rest()

    def do(self, what: str, *words: Any) -> None:
        """Let the editor do something by itself."""
        self.driver.execute_script(DO, what, list(words))

    def rest(self) -> None:
        """Wait until nothing is being saved."""
        self.until(lambda: self.driver.execute_script(CALM), "the save")

    # --- what a test wants to know

    def console(self) -> list[str]:
        """Return what went wrong in the browser: errors of scripts, pages that could not be loaded."""
        return [json.dumps(entry["message"]) for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
