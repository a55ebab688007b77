// Drag and drop and a progress line for the upload form; without it the form still works.
"use strict";
(() => {
  const form = document.getElementById("upload");
  const input = form.querySelector("input[type=file]");
  const state = document.getElementById("upload-state");
  const progress = document.getElementById("upload-progress");

  function say(text, kind) {
    const line = document.createElement("p");
    line.className = kind ? `message message-${kind}` : "fine";
    line.textContent = text;
    state.replaceChildren(line);
  }

  function failed(text) {
    progress.hidden = true;
    form.querySelector("button").disabled = false;
    say(text, "error");
  }

  function send() {
    const file = input.files[0];
    if (!file) return;
    if (file.size > Number(form.dataset.limit)) return failed(form.dataset.tooLarge);
    const request = new XMLHttpRequest(); // fetch tells nothing of the way up
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      progress.value = (event.loaded / event.total) * 100;
      say(event.loaded < event.total ? form.dataset.sending : form.dataset.reading);
    });
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch (error) { if (!(error instanceof SyntaxError)) throw error; }
      if (request.status === 200 && answer.next) location.assign(answer.next);
      else failed(answer.refusal ? `${answer.code} ${answer.refusal}`.trim() : form.dataset.failed);
    });
    request.addEventListener("error", () => failed(form.dataset.failed));
    progress.hidden = false;
    form.querySelector("button").disabled = true;
    say(form.dataset.sending);
    request.send(new FormData(form));
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  ["dragover", "dragenter"].forEach((name) => document.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); }));
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  });
})();
