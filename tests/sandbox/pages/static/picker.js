// Choosing people, access codes and CRM objects for an application.

import { call } from "./calls.js";

const BUCKETS = { D: "deal", CO: "company", C: "contact" };

export async function chooseUser(layout, params, answer) {
  const chosen = await choose(layout, "users", "Choose a person", Boolean(params.mult));
  if (chosen) answer(params.mult ? chosen : chosen[0]);
}

export async function chooseAccess(layout, _params, answer) {
  const chosen = await choose(layout, "access", "Choose who has access", true);
  if (chosen) answer(chosen);
}

export async function chooseCrm(layout, params, answer) {
  const chosen = await choose(layout, "crm", "Choose from CRM", Boolean(params.multiple));
  if (!chosen) return;
  const result = {};
  for (const item of chosen) {
    const bucket = BUCKETS[item.id.split("_")[0]];
    result[bucket] ??= {};
    result[bucket][Object.keys(result[bucket]).length] = item;
  }
  answer(result);
}

/** Shows the dialog; the chosen items, or null when it is closed without a choice. */
async function choose(layout, kind, title, multiple) {
  const { items } = await call("choices", layout.config.app, { kind });
  const dialog = document.createElement("dialog");
  dialog.className = "picker";
  const form = document.createElement("form");
  form.method = "dialog";
  const heading = document.createElement("h2");
  heading.textContent = title;
  form.append(heading, ...items.map((item, index) => choice(item, index, multiple)));
  const buttons = document.createElement("p");
  buttons.className = "edit-actions";
  buttons.innerHTML = `<button class="button primary" value="choose">Select</button>
    <button class="button" value="">Cancel</button>`;
  form.append(buttons);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      const ticked = [...form.elements].filter((one) => one.checked);
      dialog.remove();
      const isChosen = dialog.returnValue === "choose" && ticked.length > 0;
      done(isChosen ? ticked.map((one) => items[Number(one.value)]) : null);
    });
  });
}

function choice(item, index, multiple) {
  const label = document.createElement("label");
  label.className = "tick";
  const input = document.createElement("input");
  input.type = multiple ? "checkbox" : "radio";
  input.name = "choice";
  input.value = index;
  const text = document.createElement("span");
  text.textContent = item.name ?? item.title;
  label.append(input, text);
  return label;
}
