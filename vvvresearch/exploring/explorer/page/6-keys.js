// The page by keyboard. No key pressed inside it reaches the notebook, where letters add and delete cells.

const VIEWS = ["matrix", "table", "together", "map", "coders", "numbers"];

function keys(page, root) {
  const typing = (target) => ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
  const press = (key) => {
    const found = root.querySelector(`[data-k="${key}"]`);
    if (found) found.click();
    return Boolean(found);
  };
  const cells = () => [...root.querySelectorAll(".middle button[data-row]")];
  const step = (down, across) => {
    const here = root.ownerDocument.activeElement;
    const all = cells();
    if (!all.length) return;
    if (!all.includes(here)) return all[0].focus();
    const rows = [...new Set(all.map((one) => one.dataset.row))];
    const columns = [...new Set(all.map((one) => one.dataset.column))];
    const row = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(here.dataset.row) + down))];
    const line = all.filter((one) => one.dataset.row === row);
    const column = Math.min(columns.length - 1, Math.max(0, columns.indexOf(here.dataset.column) + across));
    (line.find((one) => one.dataset.column === columns[column]) || line[Math.min(column, line.length - 1)]).focus();
  };
  const pick = (by) => {
    const all = [...root.querySelectorAll(".right .open")];
    if (!all.length) return;
    const here = all.indexOf(root.ownerDocument.activeElement);
    const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const actions = {
    "/": () => root.querySelector("[data-k='i:search']").focus(),
    ArrowDown: () => step(1, 0), ArrowUp: () => step(-1, 0), ArrowRight: () => step(0, 1), ArrowLeft: () => step(0, -1),
    j: () => pick(1), k: () => pick(-1),
    b: () => page.back(), f: () => page.fold(), d: () => press("b:decisions"), c: () => press("b:code"), p: () => press("b:page"), "?": () => page.help(),
  };
  VIEWS.forEach((name, number) => { actions[String(number + 1)] = () => press(`v:${name}`); });

  return (event) => {
    event.stopPropagation();
    if (event.type === "keydown" && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      // Saving is the notebook's: it hears no key from within the page, so it is told from beside it.
      event.preventDefault();
      const { key, code, keyCode, ctrlKey, metaKey } = event;
      root.parentElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, keyCode, ctrlKey, metaKey, bubbles: true, cancelable: true }));
      return;
    }
    if (event.type !== "keydown" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (typing(event.target)) root.focus();
      else page.escape();
      return;
    }
    if (event.key === "Enter" && event.target.matches?.("button.cell")) {
      event.preventDefault();
      event.target.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: event.shiftKey }));
      return;
    }
    if (typing(event.target) || !(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  };
}
