// The right of the page: the cell whole, its passages, a transcript, hits of a search, and what stands behind any other number.

function right(page, asked, answer) {
  if (answer.told && !answer.turns) return [bar(page, answer.words || ""), told(answer.told)];
  const shown = { cell, pair, disagreements, transcript, search, evidence, decisions }[asked.op];
  return shown(page, answer, asked);
}

function bar(page, title) {
  const { words } = page;
  return h("div", { class: "bar" }, page.past.length > 0 && button("r:back", "←", () => page.back(), { "aria-label": words.back, title: `${words.back} (b)` }), h("h3", {}, title), button("r:close", "×", () => page.go({ right: null, cell: null }), { class: "close", "aria-label": words.close, title: `${words.close} (Esc)` }));
}

function switches(page, all, here, action) {
  return h("div", { class: "switches", role: "group" }, all.map((one) => toggle(`w:${one.id}`, `${one.words} ${one.n ?? ""}`, one.id === here, () => action(one.id), { disabled: one.opens === false || one.n === 0 })));
}

function cell(page, answer, asked) {
  const { words, state } = page;
  const persons = answer.measure.startsWith("persons_");
  const here = answer.measure.replace("persons_", "");
  const all = STATES.map((name) => ({ id: name, words: words[name], n: answer.whole[name] }));
  const counted = put(persons ? words.persons_of : words.interviews_of, { n: persons ? answer.persons : answer.interviews });
  const silent = !["affirmed", "contradicted", "both"].includes(here);
  return [
    bar(page, answer.words),
    switches(page, all, here, (name) => page.go({ cell: { ...state.cell, measure: name }, right: { op: "cell", first: 0 } })),
    h("p", { class: "foot" }, counted, !silent && ` · ${put(words.passages, { n: answer.amount })}`),
    answer.cards.length ? answer.cards.map((one) => (one.silent ? silentCard(page, one) : card(page, one))) : told(words.no_passages),
    pager(page, answer.first, answer.cards.length, answer.amount, (first) => page.go({ right: { ...asked, first } }), "r"),
  ];
}

function disagreements(page, answer, asked) {
  const { words } = page;
  return [
    bar(page, `${words.apart}${answer.words ? `: ${answer.words}` : ""}`),
    answer.cards.length ? answer.cards.map((one) => card(page, one)) : told(words.no_passages),
    pager(page, answer.first, answer.cards.length, answer.amount, (first) => page.go({ right: { ...asked, first } }), "r"),
  ];
}

function who(page, one) {
  const { words } = page;
  return [one.interview, one.pair, one.group, one.wave && `${words.wave} ${one.wave}`, one.interpreter && words.interpreter].filter(Boolean).join(" · ");
}

function silentCard(page, one) {
  return h("article", { class: "card silent" }, button(`p:${one.interview}`, who(page, one), () => page.go({ right: { op: "transcript", interview: one.interview } }), { class: "open", title: page.words.open_transcript }));
}

function spans(segs, page, focus) {
  return segs.map((one) => {
    if (one.cut) return h("i", { class: "soft" }, ` ${put(page.words.text_cut, { n: one.cut })}`);
    if (!one.on) return one.t;
    const hit = one.on.includes(-1);
    const own = one.on.some((id) => id >= 0);
    return h(hit ? "mark" : "span", { class: own ? (one.on.includes(focus) ? "coded focus" : "coded") : null }, one.t);
  });
}

function said(page, turn, kind, focus) {
  return turn && h("p", { class: kind }, turn.speaker && h("b", {}, `${turn.speaker}: `), spans(turn.segs, page, focus));
}

// Codes as small tags: the same one by several coders is one tag that says how many.
function tags(page, codings) {
  const found = new Map();
  for (const one of codings) {
    const key = `${one.code}:${one.against}`;
    found.set(key, [...(found.get(key) || []), one]);
  }
  return [...found.values()].map((all) => {
    const [one] = all;
    const code = page.codes[one.code];
    const by = [...new Set(all.map((other) => page.start.coders[other.coder]))];
    return h("span", { class: `tag${one.against ? " against" : ""}`, title: `${code ? code.path : ""}\n${by.join(", ")}${one.against ? `\n${page.words.contradicted}` : ""}` }, one.against ? "− " : "", code ? code.name : "?", by.length > 1 && ` ·${by.length}`);
  });
}

