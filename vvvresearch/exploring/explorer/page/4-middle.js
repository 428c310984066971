// The middle of the page: matrix, table of states, agreement of coders, and every other table of the round.

const STATES = ["affirmed", "contradicted", "both", "not_raised", "asked", "not_asked", "not_coded"];
const COUNTS = [...STATES, "persons_affirmed", "persons_contradicted", "persons_both", "persons_asked"];
const FEW = 5;

function numberIn(cell, name, persons) {
  return cell[COUNTS.indexOf(persons ? `persons_${name}` : name)];
}

function select(key, label, value, options, action) {
  return h("label", {}, `${label} `, h("select", { "data-k": key, onchange: (event) => action(event.target.value) }, options.map(([id, shown]) => h("option", { value: id, selected: id === value }, shown))));
}

function tools(page) {
  const { words, state, start } = page;
  const deepest = Math.max(1, ...page.codes.map((one) => one.level));
  return [
    select("s:by", words.by, state.by, start.columns.map((one) => [one.id, one.words]), (by) => page.go({ by, cell: null, right: null })),
    select("s:depth", words.levels, String(state.depth), [...Array.from({ length: Math.min(deepest, 8) }, (_, n) => [String(n + 1), String(n + 1)]), ["0", words.all_levels]], (depth) => page.go({ depth: Number(depth) })),
    select("s:unit", words.count_in, state.unit, [["interviews", words.interviews], ["persons", words.persons]], (unit) => page.go({ unit })),
  ];
}

function matrix(page, answer) {
  if (answer.told) return told(answer.told);
  const { words, state } = page;
  if (!answer.interviews) return told(words.nobody);
  const persons = state.unit === "persons";
  const used = answer.columns.map((column, place) => ({ ...column, place })).filter((column) => column.id === "total" || answer.rows.some((row) => row.cells[column.place] === null || row.cells[column.place][4] > 0));
  used.sort((one, other) => (other.id === "total") - (one.id === "total"));
  const empty = answer.columns.length - used.length + answer.more_columns;
  const most = Math.max(1, ...answer.rows.flatMap((row) => used.map((column) => (row.cells[column.place] ? numberIn(row.cells[column.place], "affirmed", persons) : 0))));
  const open = (row, column, measure) => page.openCell(page.codes[row.code].path, answer.by, column.id, persons ? `persons_${measure}` : measure);
  const one = (row, column) => {
    const cell = row.cells[column.place];
    if (cell === null) return h("td", {}, h("span", { title: words.hidden, class: "soft" }, "×"));
    const [said, against, asked] = ["affirmed", "contradicted", "asked"].map((name) => numberIn(cell, name, persons));
    const few = asked > 0 && asked < FEW;
    const shown = asked ? [String(said), asked !== column.n && h("small", {}, `/${asked}`), against > 0 && h("span", { class: "against" }, ` −${against}`)] : "–";
    const label = `${page.codes[row.code].name}, ${column.words}: ${said} ${words.affirmed}, ${against} ${words.contradicted}, ${asked} ${words.asked}`;
    return h("td", {}, h("button", {
      type: "button", class: few ? "cell few" : "cell", "data-k": `m:${row.code}:${column.id}`, "data-row": row.code, "data-column": used.indexOf(column), "aria-label": label,
      title: `${label}${few ? `\n${words.few}` : ""}`, style: few || !asked ? {} : { "--heat": (said / most).toFixed(3) },
      onclick: (event) => open(row, column, event.shiftKey ? "contradicted" : "affirmed"),
    }, shown));
  };
  return [
    h("div", { class: "scroll" }, h("table", { class: "matrix" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.theme), used.map((column) => h("th", { scope: "col" }, column.words, h("small", {}, ` n=${column.n}`))))),
      body(page, answer.rows, (row) => h("tr", {}, codeHead(page, row.code), used.map((column) => one(row, column)))))),
    pager(page, answer.first, answer.rows.length, answer.all_rows, (first) => page.go({ first }), "l"),
    h("p", { class: "foot" }, empty > 0 && put(words.empty_columns, { n: empty })),
  ];
}

function codeHead(page, number) {
  const code = page.codes[number];
  return h("th", { scope: "row", title: code.path, style: { "--level": Math.max(0, code.level - page.topLevel) } }, code.name);
}

