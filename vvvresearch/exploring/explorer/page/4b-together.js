// Codes that stand together: each pair once, the number of a code alone where it meets itself.

function withinTool(page) {
  const { words, state } = page;
  return select("s:within", words.within, state.within, [["document", words.within_document], ["overlap", words.within_overlap]], (within) => page.go({ within }));
}

// Codes by their names, with the one above where two are called the same.
function namesOf(page, rows) {
  const names = rows.map((row) => page.codes[row.code].name);
  return rows.map((row, place) => {
    const above = page.codes[page.codes[row.code].above];
    return names.indexOf(names[place]) === names.lastIndexOf(names[place]) || !above ? names[place] : `${names[place]} (${above.name})`;
  });
}

function openPair(page, one, other) {
  const [a, b] = [one, other].map((number) => page.codes[number].path);
  page.came = page.root.ownerDocument.activeElement?.dataset?.k;
  page.go({ cell: null, right: { op: "pair", a, b, within: page.state.within } });
}

function together(page, answer) {
  if (answer.told) return told(answer.told);
  const { words } = page;
  if (!answer.interviews) return told(words.nobody);
  if (!answer.rows.length) return told(words.nothing_together);
  const most = Math.max(1, ...answer.rows.flatMap((row) => row.cells.slice(0, -1)));
  const names = namesOf(page, answer.rows);
  const cell = (row, line, n, column) => {
    const other = answer.rows[column];
    if (!n) return h("td", {});
    return h("td", {}, h("button", {
      type: "button", class: line === column ? "cell own" : "cell", "data-k": `q:${row.code}:${other.code}`, "data-row": line, "data-column": column,
      "aria-label": line === column ? `${n}: ${names[line]}` : `${n}: ${names[line]} + ${names[column]}`, title: line === column ? page.codes[row.code].path : `${page.codes[row.code].path}\n${page.codes[other.code].path}`,
      style: line === column ? {} : { "--heat": (n / most).toFixed(3) }, onclick: () => openPair(page, row.code, other.code),
    }, n));
  };
  return [
    h("div", { class: "scroll" }, h("table", { class: "matrix together" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.codes), answer.rows.map((row, place) => h("th", { scope: "col", title: page.codes[row.code].path }, h("span", { class: "upright" }, names[place]))))),
      h("tbody", {}, answer.rows.map((row, line) => h("tr", {}, h("th", { scope: "row", title: page.codes[row.code].path }, names[line]), row.cells.map((n, column) => cell(row, line, n, column))))))),
    h("p", { class: "foot" }, answer.more > 0 && put(words.more_codes, { shown: answer.rows.length, n: answer.more }), " ", answer.alone > 0 && put(words.alone, { n: answer.alone })),
  ];
}

function pair(page, answer, asked) {
  const { words } = page;
  return [
    bar(page, [h("b", { class: "value" }, answer.n), " ", answer.words]),
    h("p", { class: "foot" }, `${words.within} ${words[`within_${answer.within}`]} · ${put(words.passages, { n: answer.amount })}`),
    answer.cards.length ? answer.cards.map((one) => card(page, one)) : told(words.no_passages),
    pager(page, answer.first, answer.cards.length, answer.amount, (first) => page.go({ right: { ...asked, first } }), "r"),
  ];
}
