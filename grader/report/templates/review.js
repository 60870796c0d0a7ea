// Keys of the review app, listed on its help page. A field that is typed in keeps its keys.
"use strict";
const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

function move(step) {
  const rows = [...document.querySelectorAll("a.row")];
  if (rows.length === 0) return;
  const place = rows.indexOf(document.activeElement);
  const next = place < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(place + step, 0), rows.length - 1);
  rows[next].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target)) return;
  if (event.key === "j" || event.key === "k") { move(event.key === "j" ? 1 : -1); event.preventDefault(); return; }
  const target = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
  if (target === undefined) return;
  event.preventDefault();
  if (target.matches("a, [type=checkbox]")) target.click(); else { target.focus(); target.scrollIntoView({ block: "center" }); }
});

const problem = document.getElementById("problem");
if (problem !== null) problem.focus();
