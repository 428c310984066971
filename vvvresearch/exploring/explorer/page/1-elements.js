// Elements of the page. Every word of data enters as a text node, so nothing of it is ever read as markup.

function built(made, given, children) {
  for (const [name, value] of Object.entries(given || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") || name === "value") made[name] = value;
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...nodes(children));
  return made;
}

function nodes(children) {
  return children.flat(4).filter((one) => one !== null && one !== undefined && one !== false);
}

function h(tag, given, ...children) {
  return built(document.createElement(tag), given, children);
}

function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

// The rows of a table: those in sight with the rest of the page, the others when they are painted.
function body(page, rows, line) {
  const made = h("tbody", {}, rows.slice(0, page.inSight).map(line));
  const later = rows.slice(page.inSight);
  const first = page.inSight;
  if (later.length) requestAnimationFrame(() => setTimeout(() => {
    made.append(...later.map((row, place) => line(row, first + place)));
    page.mark();
  }));
  return made;
}

function button(key, words, action, given) {
  return h("button", { type: "button", "data-k": key, onclick: action, ...given }, words);
}

// A switch that is on or off.
function toggle(key, words, on, action, given) {
  return button(key, words, action, { "aria-pressed": on ? "true" : "false", ...given });
}

function put(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
