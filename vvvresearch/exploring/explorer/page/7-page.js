// The page itself: its state, its history, and what is painted when an answer comes.

const IN_SIGHT = 40;
const EMPTY = { filters: {}, view: "matrix", by: "respondent_group", under: "", depth: 2, unit: "interviews", column: "total", table: "", within: "document", of: "links", least: 0, factor: "", first: 0, cell: null, right: null };

class Page {
  constructor(model, element) {
    this.root = h("div", { class: "vvv-explorer", tabindex: "-1", "data-lm-suppress-shortcuts": "true" });
    element.append(this.root);
    this.kernel = asking(model, () => this.silence());
    this.state = EMPTY;
    this.past = [];
    this.future = [];
    this.unfolded = new Set();
    this.folds = 0;
    this.painted = {};
    this.turn = 0;
    const heard = keys(this, this.root);
    for (const name of ["keydown", "keyup", "keypress"]) this.root.addEventListener(name, heard);
    // In a notebook a click outside of fields gives the keyboard to the cells; inside the page it stays here.
    this.root.addEventListener("mousedown", (event) => event.stopPropagation());
    this.root.addEventListener("click", (event) => !this.root.contains(this.root.ownerDocument.activeElement) && this.root.focus({ preventScroll: true }));
    this.shade();
    this.watch = new MutationObserver(() => this.shade());
    this.watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    this.size = new ResizeObserver(() => this.measure());
    this.size.observe(this.root);
    fill(this.root, h("p", { class: "told" }, "…"));
  }

  shade() {
    const lab = document.body.dataset.jpThemeLight;
    const dark = lab === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : lab === "false";
    this.root.dataset.theme = dark ? "dark" : "light";
  }

  measure() {
    const width = this.root.clientWidth;
    this.root.dataset.width = width < 620 ? "phone" : width < 1100 ? "narrow" : "wide";
    if (this.state.view === "map" && this.answers) this.repaint();
  }

  silence() {
    if (!this.start) fill(this.root, h("p", { class: "told", role: "status" }, Object.values(NO_KERNEL).join(" · ")));
    else this.status.textContent = NO_KERNEL[this.start.lang];
  }

  async begin() {
    const [start] = await this.kernel.ask([{ op: "open" }]);
    this.start = start;
    if (start.told) return fill(this.root, told(start.told));
    this.words = start.words;
    this.root.lang = start.lang;
    await this.takeCodes(start);
    this.state = { ...EMPTY, filters: start.filters, view: start.has_interviews ? "matrix" : "numbers" };
    if (start.start && start.start.cell) {
      const cell = start.start.cell;
      this.state = { ...this.state, by: cell.by, cell, right: { op: "cell" }, unit: cell.measure.startsWith("persons_") ? "persons" : "interviews", depth: Math.max(2, cell.code.split(" > ").length) };
    } else if (start.start) this.state = { ...this.state, view: "numbers", right: { op: "evidence", address: start.start.address } };
    this.frame();
    await this.show();
  }

  async takeCodes(start) {
    const listed = [...start.codes];
    while (listed.length < start.all_codes) {
      const [more] = await this.kernel.ask([{ op: "codes", first: listed.length }]);
      if (!more.codes || !more.codes.length) break;
      listed.push(...more.codes);
    }
    this.children = new Map();
    this.codes = [];
    listed.forEach((one, number) => {
      const above = this.codes[one.above];
      this.codes.push({ ...one, level: above ? above.level + 1 : 1, path: above ? `${above.path} > ${one.name}` : one.name });
      const siblings = this.children.get(one.above) || [];
      siblings.push(number);
      this.children.set(one.above, siblings);
    });
  }

  below(number) {
    return this.children.get(number) || [];
  }

  get topLevel() {
    return this.state.under ? this.state.under.split(" > ").length : 1;
  }

  frame() {
    const { words, start } = this;
    this.parts = Object.fromEntries(["chips", "left", "tools", "middle", "right", "code"].map((name) => [name, h("div", { class: name })]));
    this.status = h("span", { class: "status", role: "status", "aria-live": "polite" });
    this.views = h("div", { class: "views", role: "group" });
    const seek = h("input", { type: "search", "data-k": "i:search", placeholder: words.search_hint, "aria-label": words.search, onkeydown: (event) => event.key === "Enter" && event.target.value.trim() && this.go({ right: { op: "search", q: event.target.value.trim() } }) });
    fill(this.root,
      h("header", { class: "top" },
        start.has_interviews && button("b:filters", `☰ ${words.filters}`, () => this.fold(), { class: "filters" }),
        h("h2", {}, start.title),
        start.kind && h("span", { class: "kind" }, start.kind),
        this.views,
        h("div", { class: "seek" },
          button("b:back", "←", () => this.back(), { title: `${words.back} (b)`, "aria-label": words.back }),
          button("b:forward", "→", () => this.forward(), { title: words.forward, "aria-label": words.forward }),
          start.has_interviews && seek,
          button("b:help", "?", () => this.help(), { title: words.help, "aria-label": words.help }))),
      this.parts.chips,
      h("nav", { class: "side", "aria-label": words.filters }, this.parts.left),
      h("main", { class: "main" }, this.parts.tools, this.parts.middle),
      h("aside", { class: "aside", "aria-label": words.evidence }, this.parts.right),
      h("footer", {}, this.status, start.has_interviews && button("b:decisions", words.decisions, () => this.go({ right: { op: "decisions" } }), { title: "d" }), button("b:code", words.copy_code, () => this.copy(this.calls().code), { title: "c" }), button("b:page", words.add_page, () => this.copy(this.calls().page), { title: "p" }), this.parts.code));
    this.measure();
  }

