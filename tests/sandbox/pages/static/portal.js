// Life of the portal's own pages: frames, tabs, menus, panels, forms that unfold.

import { open } from "./calls.js";
import { openLaunch } from "./commands.js";
import { Layout } from "./frame.js";
import { openPanel } from "./panel.js";

const MESSAGES = {
  not_installed: "The application is not fully installed.",
  placement_not_found: "The application is no longer installed here.",
};

function explain(box, error) {
  const text = MESSAGES[error.message] ?? "The application could not be opened. Reload the page.";
  box.textContent = text;
  box.classList.add("app-failed");
}

/** Opens a frame that waited for its tab to be shown. */
async function launch(box) {
  const wanted = JSON.parse(box.dataset.launch);
  delete box.dataset.launch;
  try {
    new Layout(box, await open(wanted)).open();
  } catch (error) {
    explain(box, error);
  }
}

function show(tab) {
  for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    const isShown = other === tab;
    other.setAttribute("aria-selected", String(isShown));
    other.tabIndex = isShown ? 0 : -1;
    const pane = document.getElementById(other.getAttribute("aria-controls"));
    pane.hidden = !isShown;
    if (isShown) pane.querySelectorAll("[data-launch]").forEach(launch);
  }
}

function onTab(event, tab) {
  event.preventDefault();
  history.replaceState(null, "", tab.href); // first: a frame is told the page's address
  show(tab);
}

function onArrow(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const tab = event.target.closest?.("[role=tab]");
  if (!step || !tab) return;
  const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
}

/** Fetches the page anew and puts what has changed into this one; frames stay as they are. */
async function reload() {
  if (!document.querySelector("[data-reload]")) return;
  const response = await fetch(location.href);
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-reload]")) {
    const now = fresh.querySelector(`[data-reload="${part.dataset.reload}"]`);
    if (now) part.replaceChildren(...document.importNode(now, true).childNodes);
  }
}

function toggleForm(id, isOpen) {
  const form = document.getElementById(id);
  form.hidden = !isOpen;
  form.parentElement.classList.toggle("editing", isOpen);
  if (isOpen) form.querySelector("input:not([type=hidden])").focus();
}

const CLICKS = [
  ["[role=tab]", onTab],
  ["[data-open]", (_event, button) => toggleForm(button.dataset.open, true)],
  ["[data-close]", (_event, button) => toggleForm(button.dataset.close, false)],
  ["[data-popup]", (_event, button) => {
    button.closest("details")?.removeAttribute("open");
    openLaunch(JSON.parse(button.dataset.popup));
  }],
  ["a[data-panel]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.closest("details")?.removeAttribute("open");
    openPanel({ address: link.href, title: link.textContent });
  }],
];

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
  for (const [selector, run] of CLICKS) {
    const element = event.target.closest(selector);
    if (element) run(event, element);
  }
});
document.addEventListener("keydown", onArrow);
document.addEventListener("portal:reload", reload);

for (const box of document.querySelectorAll("[data-layout]")) {
  const config = JSON.parse(box.dataset.layout);
  box.removeAttribute("data-layout"); // the tokens in it need not stay in the page
  new Layout(box, config).open();
}
const chosen = document.querySelector("[role=tab][aria-selected=true]");
if (chosen) show(chosen);