function card(page, one) {
  const { words } = page;
  const code = page.codes[one.code];
  const open = () => page.go({ right: { op: "transcript", interview: one.interview, at: one.id } });
  const place = one.of ? put(words.turn_of, { n: one.turn + 1, of: one.of }) : "";
  const words_of = one.body ? [said(page, one.before, "soft"), one.body.map((turn) => said(page, turn, "said", one.id)), said(page, one.after, "soft")]
    : one.quotable ? h("p", { class: "said" }, one.words || words.no_place)
    : h("p", { class: "told" }, words.refused_passage, " ", one.length > 0 && put(words.place_only, { n: one.length }));
  const memos = [...new Set(one.hits.map((hit) => hit.memo).filter(Boolean))];
  return h("article", { class: one.against ? "card against" : "card" },
    h("header", {}, button(`p:${one.id}`, who(page, one), open, { class: "open", title: words.open_transcript }), " ", h("small", { class: "soft" }, place)),
    h("p", { class: "path" }, one.against ? "− " : "", code ? code.path : "", one.missing_with && h("b", {}, ` · ${words.missing_with} ${one.missing_with}`)),
    h("div", { class: "quote", onclick: open }, words_of),
    lanesOf(page, one.lanes),
    memos.map((memo) => h("p", { class: "memo" }, h("b", {}, `${words.memo}: `), memo)),
    button(`d:about:${one.id}`, words.decide, () => page.go({ right: { op: "decisions", passage: one.id } }), { class: "decide" }));
}

function lanesOf(page, lanes) {
  if (!lanes || lanes.length < 2) return lanes && lanes[0] && h("p", { class: "lane" }, tags(page, lanes[0].codings));
  const { words } = page;
  return h("div", { class: "lanes" }, lanes.map((lane) => h("div", { class: "lane" }, h("b", {}, lane.coder), " ",
    !lane.read ? h("i", { class: "soft" }, words.not_read) : lane.codings.length ? tags(page, lane.codings) : h("i", {}, words.no_code))));
}

function transcript(page, answer, asked) {
  const { words } = page;
  const at = (turn) => page.go({ right: { ...asked, turn, at: undefined } });
  const last = answer.first + answer.turns.length;
  return [
    bar(page, who(page, answer)),
    answer.told ? told(answer.told) : [
      h("p", { class: "foot" }, put(words.turn_of, { n: `${answer.first + 1}–${last}`, of: answer.of }), " ", answer.first > 0 && button("r:earlier", words.earlier, () => at(Math.max(0, answer.first - 40)))),
      h("div", { class: "transcript" }, answer.turns.map((turn) => h("div", { class: "turn", "data-turn": turn.n, "data-focus": (asked.at !== undefined && turn.segs.some((one) => (one.on || []).includes(asked.at))) || (asked.q && turn.segs.some((one) => (one.on || []).includes(-1))) },
        h("div", { class: "said" }, turn.speaker && h("b", {}, `${turn.speaker}: `), spans(turn.segs, page, asked.at)),
        h("div", { class: "margin" }, tags(page, turn.codings), [...new Set(turn.codings.map((one) => one.memo).filter(Boolean))].map((memo) => h("p", { class: "memo" }, memo)))))),
      last < answer.of && h("p", { class: "foot" }, button("r:later", words.later, () => at(last))),
    ],
  ];
}

function search(page, answer, asked) {
  const { words, state } = page;
  const silent = put(words.not_searched, { refused: answer.refused, without_text: answer.without_text });
  return [
    bar(page, `„${answer.q}“`),
    h("p", { class: "foot" }, put(words.hits_of, { hits: answer.hits, interviews: answer.interviews, searched: answer.searched }), " ", (answer.refused > 0 || answer.without_text > 0) && silent, " ",
      answer.hits > 0 && button("r:mentions", words.only_mentions, () => page.go({ filters: { ...state.filters, mentions: [answer.q] } }))),
    answer.hits ? answer.items.map((one, number) => h("article", { class: "card" },
      h("header", {}, button(`p:${answer.first + number}`, who(page, one), () => page.go({ right: { op: "transcript", interview: one.interview, turn: Math.max(0, one.turn - 4), q: answer.q } }), { class: "open", title: words.open_transcript })),
      h("div", { class: "quote", onclick: () => page.go({ right: { op: "transcript", interview: one.interview, turn: Math.max(0, one.turn - 4), q: answer.q } }) }, h("p", { class: "said" }, one.speaker && h("b", {}, `${one.speaker}: `), one.before && "…", spans(one.segs, page), one.after && "…")),
      h("p", { class: "lane" }, tags(page, one.codings)))) : told(words.no_hits),
    pager(page, answer.first, answer.items.length, answer.hits, (first) => page.go({ right: { ...asked, first } }), "r"),
  ];
}

