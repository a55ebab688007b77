// What every page needs: nothing here is needed to read or to submit.
"use strict";
document.documentElement.classList.add("with-script");

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-submit-on-change]");
  if (!form || event.target.matches("[type=search]")) return; // a search only says what can be chosen
  if (event.target.matches("[data-place]")) { // what the address named belongs to the place that was left
    form.querySelectorAll("[data-of-place]").forEach((each) => each.remove());
    if (event.target.dataset.leads) form.action = event.target.dataset.leads;
  }
  form.requestSubmit();
});

// The list of rooms is longer than a screen: the one that is open is in view.
const current = document.querySelector(".rooms [aria-current]");
const list = current?.closest(".rooms > ul");
if (list && list.scrollHeight > list.clientHeight) list.scrollTop = Math.max(0, current.offsetTop - list.clientHeight / 2);

// What renews itself leaves alone what is being used: a filter that is typed, a list that is open.
document.addEventListener("htmx:beforeRequest", (event) => {
  const held = document.getElementById(event.target.dataset?.renews);
  if (held && (held.contains(document.activeElement?.closest("input")) || held.querySelector("details[open]"))) event.preventDefault();
});

function cellText(cell) {
  const shown = cell.cloneNode(true);
  shown.querySelectorAll(".unseen, .why, .sign, .doubt").forEach((part) => part.remove());
  return shown.textContent.trim().replace(/\s+/g, " ");
}

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // plain http in an intranet has no clipboard interface
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const rows = document.querySelectorAll(`#${button.dataset.copy} tr`);
  await copyText([...rows].map((row) => [...row.cells].map(cellText).join("\t")).join("\n"));
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 1500);
});

// Ticks every box of a name in its form, or, where all are ticked, none.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick]");
  if (!button) return;
  const boxes = [...button.form.querySelectorAll(`input[type=checkbox][name="${button.dataset.tick}"]:not(:disabled)`)];
  const isWhole = boxes.every((box) => box.checked);
  boxes.forEach((box) => { box.checked = !isWhole; });
});