  questions() {
    const { state, start } = this;
    const filters = Object.fromEntries(Object.entries(state.filters).filter(([, values]) => values.length));
    const found = {};
    if (start.has_interviews) found.facets = { op: "facets", filters };
    if (start.has_interviews && (state.view === "matrix" || state.view === "table")) found.view = { op: "matrix", filters, by: state.by, under: state.under, depth: state.depth ? state.depth + this.topLevel - 1 : 0, first: state.first };
    if (state.view === "coders" && start.has_interviews) found.view = { op: "agreement", filters };
    if (state.view === "map" && mapOf(this) === "links") found.view = { op: "map", filters, least: state.least };
    else if (state.view === "together" || state.view === "map") found.view = { op: "together", filters, within: state.within, under: state.under };
    if (state.view === "numbers" && state.table) found.view = { op: "table", id: state.table, first: state.first, filters };
    if (state.right) {
      const own = Object.fromEntries(Object.entries(state.right).filter(([, value]) => value !== undefined));
      found.right = own.op === "cell" ? { ...own, ...state.cell, filters } : own.op === "transcript" ? own : { ...own, filters };
    }
    return found;
  }

  go(change) {
    const next = { ...this.state, ...change };
    next.filters = Object.fromEntries(Object.entries(next.filters).filter(([, values]) => values.length));
    if (!("first" in change) && ["view", "by", "under", "depth", "filters", "table"].some((name) => name in change)) next.first = 0;
    if (same(next, this.state)) return;
    this.past.push(this.state);
    this.future = [];
    this.state = next;
    this.show();
  }

  openCell(code, by, value, measure) {
    this.came = this.root.ownerDocument.activeElement?.dataset?.k;
    this.go({ cell: { code, by, value, measure }, right: { op: "cell" } });
  }

  back() {
    if (!this.past.length) return;
    this.future.push(this.state);
    this.state = this.past.pop();
    this.show();
  }

  forward() {
    if (!this.future.length) return;
    this.past.push(this.state);
    this.state = this.future.pop();
    this.show();
  }

  escape() {
    if (this.unhelp) return this.unhelp();
    if (this.root.dataset.filters === "open") return this.fold();
    if (!this.state.right) return;
    if (this.state.right.op !== "cell" && this.state.cell) this.go({ right: { op: "cell" } });
    else {
      this.go({ right: null, cell: null });
      this.came && this.root.querySelector(`[data-k="${CSS.escape(this.came)}"]`)?.focus();
    }
  }

  fold() {
    this.root.dataset.filters = this.root.dataset.filters === "open" ? "" : "open";
  }

  // Asks for all that the state needs in one message, and paints what has changed.
  async show() {
    const turn = ++this.turn;
    const asked = this.questions();
    const names = Object.keys(asked);
    const begun = performance.now();
    this.status.textContent = this.words.working;
    const found = await this.kernel.ask(names.map((name) => asked[name]));
    if (turn !== this.turn) return;
    this.answers = Object.fromEntries(names.map((name, place) => [name, found[place]]));
    this.asked = asked;
    this.repaint();
    this.root.dataset.took = Math.round(performance.now() - begun);
    const focus = this.parts.right.querySelector("[data-focus]");
    if (focus) focus.scrollIntoView({ block: "center" });
    else if (!same(asked.right, this.before)) this.parts.right.scrollTop = 0;
    this.before = asked.right;
  }

  // Tells the kernel what is to be changed, and shows its answer in the place of what stood there.
  async tell(question, done) {
    const turn = ++this.turn;
    this.status.textContent = this.words.working;
    const answer = await this.kernel.tell(question);
    if (turn !== this.turn) return;
    if (answer.told) answer.problem = answer.told;
    if (!answer.problem && done) done();
    this.answers.right = answer.lines ? { ...answer, op: "decisions" } : { ...this.answers.right, problem: answer.problem };
    this.repaint();
  }

