// Signing many returns goes on by itself, some at a time, while the page stands open.
"use strict";
(() => {
  const form = document.querySelector("form[data-goes-on]");
  if (form) setTimeout(() => form.requestSubmit(), 200);
})();
