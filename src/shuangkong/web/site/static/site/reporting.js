// Filling in a form: keys, paste from Excel, sums, and every change kept here until the server has acknowledged it.
"use strict";
(() => {
  const form = document.getElementById("sheet");
  const words = form.dataset;
  const state = document.getElementById("save-state");
  const panel = document.getElementById("panel");
  const formulas = JSON.parse(document.getElementById("formulas").textContent);
  const NO_SIGN = ["/", "不适用", "n/a", "N/A"];
  let csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const author = words.key.split("-").slice(2).join("-");

  // ── what is not acknowledged yet: kept in the browser, so that a broken line or a session's end loses nothing
  const empty = () => ({ entries: {}, keys: {}, explained: {} });
  let waiting = empty();
  let timer = 0, sending = null, delay = 800;
  const isEmpty = (each) => !Object.keys(each.entries).length && !Object.keys(each.keys).length && !Object.keys(each.explained).length;
  const merge = (a, b) => ({ entries: { ...a.entries, ...b.entries }, keys: { ...a.keys, ...b.keys }, explained: { ...a.explained, ...b.explained } });

  function keep() {
    const whole = sending ? merge(sending, waiting) : waiting;
    try {
      if (isEmpty(whole)) localStorage.removeItem(words.key);
      else localStorage.setItem(words.key, JSON.stringify(whole));
    } catch (fault) { if (fault.name !== "QuotaExceededError" && fault.name !== "SecurityError") throw fault; }
  }

  function say(text, kind, link) {
    state.textContent = text;
    state.dataset.kind = kind || "";
    if (link) {
      const a = document.createElement("a");
      a.href = link; a.target = "_blank"; a.rel = "noopener"; a.textContent = ` ${words.again}`;
      state.append(a);
    }
  }

  function changed(part, name, value) {
    waiting[part][name] = value;
    keep();
    if (state.dataset.kind !== "error") say(words.saving);
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  async function renew() {
    const answer = await fetch(words.token, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("json")) return "expired";
    const told = await answer.json();
    if (told.author !== author) return "stranger";
    csrf = told.token;
    form.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => { each.value = csrf; });
    return "renewed";
  }

  function post() {
    return fetch(words.draft, {
      method: "POST", body: JSON.stringify(sending), redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
    });
  }

  // ── what the server understood: a figure as it stands (3.2万吨 → 32000), and at each cell what it could not read
  const unread = new Map(), unreadList = document.getElementById("unread");
  function understood(told, sent) {
    Object.keys(sent).forEach((address) => refuse(address, null));
    (told.findings || []).forEach((each) => refuse(each.address, each));
    for (const [address, text] of Object.entries(told.cells || {})) {
      const place = cell(address);
      if (place && place !== document.activeElement && place.value === sent[address]) place.value = text;
    }
    tellUnread();
    sums();
  }
  function refuse(address, found) {
    const place = cell(address);
    if (found) { unread.set(address, found); place?.setAttribute("aria-invalid", "true"); }
    else if (unread.delete(address)) place?.removeAttribute("aria-invalid");
  }
  function tellUnread() {
    unreadList.hidden = !unread.size;
    unreadList.querySelector("ul").replaceChildren(...[...unread.values()].map((each) => {
      const item = document.createElement("li"), jumps = document.createElement(cell(each.address) ? "button" : "strong");
      item.className = "finding sev-must_fix";
      jumps.textContent = cell(each.address)?.getAttribute("aria-label") || each.address;
      if (jumps.tagName === "BUTTON") { jumps.type = "button"; jumps.className = "link"; jumps.dataset.jump = each.address; }
      item.append(jumps, ` ${each.message}`);
      return item;
    }));
  }

  // What is on its way is taken up again with what came since, until the server says that it has it.
  async function save() {
    if (sending || isEmpty(waiting)) return isEmpty(waiting);
    sending = waiting;
    waiting = empty();
    say(words.saving);
    let isKept = false, again = 0;
    try {
      let answer = await post();
      if (answer.status === 403 || answer.type === "opaqueredirect" || answer.status === 401) {
        const found = await renew();
        if (found === "renewed") answer = await post();
        else { say(found === "stranger" ? words.stranger : words.expired, "error", words.login); again = 5000; }
      }
      if (answer.ok && answer.type !== "opaqueredirect") {
        isKept = true; delay = 800;
        understood(await answer.json(), sending.entries);
        say(`${words.saved} ${new Date().toLocaleTimeString()}`, "good");
      } else if (!again) {
        let told = {};
        try { told = await answer.json(); } catch (fault) { if (!(fault instanceof SyntaxError)) throw fault; }
        say(told.refusal || words.offline, "error");
        again = 15000;
      }
    } catch (fault) {
      if (!(fault instanceof TypeError)) throw fault; // fetch: no connection
      say(words.offline, "error"); again = 5000;
    }
    if (!isKept) waiting = merge(sending, waiting);
    sending = null;
    keep();
    if (again) { clearTimeout(timer); timer = setTimeout(save, again); }
    else if (!isEmpty(waiting)) { clearTimeout(timer); timer = setTimeout(save, delay); }
    return isKept && isEmpty(waiting);
  }
  window.addEventListener("online", save);
  window.addEventListener("focus", () => { if (!isEmpty(waiting)) save(); });
  window.addEventListener("beforeunload", (event) => { if (!isEmpty(waiting) || sending) event.preventDefault(); });

  // ── sums
  const places = new Map(), outputs = new Map(); // a form has a thousand places: they are looked for once
  function lookAround() {
    places.clear(); outputs.clear();
    form.querySelectorAll("[data-cell]").forEach((each) => places.set(each.name, each));
    form.querySelectorAll("output[data-address]").forEach((each) => outputs.set(each.dataset.address, each));
  }
  lookAround();
  const cell = (address) => places.get(address) || null;
  const shown = (address) => outputs.get(address) || null;
  const computed = new Map();
  const required = (input) => input.getAttribute("aria-required") === "true";

  function rowIsUsed(input) {
    return [...input.closest("tr").querySelectorAll("[data-cell]")].some((each) => each.value.trim() && !each.classList.contains("offered"));
  }

  function value(address) {
    if (computed.has(address)) return computed.get(address);
    const input = cell(address);
    if (!input) return Sums.NOT_APPLICABLE;
    const text = input.value.normalize("NFKC").replace(/[,\s]/g, "");
    if (NO_SIGN.includes(text)) return Sums.NOT_APPLICABLE;
    if (!text) return required(input) && rowIsUsed(input) ? Sums.MISSING : Sums.NOT_APPLICABLE;
    return Sums.parse(text) || Sums.MISSING;
  }

  function keysOf(table) {
    return [...document.querySelectorAll(`[data-table="${CSS.escape(table)}"] tbody tr`)].map((row) => row.dataset.row);
  }

  function input(address, key, factor) {
    const [table, rest] = address.split("[");
    if (rest && rest.startsWith("*]")) {
      const rows = keysOf(table).map((each) => value(`${table}[${each}]${rest.slice(2)}`)).filter((each) => each !== Sums.NOT_APPLICABLE);
      if (rows.includes(Sums.MISSING)) return Sums.MISSING;
      if (!rows.length) return keysOf(table).length ? Sums.NOT_APPLICABLE : Sums.parse("0");
      return Sums.times(rows.reduce(Sums.plus), Sums.parse(factor));
    }
    const found = value(address.replace("[]", `[${key}]`));
    return typeof found === "string" ? found : Sums.times(found, Sums.parse(factor));
  }

  function sums() {
    computed.clear();
    for (const formula of formulas) {
      const [table, rest] = formula.address.split("[");
      for (const key of rest ? keysOf(table) : [""]) {
        const address = formula.address.replace("[*]", `[${key}]`);
        const told = Object.fromEntries(formula.inputs.map(([name, where, factor]) => [name, input(where, key, factor)]));
        const found = Sums.answer(formula, told);
        computed.set(address, found.value || found.lack);
        const place = shown(address);
        const text = found.text ?? (found.lack === Sums.NOT_APPLICABLE ? "" : "—");
        if (place && place.textContent !== text) place.textContent = text;
      }
    }
  }

  // ── typing
  form.addEventListener("input", (event) => {
    const target = event.target;
    if (!target.matches("[data-cell]")) return;
    target.classList.remove("offered");
    target.parentElement.querySelector(".mark")?.remove();
    changed("entries", target.name, target.value);
    sums();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-explain]")) changed("explained", event.target.dataset.explain, event.target.value);
  });

  // ── keys: as in a spreadsheet
  const grid = (table) => [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1));
  function at(target) {
    const table = target.closest("table"), rows = grid(table), row = [...table.tBodies[0].rows].indexOf(target.closest("tr"));
    return { rows, row, column: rows[row].indexOf(target.closest("td")) };
  }
  function go(place) {
    const next = place?.querySelector("[data-cell]");
    if (next) { next.focus(); next.select?.(); }
    return Boolean(next);
  }
  function step(target, down, across) {
    const { rows, row, column } = at(target);
    for (let r = row + down, c = column + across; rows[r] && rows[r][c]; r += down, c += across) if (go(rows[r][c])) return true;
    return false;
  }
  form.addEventListener("keydown", (event) => {
    const target = event.target;
    if (!target.matches("[data-cell]") || event.isComposing) return;
    const isSelect = target.tagName === "SELECT";
    const start = isSelect || target.selectionStart === 0, end = isSelect || target.selectionEnd === target.value.length;
    const moves = {
      Enter: () => step(target, event.shiftKey ? -1 : 1, 0) || true,
      ArrowDown: () => !isSelect && step(target, 1, 0),
      ArrowUp: () => !isSelect && step(target, -1, 0),
      ArrowLeft: () => start && step(target, 0, -1),
      ArrowRight: () => end && step(target, 0, 1),
    };
    if (moves[event.key] && moves[event.key]()) event.preventDefault();
  });

  // ── paste a block of cells: put down at once as it is, so that a broken line loses nothing; then read by the server,
  // which makes rows, turns units and names into what the form takes, and says what fell beside the table
  form.addEventListener("paste", (event) => {
    const target = event.target, text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const isKey = target.matches("[data-new]");
    if (!(isKey || target.matches("[data-cell]")) || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const section = target.closest("[data-table]"), put = {};
    const { row, column } = isKey ? { row: keysOf(section.dataset.table).length, column: -1 } : putDown(target, text, put);
    sums();
    read(section, row, column, text, put);
  });
  function putDown(target, text, put) {
    const { rows, row, column } = at(target);
    text.split("\n").forEach((line, down) => line.split("\t").forEach((word, across) => {
      const place = rows[row + down]?.[column + across]?.querySelector("[data-cell]");
      if (!place) return;
      if (place.tagName === "SELECT") {
        const option = [...place.options].find((each) => each.text === word.trim() || each.value === word.trim());
        if (option) place.value = option.value; else return;
      } else place.value = word.trim().replace(/(\d),(?=\d{3}(\D|$))/g, "$1");
      place.classList.remove("offered");
      put[place.name] = place.value;
      changed("entries", place.name, place.value);
    }));
    return { row, column };
  }
  async function read(section, row, column, text, put) {
    const table = section.dataset.table;
    if (!(await settled())) return; // offline: what could be put down is kept here
    const answer = await fetch(words.paste, {
      method: "POST", redirect: "manual", body: JSON.stringify({ table, row, column, text }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
    }).catch((fault) => { if (!(fault instanceof TypeError)) throw fault; return null; });
    if (!answer || answer.type === "opaqueredirect" || answer.status === 403) return;
    const told = await answer.json();
    if (!answer.ok) { say(told.refusal || words.offline, "error"); return; }
    const missing = (told.keys[table] || []).filter((key) => section.matches("[data-open]") && !keysOf(table).includes(key));
    missing.forEach((key) => addRow(section, key));
    if (missing.length) changed("keys", table, keysOf(table));
    for (const [address, word] of Object.entries(told.cells)) {
      const place = cell(address);
      if (!place || place.value === word || place.value !== (put[address] ?? "")) continue; // typed over meanwhile
      place.value = word;
      changed("entries", address, word);
    }
    told.findings.forEach((each) => refuse(each.address, each));
    tellUnread();
    sums();
  }

  // ── what a cell asks for, where one stands
  const hint = document.getElementById("hint");
  form.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-cell]")) return;
    const row = event.target.closest("tr"), table = row.closest("table");
    const heads = [row.cells[0], table.tHead.rows[0].cells[event.target.closest("td").cellIndex]];
    const said = heads.map((each) => each.title).filter(Boolean);
    hint.textContent = [event.target.getAttribute("aria-label"), ...said].join(" · ");
    hint.hidden = !said.length;
  });

  // ── rows of open tables
  function addRow(section, key) {
    const made = section.querySelector("template").content.firstElementChild.cloneNode(true);
    made.dataset.row = key;
    made.querySelector("th").textContent = key;
    made.querySelectorAll("[name], [data-address]").forEach((each) => {
      if (each.name) each.name = each.name.replace("{key}", key);
      if (each.dataset.address) each.dataset.address = each.dataset.address.replace("{key}", key);
    });
    section.querySelector("tbody").append(made);
    lookAround();
    return made;
  }
  form.addEventListener("click", (event) => {
    const section = event.target.closest("[data-open]");
    if (!section) return;
    const table = section.dataset.table;
    if (event.target.matches("[data-add]")) {
      const word = section.querySelector("[data-new]"), keys = keysOf(table);
      let key = word ? word.value.trim() : "";
      if (!word) { key = String(Math.max(0, ...keys.map(Number)) + 1); }
      if (!key) return word.focus();
      if (keys.includes(key)) return say(words.keyTaken, "error");
      const row = addRow(section, key);
      changed("keys", table, keysOf(table));
      row.querySelector("[data-cell]")?.focus();
      if (word && word.tagName === "INPUT") word.value = "";
    } else if (event.target.matches("[data-drop]")) {
      const row = event.target.closest("tr");
      row.querySelectorAll("[data-cell]").forEach((each) => { delete waiting.entries[each.name]; });
      row.remove();
      lookAround();
      changed("keys", table, keysOf(table));
    }
    sums();
  });

  // ── the panel of findings
  function jump(address) {
    const place = cell(address) || shown(address);
    if (!place) return;
    place.scrollIntoView({ block: "center", inline: "center" });
    place.classList.add("pointed");
    setTimeout(() => place.classList.remove("pointed"), 2500);
    place.focus?.();
  }
  function mark() {
    form.querySelectorAll("[aria-invalid]").forEach((each) => { if (!unread.has(each.name)) each.removeAttribute("aria-invalid"); });
    panel.querySelectorAll(".sev-must_fix [data-jump], .sev-must_explain [data-jump]").forEach((each) => cell(each.dataset.jump)?.setAttribute("aria-invalid", "true"));
  }
  document.addEventListener("click", (event) => { if (event.target.matches("[data-jump]")) jump(event.target.dataset.jump); });
  async function settled() {
    clearTimeout(timer);
    for (let turn = 0; turn < 50 && (sending || !isEmpty(waiting)); turn += 1) {
      if (sending) await new Promise((done) => { setTimeout(done, 100); });
      else if (!(await save())) return isEmpty(waiting);
    }
    return isEmpty(waiting) && !sending;
  }
  document.getElementById("check-now").addEventListener("click", async () => {
    if (!(await settled())) return;
    const answer = await fetch(words.check, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return say(words.expired, "error", words.login);
    panel.innerHTML = await answer.text(); // our own page, nothing from elsewhere
    mark();
  });
  document.getElementById("to-sign").addEventListener("click", async (event) => {
    if (isEmpty(waiting) && !sending) return;
    event.preventDefault();
    const { href } = event.currentTarget;
    if (await settled()) location.assign(href);
  });

  // ── what an earlier visit could not hand over
  const kept = localStorage.getItem(words.key);
  if (kept) {
    try {
      waiting = merge(empty(), JSON.parse(kept));
      for (const [table, keys] of Object.entries(waiting.keys)) {
        const section = document.querySelector(`[data-table="${CSS.escape(table)}"]`);
        if (!section) continue;
        section.querySelectorAll("tbody tr").forEach((row) => { if (!keys.includes(row.dataset.row)) row.remove(); });
        lookAround();
        keys.filter((key) => !keysOf(table).includes(key)).forEach((key) => addRow(section, key));
      }
      for (const [address, text] of Object.entries(waiting.entries)) { const place = cell(address); if (place) place.value = text; }
      for (const [key, text] of Object.entries(waiting.explained)) { const place = panel.querySelector(`[data-explain="${CSS.escape(key)}"]`); if (place) place.value = text; }
      say(words.restored);
      timer = setTimeout(save, 100);
    } catch (fault) { if (!(fault instanceof SyntaxError)) throw fault; localStorage.removeItem(words.key); }
  }
  sums();
  mark();
})();
