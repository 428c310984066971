// Decisions: a form that proposes, and the list that is reviewed. Who writes is asked once and kept while the page is open.

const KINDS = ["recode", "merge", "stance", "memo"];

function decisions(page, answer, asked) {
  const { words } = page;
  const about = answer.about;
  const draft = page.draft || (page.draft = { kind: "recode", into: "", coder: "", stance: "contradicted", memo: "", why: "", by: "" });
  const chosen = about ? page.codes[about.code].path : draft.code || (page.state.cell && page.state.cell.code) || page.codes[0].path;
  const kinds = about ? KINDS.filter((one) => one !== "merge") : KINDS;
  const kind = kinds.includes(draft.kind) ? draft.kind : kinds[0];
  const keep = (name, again) => (event) => { draft[name] = event.target.value; if (again) page.repaint(); };
  const choose = (name, label, value, options, again) => h("label", {}, h("span", {}, label), h("select", { "data-k": `d:${name}`, onchange: keep(name, again) }, options.map(([id, shown]) => h("option", { value: id, selected: id === value }, shown))));
  const codes = page.codes.map((one) => [one.path, "\u2003".repeat(one.level - 1) + one.name]);
  const into = draft.into && draft.into !== chosen ? draft.into : (page.codes.find((one) => one.path !== chosen) || page.codes[0]).path;
  const write = (name, label, rows) => h("label", {}, h("span", {}, label), h(rows ? "textarea" : "input", { "data-k": `d:${name}`, rows, value: draft[name], oninput: keep(name), maxlength: 1000 }));
  const propose = () => page.tell({ op: "propose", kind, code: kind === "memo" && about ? "" : chosen, into, coder: about || kind === "merge" ? "" : draft.coder, stance: draft.stance, memo: draft.memo, why: draft.why, by: draft.by, passage: about ? about.id : undefined }, () => Object.assign(draft, { why: "", memo: "" }));
  return [
    bar(page, words.decisions),
    h("div", { class: "deciding", role: "group", "aria-label": words.decide },
      h("h4", {}, words.decide),
      about && h("p", { class: "path" }, `${put(words.decide_passage, { coder: about.coder })} ${chosen}`),
      choose("kind", words.decide_kind, kind, kinds.map((one) => [one, words[`kind_${one}`]]), true),
      !about && choose("code", words.decide_all, chosen, codes, true),
      (kind === "recode" || kind === "merge") && choose("into", words.decide_into, into, codes.filter(([path]) => path !== chosen), false),
      kind === "stance" && choose("stance", words.decide_into, draft.stance, ["affirmed", "contradicted"].map((one) => [one, words[one]]), false),
      kind !== "merge" && kind !== "memo" && !about && choose("coder", words.coder, draft.coder, [["", words.decide_every_coder], ...page.start.coders.map((one) => [one, one])], false),
      kind === "memo" && write("memo", words.decide_new_memo, 3),
      write("why", words.decide_why, 2),
      write("by", words.decide_by),
      answer.problem && told(answer.problem),
      button("d:propose", words.decide_propose, propose)),
    h("p", { class: "foot soft" }, words.decide_note),
    answer.lines.length ? answer.lines.map((one) => decision(page, one)) : told(words.decide_none),
  ];
}

function decision(page, one) {
  const { words } = page;
  const review = (what) => page.tell({ op: "review", id: one.id, what, by: page.draft.by, why: page.draft.why });
  const counts = typeof one.changes === "string" ? told(one.changes) : one.changes.length ? h("table", { class: "lines" }, h("tbody", {}, one.changes.map((change) => h("tr", {},
    h("th", { scope: "row", title: change.name }, change.name.split(" > ").pop()),
    change.pairs.filter(([, before, after]) => before !== after).map(([name, before, after]) => h("td", {}, h("small", {}, `${words[name === "codings" ? "decide_codings" : name]} `), `${before} → ${after}`)))))) : one.open.length > 0 && h("p", { class: "soft" }, words.decide_unchanged);
  return h("article", { class: "card", "data-decision": one.id },
    h("header", {}, h("b", {}, one.kind), ` ${one.change} `, h("span", { class: "tag" }, one.state_words)),
    h("p", { class: "path" }, [one.by, one.at.slice(0, 10), one.reviewed_by && `✓ ${one.reviewed_by}`].filter(Boolean).join(" · ")),
    one.why && h("p", {}, one.why),
    counts,
    one.open.length > 0 && h("div", { class: "switches" }, one.open.map((what) => button(`d:${what}:${one.id}`, words[`decide_${what}`], () => review(what)))));
}
