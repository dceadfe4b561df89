/*
 * Puts what was accepted in the newstagger panel into the tag fields of a Django admin form, and takes out what was rejected.
 * A term that a many-to-many does not offer yet is made by the server when the form is saved: the hidden field carries it.
 */
(function () {
  "use strict";

  function widgetOf(tag, field) {
    var form = tag.closest("form");
    return form && field ? form.elements.namedItem(field) : null;
  }

  /* taggit's own syntax: double quotes around a name with a blank or a comma. */
  function split(text) {
    var names = [];
    text.replace(/\s*"([^"]*)"\s*|([^,]+)/g, function (_, quoted, plain) {
      var name = (quoted === undefined ? plain : quoted).trim();
      if (name) names.push(name);
    });
    return names;
  }

  function splitTaggit(text) {
    if (text.indexOf(",") >= 0 || text.indexOf('"') >= 0) return split(text);
    return text.split(/\s+/).filter(Boolean);
  }

  function joinTaggit(names) {
    return names.map(function (name) {
      var plain = name.replace(/"/g, "");
      return /[\s,]/.test(plain) ? '"' + plain + '"' : plain;
    }).join(", ");
  }

  function same(one, other) {
    return one.replace(/,/g, " ").split(/\s+/).join(" ").trim().toLowerCase() === other.replace(/,/g, " ").split(/\s+/).join(" ").trim().toLowerCase();
  }

  function changed(names, name, wanted) {
    var others = names.filter(function (other) { return typeof other !== "string" || !same(other, name); });
    return wanted ? (others.length < names.length ? names : others.concat([name])) : others;
  }

  function setText(widget, kind, name, wanted) {
    if (kind === "list") {
      var list = [];
      try { list = JSON.parse(widget.value || "[]"); } catch (error) { return; }
      if (!Array.isArray(list)) return;
      widget.value = JSON.stringify(changed(list, name, wanted));
    } else if (kind === "taggit") {
      widget.value = joinTaggit(changed(splitTaggit(widget.value), name, wanted));
    } else {
      var plain = name.replace(/,/g, " ").replace(/\s+/g, " ").trim();
      var names = widget.value.split(",").map(function (part) { return part.trim(); }).filter(Boolean);
      widget.value = changed(names, plain, wanted).join(", ");
    }
    widget.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function option(select, name) {
    return Array.prototype.find.call(select.options, function (each) { return same(each.text, name); });
  }

  /* filter_horizontal keeps its two lists in SelectBox. */
  function setBoxes(from, to, name, wanted) {
    var source = wanted ? from : to;
    var target = wanted ? to : from;
    var found = option(source, name);
    if (!found || !window.SelectBox) return;
    Array.prototype.forEach.call(source.options, function (each) { each.selected = each === found; });
    window.SelectBox.move(source.id, target.id);
    if (window.SelectFilter) window.SelectFilter.refresh_icons(from.id.replace(/_from$/, ""));
  }

  function setSelect(select, name, wanted) {
    var found = option(select, name);
    if (!found) return;
    found.selected = wanted;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function set(tag, detail, wanted) {
    var from = document.getElementById("id_" + detail.field + "_from");
    var to = document.getElementById("id_" + detail.field + "_to");
    if (from && to) return setBoxes(from, to, detail.name, wanted);
    var widget = widgetOf(tag, detail.field);
    if (!widget) return;
    if (widget.tagName === "SELECT") setSelect(widget, detail.name, wanted);
    else if ("value" in widget && widget.tagName) setText(widget, detail.kind, detail.name, wanted);
  }

  document.addEventListener("newstagger:accept", function (event) { set(event.target, event.detail, true); });
  document.addEventListener("newstagger:reject", function (event) { set(event.target, event.detail, false); });
  document.addEventListener("newstagger:undo", function (event) { set(event.target, event.detail, event.detail.held); });
})();
