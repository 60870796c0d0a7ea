"use strict";
// Tables: a button in each heading sorts, a field finds a name, a list leaves only some rows. What was done is said to screen readers.
{
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const say = (table, text) => { table.closest("section").querySelector("[role=status]").textContent = text; };

  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.v;
    return value === undefined ? cell.textContent.trim() : value === "" ? null : Number(value);
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));

  function sort(table, heading) {
    const up = heading.getAttribute("aria-sort") !== "ascending";
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => [key(row, heading.cellIndex), row]);
    rows.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : up ? compare(a, b) : compare(b, a)));
    body.replaceChildren(...rows.map(([, row]) => row));
    for (const other of heading.parentElement.cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const said = up ? table.dataset.up : table.dataset.down;
    say(table, said.replace("{name}", () => heading.textContent.trim()));
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    for (const heading of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      heading.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(table, heading));
    }
  }

  for (const form of document.querySelectorAll("form.controls")) {
    const table = form.closest("section").querySelector("table.sortable");
    const rows = Array.from(table.tBodies[0].rows, (row) => [row, plain(row.cells[0].textContent), row.dataset.is.split(" ")]);
    const { name, only } = form.elements;
    const filter = () => {
      const asked = plain(name.value.trim());
      let shown = 0;
      for (const [row, text, is] of rows) {
        row.hidden = !(text.includes(asked) && (only.value === "" || is.includes(only.value)));
        shown += !row.hidden;
      }
      say(table, table.dataset.shown.replace("{n}", shown).replace("{all}", rows.length));
    };
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    if (name.value || only.value) filter(); // what a browser filled in again
  }
}