  repaint() {
    const { state, words, answers, asked } = this;
    const active = this.root.ownerDocument.activeElement;
    const held = this.root.contains(active) ? active.dataset?.k || "" : null;
    fill(this.views, VIEWS.map((name, number) => (name === "numbers" || this.start.has_interviews || (name === "map" && this.start.has_map)) && toggle(`v:${name}`, words[name], state.view === name, () => this.go({ view: name }), { title: String(number + 1) })));
    fill(this.parts.chips, chips(this));
    if (answers.facets && this.changed("left", [answers.facets, this.folds, state.filters, state.under])) fill(this.parts.left, answers.facets.told ? told(answers.facets.told) : left(this, answers.facets));
    this.root.dataset.right = answers.right ? "open" : "";
    this.root.dataset.view = state.view;
    if (this.changed("middle", [answers.view, state.view, state.unit, state.column, state.table, state.factor, state.view === "map" && this.parts.middle.clientWidth])) {
      const [above, shown] = { matrix: [tools, matrix], table: [tools, states], together: [withinTool, together], map: [mapTools, map], coders: [null, coders], numbers: [null, numbers] }[state.view];
      // A filter leaves the table where it is scrolled to.
      const shape = JSON.stringify({ ...asked.view, filters: null, view: state.view });
      const scrolled = shape === this.shape ? this.parts.middle.querySelector(".scroll")?.scrollTop || 0 : 0;
      this.shape = shape;
      this.inSight = IN_SIGHT + Math.ceil(scrolled / 20);
      fill(this.parts.tools, above && above(this));
      fill(this.parts.middle, shown(this, answers.view));
      if (scrolled) this.parts.middle.querySelector(".scroll")?.scrollTo(0, scrolled);
    }
    this.mark();
    fill(this.parts.right, answers.right ? right(this, asked.right, answers.right) : h("p", { class: "hint" }, words.nothing_chosen));
    const f = answers.facets;
    this.status.textContent = f && !f.told ? put(words.selected, { n: f.interviews, all: f.all, passages: f.passages }) + (this.start.refused ? ` ${put(words.refused_count, { n: this.start.refused })}` : "") + (this.start.unnoted ? ` ${put(words.unnoted_count, { n: this.start.unnoted })}` : "") : "";
    fill(this.parts.code, h("code", {}, this.calls().code));
    if (held !== null) (this.root.querySelector(`[data-k="${CSS.escape(held)}"]`) || this.root).focus({ preventScroll: true });
  }

  // The cell whose evidence is open.
  mark() {
    const { state } = this;
    this.parts.middle.querySelector(".here")?.classList.remove("here");
    const number = (path) => this.codes.findIndex((one) => one.path === path);
    const pair = state.view === "together" && state.right?.op === "pair" && [number(state.right.a), number(state.right.b)].sort((one, other) => other - one);
    const cell = pair ? `q:${pair.join(":")}` : state.view === "matrix" && state.cell && `m:${number(state.cell.code)}:${state.cell.value}`;
    if (cell) this.parts.middle.querySelector(`[data-k="${CSS.escape(cell)}"]`)?.classList.add("here");
  }

  // Whether a part has to be painted anew; one that shows the same is left as it is.
  changed(part, shown) {
    const before = this.painted[part];
    this.painted[part] = shown;
    return !before || shown.some((one, place) => one !== before[place]);
  }

  calls() {
    const { answers } = this;
    const shown = answers.right && !answers.right.told ? answers.right : answers.view || {};
    return { code: shown.call || shown.code || "", page: answers.right ? (answers.right.page ?? "") : (answers.view || {}).page || "" };
  }

  async copy(line) {
    if (!line) {
      this.status.textContent = this.words.no_page;
      return;
    }
    fill(this.parts.code, h("code", {}, line));
    try {
      await navigator.clipboard.writeText(line);
      this.status.textContent = this.words.copied;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(this.parts.code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      this.status.textContent = this.words.copy_failed;
    }
  }

  help() {
    if (this.unhelp) return this.unhelp();
    // What takes the focus away takes the box away too, and taking it away takes the focus: it goes once.
    this.unhelp = () => {
      this.unhelp = null;
      box.remove();
    };
    const box = h("dialog", { class: "help", tabindex: "-1", "aria-label": this.words.help }, this.words.keys.split("\n").map((line) => h("p", {}, line)), button("h:close", this.words.close, () => this.unhelp()));
    this.root.append(box);
    box.show();
    box.querySelector("button").focus();
    // It lies over what is beside it, so whatever is done elsewhere puts it away; a click counts where it was aimed.
    box.addEventListener("focusout", ({ relatedTarget: next }) => !box.contains(next) && next?.dataset.k !== "b:help" && this.unhelp?.());
  }

  stop() {
    this.kernel.stop();
    this.watch.disconnect();
    this.size.disconnect();
    this.root.remove();
  }
}

export default {
  render({ model, el }) {
    const page = new Page(model, el);
    // The sentence for a notebook without a kernel is not needed while one answers.
    const note = (el.closest(".jp-OutputArea") || document).querySelector(".vvv-explorer-note");
    page.begin().then(() => note && page.start && note.remove());
    return () => page.stop();
  },
};