function states(page, answer) {
  if (answer.told) return told(answer.told);
  const { words, state } = page;
  if (!answer.interviews) return told(words.nobody);
  const place = Math.max(0, answer.columns.findIndex((one) => one.id === (state.column || "total")));
  const column = answer.columns[place] || answer.columns[0];
  const choose = h("label", {}, `${answer.by_words} `, h("select", { "data-k": "s:column", onchange: (event) => page.go({ column: event.target.value }) }, answer.columns.map((one) => h("option", { value: one.id, selected: one.id === column.id }, `${one.words} (${one.n})`))));
  const names = state.unit === "persons" ? ["persons_affirmed", "persons_contradicted", "persons_both", "persons_asked"] : STATES;
  return [
    h("p", { class: "foot" }, choose),
    h("div", { class: "scroll" }, h("table", { class: "lines" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.theme), names.map((name) => h("th", { scope: "col" }, words[name.replace("persons_", "")])))),
      body(page, answer.rows, (row) => h("tr", {}, codeHead(page, row.code), names.map((name, number) => {
        const cell = row.cells[place];
        if (cell === null) return h("td", {}, h("span", { title: words.hidden }, "×"));
        const n = cell[COUNTS.indexOf(name)];
        return h("td", {}, h("button", { type: "button", class: "cell", "data-k": `t:${row.code}:${name}`, "data-row": row.code, "data-column": number, "aria-label": `${n} ${words[name.replace("persons_", "")]}: ${page.codes[row.code].name}`, onclick: () => page.openCell(page.codes[row.code].path, answer.by, column.id, name) }, n));
      }))))),
    pager(page, answer.first, answer.rows.length, answer.all_rows, (first) => page.go({ first }), "l"),
  ];
}

function coders(page, answer) {
  if (answer.told) return told(answer.told);
  const { words } = page;
  const shown = (value, name) => (value === null ? "–" : name === "n_units" ? String(value) : value.toLocaleString(page.start.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "negative" }));
  return [
    h("h3", {}, answer.words),
    h("div", { class: "scroll" }, h("table", { class: "lines" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.theme), h("th", { scope: "col" }, words.apart), answer.numbers.map((name) => h("th", { scope: "col" }, words[name])))),
      body(page, answer.rows, (row, number) => {
        const code = page.codes[row.code];
        return h("tr", {}, code ? codeHead(page, row.code) : h("th", { scope: "row" }, words.pooled),
          h("td", {}, h("button", { type: "button", class: "cell", "data-k": `a:${row.code}`, "data-row": number, "data-column": 0, "aria-label": `${row.apart} ${words.apart}: ${code ? code.name : words.pooled}`, onclick: () => page.go({ right: { op: "disagreements", code: code ? code.path : "" } }) }, row.apart)),
          row.numbers.map((value, place) => h("td", {}, shown(value, answer.numbers[place]))));
      }))),
    h("p", { class: "foot" }, answer.note),
  ];
}

function numbers(page, answer) {
  const { words, state, start } = page;
  const groups = [...new Set(start.tables.map((one) => one.group))];
  const choose = h("label", {}, `${words.result} `, h("select", { "data-k": "s:table", onchange: (event) => page.go({ table: event.target.value, first: 0 }) },
    h("option", { value: "", selected: !state.table }, words.choose_table),
    groups.map((group) => h("optgroup", { label: words[`tables_${group}`] }, start.tables.filter((one) => one.group === group).map((one) => h("option", { value: one.id, selected: one.id === state.table }, one.words))))));
  const field = h("input", { type: "search", "data-k": "i:address", placeholder: words.address_hint, "aria-label": words.address, size: 34, onkeydown: (event) => event.key === "Enter" && event.target.value.trim() && page.go({ right: { op: "evidence", address: event.target.value.trim() } }) });
  const offered = () => h("div", { class: "scroll" }, groups.map((group) => [h("h3", {}, words[`tables_${group}`]),
    h("div", { class: "switches" }, start.tables.filter((one) => one.group === group).map((one) => button(`l:${one.id}`, one.words, () => page.go({ table: one.id, first: 0 }))))]));
  return [h("p", { class: "foot tools" }, choose, h("label", {}, `${words.address} `, field)), !answer ? offered() : answer.told ? [h("h3", {}, answer.words), told(answer.told)] : lines(page, answer)];
}

function lines(page, answer) {
  const { words, state } = page;
  return [
    h("h3", {}, answer.words),
    h("div", { class: "scroll" }, h("table", { class: "lines" }, body(page, answer.lines, (line, number) => h("tr", {},
      h("th", { scope: "row" }, line.words),
      line.numbers.map((one, place) => h("td", {}, h("button", { type: "button", class: "cell named", "data-k": `n:${one.address}`, "data-row": number, "data-column": place, title: one.address, onclick: () => page.go({ right: { op: "evidence", id: answer.id, address: one.address } }) }, h("small", {}, `${one.words} `), one.shown))))))),
    pager(page, answer.first, answer.lines.length, answer.amount, (first) => page.go({ first }), "l"),
    h("p", { class: "foot" }, answer.note),
  ];
}

function pager(page, first, shown, all, action, key) {
  if (!first && shown >= all) return null;
  const { words } = page;
  return h("p", { class: "foot" }, put(words.lines_of, { shown: shown ? `${first + 1}–${first + shown}` : "0", all }), " ",
    first > 0 && button(`${key}:back`, words.earlier, () => action(0)), " ",
    first + shown < all && button(`${key}:more`, words.more, () => action(first + shown)));
}

function told(sentence) {
  return h("p", { class: "told", role: "status" }, sentence);
}
