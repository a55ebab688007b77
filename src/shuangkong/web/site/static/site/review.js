// Document and structure side by side: click either and the other follows; one key a decision, while focus is in the structure.
"use strict";
(() => {
  const root = document.getElementById("review");
  const list = document.getElementById("lines");
  const links = () => [...list.querySelectorAll("a[data-e]")];
  const shown = () => document.querySelector("#detail .detail")?.dataset.e;

  // Moves the pane and never the page.
  function reveal(part, pane) {
    const inner = part.getBoundingClientRect(), outer = pane.getBoundingClientRect();
    if (inner.top < outer.top || inner.bottom > outer.bottom) pane.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 3;
  }

  function mark(id) {
    root.querySelectorAll("mark.here").forEach((each) => each.classList.remove("here"));
    const found = [...root.querySelectorAll(`mark[data-e="${id}"]`)];
    found.forEach((each) => each.classList.add("here"));
    if (found.length) reveal(found[0], document.getElementById("document"));
    links().forEach((link) => (link.dataset.e === id ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    const current = list.querySelector('[aria-current="true"]');
    if (current) reveal(current, list);
  }

  // Keys act only from here on (WCAG 2.1.4): a click in the text puts focus on its entry.
  function focusOn(id) {
    const line = links().find((link) => link.dataset.e === id);
    (line ?? document.querySelector("#detail h2"))?.focus({ preventScroll: true });
  }

  async function open(id) {
    mark(id);
    await htmx.ajax("GET", `${root.dataset.plan}${id}/${location.search}`, { target: "#detail" });
  }

  function step(by) {
    const all = links();
    const at = all.findIndex((link) => link.dataset.e === shown());
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next) return undefined;
    next.focus({ preventScroll: true });
    return open(next.dataset.e);
  }

  function expand(key) {
    const act = document.querySelector(`#detail details[data-key="${key}"]`);
    if (!act) return;
    act.open = true;
    act.querySelector("select, input:not([type=hidden])").focus();
  }

  root.addEventListener("click", (event) => {
    const found = event.target.closest("mark[data-e], a[data-e]");
    if (!found || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(found.dataset.e).then(() => focusOn(found.dataset.e));
  });

  // Sent by #detail and not by the form: where another entry came meanwhile, a lost form finds no line and no tally.
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("#detail form");
    if (!form) return;
    event.preventDefault();
    const values = new FormData(form, event.submitter);
    htmx.ajax("POST", form.action, { source: "#detail", target: "#detail", values });
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.closest("#detail")) return list.querySelector('[aria-current="true"]')?.focus();
    if (event.target.closest("input, select, textarea") || !event.target.closest("#lines, #detail")) return;
    const acts = { j: () => step(1), k: () => step(-1), a: () => document.querySelector('#detail [data-key="a"]')?.click(), o: () => document.getElementById("document").focus() };
    const act = acts[event.key] ?? (["c", "m", "x"].includes(event.key) ? () => expand(event.key) : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  });

  // An accepted entry gives way to the next one that waits.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    const wrong = document.querySelector("#detail [aria-invalid]");
    if (wrong) return wrong.focus();
    if (document.querySelector("#detail [role=alert]")) return;
    const all = links();
    const at = all.findIndex((link) => link.dataset.e === shown());
    const next = all.slice(at + 1).find((link) => link.closest("li").classList.contains("open"));
    if (next) { next.focus({ preventScroll: true }); open(next.dataset.e); } else focusOn(shown());
  });

  if (shown()) mark(shown());
})();
