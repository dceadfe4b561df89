/*
 * The newstagger panel in any form: what an editor says goes into the hidden field "newstagger", and is told to the page.
 *
 * Events, all bubbling from the tag's list item: newstagger:accept, newstagger:reject and newstagger:undo, with detail
 * {concept, label, name, facet, field, kind, held, before}; `before` is the state that an undo takes back. A script of the CMS
 * listens and puts `name` into, or takes it out of, the tag field `field`. A panel that is put into the page later works too.
 */
(function () {
  "use strict";

  var SAID = { accept: "accepted", reject: "rejected" };

  function answerOf(panel) {
    return panel.querySelector("[data-newstagger-answer]");
  }

  function read(field) {
    try {
      var value = JSON.parse(field.value);
      return value && typeof value === "object" ? value : {};
    } catch (error) {
      return {};
    }
  }

  function say(field, concept, state) {
    var value = read(field);
    ["accepted", "rejected"].forEach(function (list) {
      var others = (Array.isArray(value[list]) ? value[list] : []).filter(function (other) { return other !== concept; });
      value[list] = list === state ? others.concat([concept]) : others;
    });
    field.value = JSON.stringify(value);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function act(button) {
    var tag = button.closest("[data-newstagger-tag]");
    var panel = button.closest("[data-newstagger]");
    var field = panel && answerOf(panel);
    var what = button.dataset.newstaggerDo;
    if (!tag || !field) return;
    var before = tag.dataset.state || "";
    if (tag.dataset.first === undefined) tag.dataset.first = before;
    var state = SAID[what] || "";
    tag.dataset.state = state || tag.dataset.first;
    say(field, tag.dataset.concept, state);
    tell(panel, tag, state);
    tag.dispatchEvent(new CustomEvent("newstagger:" + what, {
      bubbles: true,
      detail: {
        concept: tag.dataset.concept, label: tag.dataset.label, name: tag.dataset.name, facet: tag.dataset.facet,
        field: tag.dataset.field, kind: tag.dataset.kind, held: tag.dataset.held === "yes", before: before
      }
    }));
    var next = tag.querySelector(state ? '[data-newstagger-do="undo"]' : '[data-newstagger-do="accept"], [data-newstagger-do="reject"]');
    if (next && document.activeElement === button) next.focus();
  }

  function tell(panel, tag, state) {
    var live = panel.querySelector("[data-newstagger-live]");
    var words = { accepted: "accepted; it counts once the article is saved", rejected: "rejected; it counts once the article is saved" };
    if (live) live.textContent = tag.dataset.label.slice(0, 80) + ": " + (words[state] || "undone");
  }

  /* A form that came back with errors still knows what was said in it. */
  function show(panel) {
    var field = answerOf(panel);
    var value = field ? read(field) : {};
    panel.classList.add("newstagger-scripted");
    panel.querySelectorAll("[data-newstagger-tag]").forEach(function (tag) {
      ["accepted", "rejected"].forEach(function (state) {
        if (Array.isArray(value[state]) && value[state].indexOf(tag.dataset.concept) >= 0) {
          tag.dataset.first = tag.dataset.state || "";
          tag.dataset.state = state;
        }
      });
    });
  }

  function showAll(root) {
    if (root.matches && root.matches("[data-newstagger]")) show(root);
    if (root.querySelectorAll) root.querySelectorAll("[data-newstagger]").forEach(show);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-newstagger-do]");
    if (button) act(button);
  });

  function start() {
    showAll(document);
    new MutationObserver(function (changes) {
      changes.forEach(function (change) { change.addedNodes.forEach(showAll); });
    }).observe(document.body, { childList: true, subtree: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
