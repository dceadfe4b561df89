/* The suggestion panel in Wagtail's editor, as one Stimulus controller like Wagtail's own w-* ones.
 *
 * A click only changes the form: the tag field, and the decisions in the hidden input. The person's own save (or Wagtail's autosave)
 * carries both to the server, and what the server then says in a fresh fragment is what is shown: a decision that it does not
 * confirm is told as not saved. Nothing here writes HTML out of text, scrolls, or takes the focus from where somebody works.
 */
(() => {
  'use strict';

  const QUIET = 1000; // ms without a key stroke before the panel is redrawn under somebody who types
  const TAGS = 'tagitaftertagadded tagitaftertagremoved change';
  const FIELDS = '[data-controller~="w-tag"]';

  /* A tag as the tag field holds it: quoted where it has a space or a comma. */
  const quoted = (name) => (/[\s,]/.test(name) ? `"${name}"` : name);
  const bare = (name) => name.trim().replace(/^"(.*)"$/s, '$1');

  /* A name as it is compared: case and blanks do not count, nor commas, around which the tag widget loses blanks. */
  const key = (name) => bare(name).replace(/[,\s]+/g, ' ').trim().toLowerCase();

  /* The names in a tag field's value, by key. */
  const namesIn = (value) => {
    const names = (value.match(/"[^"]*"|[^,]+/g) || []).map((name) => bare(name).replace(/,(?=\S)/g, ', '));
    return new Map(names.filter((name) => key(name)).map((name) => [key(name), name]));
  };

  class PanelController extends window.StimulusModule.Controller {
    static targets = ['content', 'decisions', 'row', 'status'];

    static values = { url: String, texts: Object };

    initialize() {
      this.pending = new Map(); // concept -> 'accepted' | 'rejected': clicked here, not known to be saved
      this.sent = new Map(); // what the save that is under way carries
      this.sentTags = new Map(); // and the tags in each field then
      this.lost = new Set(); // concepts whose decision went astray
      this.typed = 0;
      this.turn = 0;
      this.onTags = (event) => {
        if (!event.target.matches(FIELDS)) return;
        queueMicrotask(() => {
          this.square(window.jQuery(event.target)); // after the widget is done with its own books
          this.show();
        });
      };
    }

    connect() {
      const { jQuery } = window;
      // the tag field dresses itself in the same breath: look at it in the next one
      this.starting = requestAnimationFrame(() => {
        this.eachField((name, field) => this.mend(field));
        this.show();
      });
      if (jQuery) jQuery(this.form).on(TAGS, this.onTags);
    }

    disconnect() {
      const { jQuery } = window;
      if (jQuery) jQuery(this.form).off(TAGS, this.onTags);
      cancelAnimationFrame(this.starting);
      clearTimeout(this.timer);
    }

    /* The hidden input as the server wrote it is the ground on which clicks are put; a form that came back with errors brings its own. */
    decisionsTargetConnected(input) {
      if (this.ground !== undefined) return;
      this.ground = input.getAttribute('value') || '';
      try {
        const told = JSON.parse(this.ground);
        ['accepted', 'rejected'].forEach((action) => told[action].forEach((concept) => this.pending.set(concept, action)));
        if (this.pending.size) this.ground = JSON.stringify({ ...told, accepted: [], rejected: [] });
      } catch {
        this.ground = ''; // nothing to stand on: the server will say so
      }
    }

    get form() {
      return this.element.closest('form') || document;
    }

    /* ---- the tag field that a row's tag belongs in ---- */

    tagField(name) {
      const field = this.form.elements?.namedItem(name);
      const dressed = field && window.jQuery && window.jQuery(field).data('uiTagit');
      return dressed ? window.jQuery(field) : null;
    }

    /* The names in a row's tag field, each with its element; null where that field is none of Wagtail's. */
    tagsIn(field) {
      if (!field) return null;
      const labels = field.parent().find('.tagit-choice:not(.removed) .tagit-label').toArray();
      return new Map(labels.map((label) => [key(label.textContent), label.closest('li')]));
    }

    choice(row) {
      return this.tagsIn(this.tagField(row.dataset.field))?.get(key(row.dataset.name));
    }

    putOn(row) {
      const field = this.tagField(row.dataset.field);
      if (field && !this.choice(row)) field.tagit('createTag', quoted(row.dataset.name));
    }

    takeOff(row) {
      const choice = this.choice(row);
      const field = this.tagField(row.dataset.field);
      if (choice) field.tagit('removeTag', choice, false);
      if (choice) this.square(field);
    }

    labels(field) {
      return field.parent().find('.tagit-choice:not(.removed) .tagit-label').toArray().map((label) => label.textContent);
    }

    /* The tag widget cuts its value at every comma, also inside quotes: keep the value what the tags say, whatever was cut. */
    square(field) {
      const value = this.labels(field).join(',');
      if (field.val() !== value) field.val(value);
    }

    /* Put tags together again that the widget cut apart when the form was opened. */
    mend(field) {
      if (!this.labels(field).some((label) => (label.match(/"/g) || []).length % 2)) return;
      const names = namesIn(field[0].defaultValue); // as the server wrote it
      this.moving = true;
      field.parent().find('.tagit-choice').remove();
      field.val('');
      names.forEach((name) => field.tagit('createTag', quoted(name)));
      this.moving = false;
    }

    /* ---- what the person does ---- */

    accept(event) {
      this.decide(event, 'accepted', (row) => this.putOn(row));
    }

    reject(event) {
      this.decide(event, 'rejected', (row) => this.takeOff(row));
    }

    undo(event) {
      this.decide(event, null, (row) => (this.isOn(row) ? this.putOn(row) : this.takeOff(row)));
    }

    decide(event, action, move) {
      const row = event.currentTarget.closest('[data-concept]');
      const { concept, label, name, facet, field } = row.dataset;
      this.lost.delete(concept);
      if (action) this.pending.set(concept, action);
      else this.pending.delete(concept);
      this.moving = true; // the tag field tells of its own changes: it is not the person's hand now
      move(row);
      this.moving = false;
      this.show();
      // the button that was pressed is gone: a keyboard goes on at the one in its place
      row.querySelector('.newstagger__actions button:not([hidden])')?.focus({ preventScroll: true });
      this.say((action ? this.textsValue[action] : this.textsValue.undone).replace('%s', () => label));
      const what = { accepted: 'accept', rejected: 'reject' }[action] || 'undo';
      this.dispatch(what, { prefix: 'newstagger', detail: { concept, label, name, facet, field } });
    }

    typing() {
      this.typed = Date.now();
    }

    /* ---- what is shown ---- */

    isOn(row) {
      return row.dataset.state === 'on' || row.dataset.state === 'applied';
    }

    /* Bring rows and hidden input in line with what was clicked and with what the tag field holds. */
    show() {
      if (this.moving) return;
      const fields = new Map();
      this.rowTargets.forEach((row) => {
        const { field, name, concept } = row.dataset;
        if (!fields.has(field)) fields.set(field, this.tagsIn(this.tagField(field)));
        const tags = fields.get(field);
        this.dress(row, this.stateOf(row, tags ? tags.has(key(name)) : null));
        row.querySelectorAll('[data-when-lost]').forEach((part) => {
          part.hidden = !this.lost.has(concept);
        });
      });
      this.write();
    }

    /* The state of a row; a tag that was since put on or taken off by hand overrules the click before. */
    stateOf(row, held) {
      const { concept, state } = row.dataset;
      const clicked = this.pending.get(concept);
      if (clicked === 'accepted' && held !== false) return 'accepted';
      if (clicked === 'rejected' && !held) return 'pending-rejected';
      this.pending.delete(concept);
      if (held === null || (held && this.isOn(row))) return state;
      if (held) return 'on';
      return this.isOn(row) ? 'off' : state;
    }

    /* Show of a row what belongs to its state: buttons and words name the states that they are for. */
    dress(row, state) {
      row.dataset.now = state;
      row.querySelectorAll('[data-when]').forEach((part) => {
        part.hidden = !part.dataset.when.split(' ').includes(state);
      });
    }

    write() {
      if (!this.hasDecisionsTarget || !this.ground) return;
      const chosen = (action) => [...this.pending].filter(([, is]) => is === action).map(([concept]) => concept).sort();
      const told = { ...JSON.parse(this.ground), accepted: chosen('accepted'), rejected: chosen('rejected') };
      this.decisionsTarget.value = this.pending.size ? JSON.stringify(told) : this.ground;
    }

    say(text) {
      if (this.hasStatusTarget) this.statusTarget.textContent = text;
    }

    /* ---- what the server says ---- */

    saving() {
      this.sent = new Map(this.pending);
      this.sentTags = new Map();
      this.eachField((name, field, shown) => this.sentTags.set(name, new Set(shown.keys())));
    }

    failed() {
      this.sent = new Map();
      if (this.pending.size) this.say(this.textsValue.unsaved);
    }

    saved(event) {
      this.takeOver();
      const { sent } = this;
      this.sent = new Map();
      sent.forEach((action, concept) => {
        if (this.pending.get(concept) === action) this.pending.delete(concept);
        else sent.delete(concept); // decided otherwise since: the next save tells
      });
      // what a reload that was overtaken would have confirmed is confirmed by this one
      this.unconfirmed = new Map([...(this.unconfirmed || []), ...sent]);
      this.reload(event.detail?.response?.pk);
    }

    async reload(page) {
      this.turn += 1;
      const { turn } = this;
      this.element.dataset.busy = '1';
      try {
        const url = page ? this.urlValue.replace(/\/\d+\/$/, `/${page}/`) : this.urlValue;
        const answer = await fetch(url, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const input = fresh.querySelector('[data-newstagger-panel-target="decisions"]');
        if (!answer.ok || !input) throw new Error(`no panel: ${answer.status}`);
        if (turn === this.turn) this.settle(fresh, input.getAttribute('value') || '');
      } catch {
        if (turn === this.turn) this.lose();
      }
    }

    /* Take the fresh ground at once, the rest when nobody is typing: a panel that grows would push the line away.
       Where the server could not look up what stands on the page (blind), the form stays on the ground that it has. */
    settle(fresh, ground) {
      if (ground && !JSON.parse(ground).blind) this.rebase(ground);
      const draw = () => {
        const wait = this.typed + QUIET - Date.now();
        if (wait > 0) this.timer = setTimeout(draw, wait);
        else this.redraw(fresh);
      };
      clearTimeout(this.timer);
      draw();
    }

    /* Put the clicks on new ground without making the form look edited: only a click does that. */
    rebase(ground) {
      this.ground = ground;
      this.knowAs(this.decisionsTarget.name, ground);
      this.decisionsTarget.value = ground;
      this.write();
    }

    /* Tell Wagtail's watch over edits how a field stands that nobody edited. */
    knowAs(field, value, was = null) {
      const unsaved = window.wagtail.app.getControllerForElementAndIdentifier(this.form, 'w-unsaved');
      ['initialFormData', 'previousFormData'].forEach((name) => {
        if (!unsaved || typeof unsaved[name] !== 'string') return;
        const fields = new URLSearchParams(unsaved[name]);
        if (was !== null && fields.get(field) !== was) return;
        fields.set(field, value);
        unsaved[name] = fields.toString();
      });
    }

    /* Call back with each tag field of the form: its name, itself, and its tags. */
    eachField(look) {
      this.form.querySelectorAll(FIELDS).forEach((input) => {
        const field = this.tagField(input.name);
        if (field) look(input.name, field, this.tagsIn(field));
      });
    }

    /* Wagtail writes what the server says of the tags into the field's value, and its tag widget does not look: let it. */
    takeOver() {
      this.moving = true;
      this.eachField((name, field, shown) => this.redress(field, shown, this.sentTags.get(name) || new Set(shown.keys())));
      this.moving = false;
    }

    /* What was put on or taken off while the save was under way stays so. */
    redress(field, shown, sent) {
      const told = field.val();
      const names = namesIn(told);
      const off = [...shown.keys()].filter((name) => sent.has(name) && !names.has(name));
      const on = [...names.keys()].filter((name) => !shown.has(name) && !sent.has(name));
      const touched = shown.size !== sent.size || [...shown.keys()].some((name) => !sent.has(name));
      if (!off.length && !on.length) return;
      this.square(field);
      off.forEach((name) => field.tagit('removeTag', shown.get(name), false));
      on.forEach((name) => field.tagit('createTag', quoted(names.get(name))));
      this.square(field);
      if (!touched) this.knowAs(field.attr('name'), field.val(), told);
    }

    redraw(fresh) {
      const content = this.contentTarget;
      const open = new Set([...content.querySelectorAll('details[open]')].map((part) => part.dataset.key));
      const focus = content.contains(document.activeElement) ? document.activeElement.closest('[data-key]')?.dataset.key : null;
      this.replace(fresh.querySelector('[data-newstagger-panel-target="content"]'));
      content.querySelectorAll('details').forEach((part) => {
        part.open = open.has(part.dataset.key);
      });
      this.confirm();
      this.show();
      if (focus) this.refocus(focus);
      delete this.element.dataset.busy;
      this.dispatch('drawn', { prefix: 'newstagger' });
    }

    /* Put what the server says in place of what stands there; where it can say nothing but why, the rows stay as they were. */
    replace(fresh) {
      const content = this.contentTarget;
      if (fresh.querySelector('[data-concept]') || this.ground === this.valueOf(fresh) || !this.hasRowTarget) {
        const mine = this.decisionsTarget;
        content.replaceChildren(...[...fresh.childNodes].map((part) => document.importNode(part, true)));
        content.querySelector('[data-newstagger-panel-target="decisions"]').replaceWith(mine);
      } else {
        content.querySelectorAll('.newstagger__notice').forEach((notice) => notice.remove());
        this.decisionsTarget.after(...[...fresh.querySelectorAll('.newstagger__notice')].map((part) => document.importNode(part, true)));
      }
    }

    valueOf(fresh) {
      return fresh.querySelector('[data-newstagger-panel-target="decisions"]').getAttribute('value') || '';
    }

    /* A keyboard that stood in the panel stands in the same row again, at the same button if that is still there. */
    refocus(key) {
      const same = this.contentTarget.querySelector(`[data-key="${CSS.escape(key)}"]`);
      const button = same?.hidden ? same.parentElement.querySelector('button:not([hidden])') : same;
      (button?.matches('details') ? button.querySelector('summary') : button)?.focus({ preventScroll: true });
    }

    /* A decision that was sent is done when the server shows it, and not before. */
    confirm() {
      const sent = this.unconfirmed || new Map();
      this.unconfirmed = new Map();
      const states = new Map(this.rowTargets.map((row) => [row.dataset.concept, row.dataset.state]));
      const wanted = { accepted: 'on', rejected: 'rejected' };
      this.lost = new Set([...this.lost].filter((concept) => !['on', 'rejected'].includes(states.get(concept))));
      const missing = [...sent].filter(([concept, action]) => states.get(concept) !== wanted[action]);
      missing.forEach(([concept]) => this.lost.add(concept));
      if (missing.length) this.say(this.textsValue.lost);
      else if (sent.size) this.say(this.textsValue.saved);
    }

    /* The page was saved but nobody told what became of the clicks: say so, and let the person decide again. */
    lose() {
      const sent = this.unconfirmed || new Map();
      this.unconfirmed = new Map();
      sent.forEach((action, concept) => this.lost.add(concept));
      this.show();
      if (sent.size) this.say(this.textsValue.unreachable);
      delete this.element.dataset.busy;
    }
  }

  window.wagtail.app.register('newstagger-panel', PanelController);
})();
