// Progressive enhancement only: every page works without this file.
"use strict";

const page = document.body;
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

// Single keys can be switched off (WCAG 2.1.4); the choice stays on this device.
const remembered = { get on() { try { return localStorage.keys !== "off"; } catch { return true; } } };

const move = (step) => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  next?.querySelector("[data-open]")?.focus();
};

const keys = {
  "/": () => document.querySelector("[role=search] input")?.focus(),
  "?": () => document.querySelector("#keys")?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement.closest("[data-row]")?.querySelector("input[name=pick]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || !remembered.on || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

const toggle = document.querySelector("[data-keys]");
if (toggle) {
  toggle.checked = remembered.on;
  toggle.addEventListener("change", () => { localStorage.keys = toggle.checked ? "on" : "off"; });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
});

// A form that changes something at once, like the language, sends itself.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-auto]")) event.target.form.requestSubmit();
});

// After a refused form the summary of errors is read first.
const summarise = (root) => root.querySelector(".error-summary[data-first]")?.focus();
summarise(document);
document.addEventListener("htmx:afterSwap", (event) => summarise(event.target));

// A request that failed says so; silence would look like success.
const failed = () => { document.querySelector("#live").textContent = page.dataset.failed; };
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);

// Where somebody says where they are, the browser's guess is the beginning. A choice that
// was made before, or came back with a refused form, is left alone.
const zone = document.querySelector("select[data-time-zone]");
if (zone && !document.querySelector(".error-summary")) {
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === guess)) zone.value = guess;
}

// A slider beside a number: both move together, and the number is what is sent.
const follow = (slider) => { slider.value = document.getElementById(slider.dataset.slides).value; };
for (const slider of document.querySelectorAll("[data-slides]")) {
  follow(slider);
  slider.hidden = false;
}
document.addEventListener("input", (event) => {
  const { dataset, id, value } = event.target;
  if (dataset.slides) document.getElementById(dataset.slides).value = value;
  else if (id) document.querySelectorAll(`[data-slides="${CSS.escape(id)}"]`).forEach(follow);
});

// What is there to be copied is chosen as a whole.
document.addEventListener("focusin", (event) => { if ("copied" in event.target.dataset) event.target.select(); });
