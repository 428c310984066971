// Elements of the page. Every word of data enters as a text node, so nothing of it is ever read as markup.

function h(tag, given, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(4)) if (child !== null && child !== undefined && child !== false) made.append(child.nodeType ? child : document.createTextNode(String(child)));
  return made;
}

function fill(element, ...children) {
  element.replaceChildren(...children.flat(4).filter((one) => one !== null && one !== undefined && one !== false));
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
