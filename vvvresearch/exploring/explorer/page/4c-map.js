// Maps: what leads to what by the informants of the mappings, and which codes meet. Below each stands the same as lines, for the keyboard.

const FACTOR = { height: 46, least: 100, most: 150, between: 30 };
const MOST_PAIRS = 40;

function drawn(tag, given, ...children) {
  return built(document.createElementNS("http://www.w3.org/2000/svg", tag), given, children);
}

function mapTools(page) {
  const { words, state, start } = page;
  const both = start.has_map && start.has_interviews;
  return [
    both && select("s:of", words.shown, state.of, [["links", words.links], ["codes", words.together]], (of) => page.go({ of, factor: "", right: null })),
    mapOf(page) === "codes" ? withinTool(page)
      : page.answers.view && page.answers.view.best > 1 && select("s:least", words.least, String(state.least), [["0", "–"], ...Array.from({ length: Math.min(page.answers.view.best, 12) }, (_, n) => [String(n + 1), String(n + 1)])], (least) => page.go({ least: Number(least) })),
  ];
}

function mapOf(page) {
  return page.start.has_map && (page.state.of === "links" || !page.start.has_interviews) ? "links" : "codes";
}

function map(page, answer) {
  if (answer.told) return told(answer.told);
  return mapOf(page) === "links" ? linksMap(page, answer) : codesMap(page, answer);
}

function direction(edge) {
  return edge.promotes && edge.hinders ? "disagree" : edge.hinders ? "hinders" : "promotes";
}

// How wide a line is: in proportion to who says it, with a thinnest one that can still be seen.
function thickness(n, most) {
  return 1 + (5 * (n - 1)) / Math.max(1, most - 1);
}

