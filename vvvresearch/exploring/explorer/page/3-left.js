// The left of the page: groups, waves, attributes, codes, coders, stances and memos, each with its count under the other filters.

function left(page, counts) {
  const { start, words, state } = page;
  const chosen = (name) => state.filters[name] || [];
  const flip = (name, value, single) => {
    const now = chosen(name);
    const next = now.includes(value) ? now.filter((one) => one !== value) : single ? [value] : [...now, value];
    page.go({ filters: { ...state.filters, [name]: next } });
  };
  const choice = (name, value, label, n, single) =>
    h("li", {}, toggle(`f:${name}:${value}`, [h("span", { class: "label" }, label), h("span", { class: "n" }, n)], chosen(name).includes(value), () => flip(name, value, single), { class: "choice", disabled: !n && !chosen(name).includes(value) }));
  const block = (id, title, list, open) =>
    h("details", { open: open || page.unfolded.has(id), ontoggle: (event) => page.unfolded[event.target.open ? "add" : "delete"](id) }, h("summary", { "data-k": `d:${id}` }, title), h("ul", {}, list));

  const columns = start.columns.map((column, place) =>
    block(column.id, column.words, column.values.map((value) => choice(column.id, value.id, value.words, counts.columns[column.id]?.[value.id] ?? 0)), place < 2 || chosen(column.id).length));
  return [
    ...columns.slice(0, 2),
    block("codes", words.codes, codeTree(page, counts, flip), true),
    ...columns.slice(2),
    start.coders.length > 1 && block("coder", words.coder, start.coders.map((name) => choice("coder", name, name, counts.coder[name] ?? 0)), chosen("coder").length),
    block("stance", words.stance, ["affirmed", "contradicted"].map((name) => choice("stance", name, words[name], counts.stance[name], true)), chosen("stance").length),
    (counts.memo || chosen("memo").length) && block("memo", words.memo, [choice("memo", "true", words.with_memo, counts.memo, true)], chosen("memo").length),
  ];
}

function codeTree(page, counts, flip) {
  const { words, state } = page;
  const touches = state.filters.touches || [];
  const line = (number) => {
    const code = page.codes[number];
    const below = page.below(number);
    const open = page.unfolded.has(`c:${number}`) || touches.some((path) => path.startsWith(code.path + " > ")) || state.under.startsWith(code.path + " > ");
    const fold = below.length > 0 && button(`o:${number}`, open ? "▾" : "▸", () => {
      page.unfolded[open ? "delete" : "add"](`c:${number}`);
      page.folds += 1;
      page.repaint();
    }, { class: "fold", "aria-expanded": open ? "true" : "false", "aria-label": `${code.name}: ${open ? "−" : "+"}` });
    return h("li", {},
      h("div", { class: "code" },
        fold || h("span", { class: "fold" }),
        toggle(`u:${number}`, [h("span", { class: "label" }, code.name), h("span", { class: "n" }, counts.codes[number] ?? 0)], state.under === code.path,
          () => page.go({ under: state.under === code.path ? "" : code.path, view: ["numbers", "coders"].includes(state.view) ? "matrix" : state.view }), { class: "choice", title: `${code.path}\n${words.theme_alone}` }),
        toggle(`t:${number}`, "⊂", touches.includes(code.path), () => flip("touches", code.path), { class: "touch", title: `${words.touches}: ${code.path}`, "aria-label": `⊂ ${words.touches}: ${code.path}` })),
      open && below.length > 0 && h("ul", {}, below.map(line)));
  };
  return page.below(-1).map(line);
}

function chips(page) {
  const { words, state } = page;
  const found = [];
  for (const [name, values] of Object.entries(state.filters))
    for (const value of values) {
      const column = page.start.columns.find((one) => one.id === name);
      const label = column ? column.words : words[name] || name;
      const shown = column ? (column.values.find((one) => one.id === value) || { words: value }).words : name === "stance" ? words[value] : name === "memo" ? "✓" : value;
      found.push(button(`x:${name}:${value}`, `${label}: ${shown} ×`, () => page.go({ filters: { ...state.filters, [name]: values.filter((one) => one !== value) } }), { class: "chip" }));
    }
  if (state.under) found.push(button("x:under", `${words.theme}: ${state.under} ×`, () => page.go({ under: "" }), { class: "chip" }));
  if (found.length > 1) found.push(button("x:all", words.clear, () => page.go({ filters: {}, under: "" }), { class: "chip all" }));
  return found;
}