function evidence(page, answer, asked) {
  const at = (name) => page.go({ right: { ...asked, state: name === answer.state ? "" : name, first: 0 } });
  const place = (name) => answer.columns.findIndex((one) => one.id === name);
  const passage = (row) => {
    const value = (name) => (place(name) < 0 ? "" : row[place(name)]);
    const shown = ["interview", "case", "speaker", "respondent_group", "wave", "stance", "coder"].map(value).filter(Boolean).join(" · ");
    const open = () => value("interview") && page.start.has_interviews && page.go({ right: { op: "transcript", interview: value("interview") } });
    return h("article", { class: value("stance") === "contradicted" ? "card against" : "card" },
      h("header", {}, button(`p:${value("interview")}`, shown || "–", open, { class: "open" })),
      h("p", { class: "path" }, value("code_path")),
      value("quotable") ? h("div", { class: "quote", onclick: open }, h("p", { class: "soft" }, value("before")), h("p", { class: "said" }, h("span", { class: "coded focus" }, value("text"))), h("p", { class: "soft" }, value("after")))
        : h("p", { class: "told" }, page.words.refused_passage),
      [value("coders"), value("other_codes")].filter(Boolean).map((one) => h("p", { class: "lane soft" }, one)),
      value("memo") && h("p", { class: "memo" }, value("memo")));
  };
  // What somebody says of a link: who, of which case, which way it works, in which words.
  const groups = page.start.columns.find((one) => one.id === "respondent_group")?.values || [];
  const said_of = (row) => {
    const value = (name) => (place(name) < 0 ? "" : row[place(name)]);
    const group = groups.find((one) => one.id === value("perspective"))?.words || value("perspective");
    const shown = [value("informant"), value("case"), group, value("wave") && `${page.words.wave} ${value("wave")}`].filter(Boolean).join(" · ");
    const source = value("source") && page.start.has_interviews;
    const open = () => page.go({ right: { op: "transcript", interview: value("source") } });
    return h("article", { class: value("direction") === "hinders" ? "card against" : "card" },
      h("header", {}, source ? button(`p:${value("source")}`, shown, open, { class: "open", title: page.words.open_transcript }) : shown),
      h("p", { class: "path" }, asked.title ? "" : `${value("cause")} → ${value("effect")}: `, page.words[value("direction")] || value("direction")),
      value("quote") ? h("div", { class: "quote" }, h("p", { class: "said" }, value("quote"))) : place("quotable") >= 0 && !value("quotable") && h("p", { class: "told" }, page.words.refused_passage));
  };
  const interviewAt = place("interview");
  return [
    bar(page, [answer.shown && h("b", { class: "value" }, answer.shown), " ", asked.title || answer.words]),
    h("p", { class: "foot" }, answer.base, " ", h("code", {}, answer.address)),
    switches(page, answer.states, answer.state, at),
    !answer.rows.length ? told(page.words.no_passages) : answer.passages ? answer.rows.map(passage) : place("quote") >= 0 && place("cause") >= 0 ? answer.rows.map(said_of)
      : h("div", { class: "scroll" }, h("table", { class: "lines rows" },
        h("thead", {}, h("tr", {}, answer.columns.map((one) => h("th", { scope: "col" }, one.words)))),
        body(page, answer.rows, (row) => h("tr", {}, row.map((value, number) => h("td", {}, number === interviewAt && value !== "" && page.start.has_interviews
          ? button(`p:${value}`, value, () => page.go({ right: { op: "transcript", interview: String(value) } }), { class: "open" }) : value === true ? "✓" : value === false ? "–" : value)))))),
    pager(page, answer.first, answer.rows.length, answer.amount, (first) => page.go({ right: { ...asked, first } }), "r"),
    answer.note && h("p", { class: "foot soft" }, answer.note),
  ];
}