function linksMap(page, answer) {
  const { words, state } = page;
  const width = Math.max(page.parts.middle.clientWidth - 24, answer.layers * (FACTOR.least + FACTOR.between) - FACTOR.between);
  const box = Math.min(FACTOR.most, Math.max(FACTOR.least, width / answer.layers - FACTOR.between));
  const across = answer.layers > 1 ? (width - box) / (answer.layers - 1) : 0;
  const x = (layer) => (answer.layers > 1 ? layer * across : (width - box) / 2);
  const y = (height) => (answer.total - height) * FACTOR.height + 4;
  const high = answer.total * FACTOR.height + 8;
  const most = Math.max(1, ...answer.edges.map((one) => one.informants));
  const chosen = answer.nodes.findIndex((one) => one.words === state.factor);
  const near = (edge) => chosen < 0 || edge.from === chosen || edge.to === chosen;
  const name = (edge) => `${answer.nodes[edge.from].words} → ${answer.nodes[edge.to].words}`;
  const say = (edge) => `${name(edge)}: ${words[direction(edge)]}, ${edge.informants} ${words.informants}, ${edge.citations} ${words.citations}`;
  const open = (edge) => page.go({ right: { op: "evidence", id: "causal_map", address: edge.address, title: name(edge) } });
  const course = (edge) => {
    const [from, to] = [answer.nodes[edge.from], answer.nodes[edge.to]];
    const back = to.layer < from.layer;
    const level = to.layer === from.layer;
    const begin = [x(from.layer) + (back ? 0 : box), y(from.height)];
    const end = [x(to.layer) + (back || level ? box : 0), y(to.height)];
    const points = [begin, ...edge.by.map(([layer, height]) => [x(layer) + box / 2, y(height)]), end];
    const bend = back ? -1 : 1;
    return points.slice(1).reduce((path, point, number) => {
      const before = points[number];
      const far = level ? 30 : Math.max(14, Math.abs(point[0] - before[0]) / 2);
      const into = level ? point[0] + far : point[0] - bend * far;
      return `${path} C ${before[0] + bend * far} ${before[1]}, ${into} ${point[1]}, ${point[0]} ${point[1]}`;
    }, `M ${begin[0]} ${begin[1]}`);
  };
  const mark = `v${Math.random().toString(36).slice(2)}`;
  const heads = ["promotes", "hinders", "disagree"].map((kind) => drawn("marker", { id: `${mark}-${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse", class: kind }, drawn("path", { d: "M 0 0 L 8 4 L 0 8 z" })));
  const lines = answer.edges.filter((edge) => edge.from !== edge.to).map((edge) => drawn("g", { class: `edge ${direction(edge)}${near(edge) ? "" : " far"}`, onclick: () => open(edge) },
    drawn("title", {}, say(edge)), drawn("path", { d: course(edge), class: "wide" }), drawn("path", { d: course(edge), "stroke-width": thickness(edge.informants, most), "marker-end": `url(#${mark}-${direction(edge)})` })));
  const factors = answer.nodes.map((one, number) => button(`g:${number}`, [one.words, h("small", {}, ` ${one.n}`)], () => page.go({ factor: state.factor === one.words ? "" : one.words }), {
    class: "factor", "aria-pressed": number === chosen ? "true" : "false", title: `${one.words}: ${one.n} ${words.informants}\n${put(words.of_factor, { factor: one.words })}`, "data-row": "map", "data-column": number,
    style: { left: `${x(one.layer)}px`, top: `${y(one.height) - FACTOR.height / 2}px`, width: `${box}px`, height: `${FACTOR.height}px` },
  }));
  const told_of = answer.edges.filter(near);
  return [
    h("div", { class: "scroll" },
      h("div", { class: "map", style: { width: `${width}px`, height: `${high}px` } }, drawn("svg", { width, height: high, viewBox: `0 0 ${width} ${high}`, "aria-hidden": "true" }, drawn("defs", {}, heads), lines), factors),
      h("p", { class: "foot key" }, ["promotes", "hinders", "disagree"].filter((kind) => answer.edges.some((edge) => direction(edge) === kind)).map((kind) => h("span", { class: kind }, h("i", {}), words[kind])), put(words.links_of, { shown: told_of.length, all: answer.all })),
      h("table", { class: "lines" },
        h("thead", {}, h("tr", {}, [words.link, words.informants, words.citations, words.promotes, words.hinders].map((one) => h("th", { scope: "col" }, one)))),
        h("tbody", {}, told_of.map((edge, line) => h("tr", {}, h("th", { scope: "row" }, name(edge)),
          ["informants", "citations", "promotes", "hinders"].map((name, column) => h("td", {}, column ? edge[name] : h("button", { type: "button", class: "cell", "data-k": `e:${edge.address}`, "data-row": line, "data-column": 0, "aria-label": say(edge), onclick: () => open(edge) }, edge[name]))))))),
      h("p", { class: "foot" }, answer.note)),
  ];
}

// Codes in a circle, each pair that meets joined by a line as wide as they meet often; the pairs that meet most.
function codesMap(page, answer) {
  const { words } = page;
  if (!answer.interviews) return told(words.nobody);
  if (!answer.rows.length) return told(words.nothing_together);
  const pairs = answer.rows.flatMap((row, one) => row.cells.slice(0, -1).map((n, other) => ({ one, other, n }))).filter((pair) => pair.n > 0).sort((a, b) => b.n - a.n);
  const shown = pairs.slice(0, MOST_PAIRS);
  const most = Math.max(1, ...shown.map((pair) => pair.n));
  const largest = Math.max(1, ...answer.rows.map((row) => row.cells[row.cells.length - 1]));
  const [middle, radius] = [370, 160];
  const angle = (number) => (2 * Math.PI * number) / answer.rows.length - Math.PI / 2;
  const at = (number, far) => [middle + far * Math.cos(angle(number)), middle + far * Math.sin(angle(number))];
  const names = namesOf(page, answer.rows);
  const say = (pair) => `${names[pair.one]} + ${names[pair.other]}: ${pair.n}`;
  const lines = [...shown].reverse().map((pair) => {
    const [[x1, y1], [x2, y2]] = [at(pair.one, radius), at(pair.other, radius)];
    const path = `M ${x1} ${y1} Q ${middle} ${middle}, ${x2} ${y2}`;
    return drawn("g", { class: "edge meets", onclick: () => openPair(page, answer.rows[pair.one].code, answer.rows[pair.other].code) }, drawn("title", {}, say(pair)), drawn("path", { d: path, class: "wide" }), drawn("path", { d: path, "stroke-width": 1 + (7 * pair.n) / most }));
  });
  const nodes = answer.rows.map((row, number) => {
    const n = row.cells[row.cells.length - 1];
    const code = page.codes[row.code];
    const [x, y] = at(number, radius);
    const right = Math.cos(angle(number)) >= -1e-9;
    const turned = (angle(number) * 180) / Math.PI + (right ? 0 : 180);
    const [tx, ty] = at(number, radius + 16);
    return drawn("g", { class: "node", onclick: () => openPair(page, row.code, row.code) }, drawn("title", {}, `${code.path}: ${n}`), drawn("circle", { cx: x, cy: y, r: 4 + 7 * Math.sqrt(n / largest) }),
      drawn("text", { x: tx, y: ty, "text-anchor": right ? "start" : "end", "dominant-baseline": "middle", transform: `rotate(${turned} ${tx} ${ty})` }, `${names[number].length > 26 ? `${names[number].slice(0, 25)}…` : names[number]} ${n}`));
  });
  return [
    h("div", { class: "scroll" },
      drawn("svg", { class: "circle", viewBox: `0 0 ${2 * middle} ${2 * middle}`, role: "img", "aria-label": words.map }, lines, nodes),
      h("table", { class: "lines" }, h("tbody", {}, shown.map((pair, line) => h("tr", {}, h("th", { scope: "row" }, `${names[pair.one]} + ${names[pair.other]}`),
        h("td", {}, h("button", { type: "button", class: "cell", "data-k": `e:${pair.one}:${pair.other}`, "data-row": line, "data-column": 0, "aria-label": say(pair), onclick: () => openPair(page, answer.rows[pair.one].code, answer.rows[pair.other].code) }, pair.n)))))),
      h("p", { class: "foot" }, pairs.length > shown.length && put(words.lines_of, { shown: shown.length, all: pairs.length }), " ", answer.more > 0 && put(words.more_codes, { shown: answer.rows.length, n: answer.more }), " ", answer.alone > 0 && put(words.alone, { n: answer.alone }))),
  ];
}
