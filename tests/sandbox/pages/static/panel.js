// Panels that slide over the page. One opened inside a panel belongs to the outermost page of the
// portal, so that they stack instead of shrinking.

const panels = [];

function host() {
  try {
    return window.top.portalPanels ?? window.portalPanels;
  } catch {
    return window.portalPanels; // somebody else's page is around the portal
  }
}

/** A panel with content, or with a page of this portal. `onClose` runs once, when it is closed. */
export function openPanel(options) {
  return options.address ? host().open(options) : openHere(options);
}

export const topPanel = () => panels.at(-1);

function openHere({ address, content, title = "", width, app, onClose }) {
  const dialog = document.createElement("dialog");
  dialog.className = "panel";
  if (width) dialog.style.setProperty("--panel-width", `${Number(width) || 900}px`);
  dialog.innerHTML = `
    <div class="panel-head"><h2></h2><button type="button" class="panel-close" aria-label="Close">
      <svg class="icon" aria-hidden="true"><use href="/_static/icons.svg#close"></use></svg>
    </button></div>
    <div class="panel-body"></div>`;
  const closers = onClose ? [onClose] : [];
  const panel = {
    app,
    close: () => dialog.close(),
    onClosed: (run) => closers.push(run),
    label: (text) => dialog.setAttribute("aria-label", text),
    name: (text) => {
      dialog.querySelector("h2").textContent = text;
      panel.label(text);
    },
  };
  if (content) panel.name(title);
  dialog.querySelector(".panel-body").append(content ?? pageFrame(address, panel));
  dialog.querySelector(".panel-close").addEventListener("click", panel.close);
  dialog.addEventListener("click", (event) => event.target === dialog && panel.close());
  dialog.addEventListener("close", () => {
    panels.splice(panels.indexOf(panel), 1);
    closers.forEach((run) => run());
    dialog.remove();
    document.dispatchEvent(new CustomEvent("portal:reload"));
  });
  document.body.append(dialog);
  dialog.showModal();
  panels.push(panel);
  return panel;
}

function pageFrame(address, panel) {
  const page = new URL(address, location.origin);
  page.searchParams.set("IFRAME", "Y");
  page.searchParams.set("IFRAME_TYPE", "SIDE_SLIDER");
  const frame = document.createElement("iframe");
  frame.className = "panel-page";
  frame.src = page;
  frame.addEventListener("load", () => {
    panel.label(frame.contentDocument?.title ?? ""); // the page shows its title itself
  });
  return frame;
}

window.portalPanels = { open: openHere };
