// The commands a frame may send. Each gets (layout, params, answer); not calling `answer` is what
// the real portal does there, and the reason why applications need time limits of their own.

import { call, open } from "./calls.js";
import { openPanel, topPanel } from "./panel.js";
import { chooseAccess, chooseCrm, chooseUser } from "./picker.js";
import { say } from "./say.js";

const PANEL_SETTINGS = ["width", "leftBoundary", "title", "label"];

function getInitData(layout, _params, answer) {
  answer(layout.init);
  layout.init.FIRST_RUN = false;
}

function getInterface(layout, _params, answer) {
  answer({ command: layout.config.commands, event: [] });
}

async function refreshAuth(layout, _params, answer) {
  try {
    const pair = await call("access_refresh", layout.config.app);
    const fresh = {
      AUTH_ID: pair.access_token,
      AUTH_EXPIRES: pair.expires_in,
      REFRESH_ID: pair.refresh_token,
    };
    Object.assign(layout.init, fresh);
    answer(fresh);
  } catch {
    alert("Unable to get a new token. Reload the page.");
  }
}

// A width that is missing counts as 100 px, not as "leave it".
function resizeWindow(layout, params, answer) {
  const { box } = layout;
  box.style.width = params.width === "100%" ? "100%" : `${parseInt(params.width, 10) || 100}px`;
  const height = parseInt(params.height, 10);
  if (height) box.style.height = `${height}px`;
  const { width, height: now } = box.getBoundingClientRect();
  answer({ width, height: now });
}

function setTitle(_layout, params, answer) {
  const heading = document.getElementById("pagetitle");
  if (heading) heading.textContent = params.title;
  answer(params);
}

function setScroll(_layout, params, answer) {
  if (params.scroll >= 0) window.scrollTo(window.scrollX, parseInt(params.scroll, 10));
  answer(params);
}

function setUserOption(layout, params, answer) {
  layout.init.USER_OPTIONS = { ...layout.init.USER_OPTIONS, [params.name]: params.value };
  save("set_user_option", layout, params);
  answer(params);
}

async function setAppOption(layout, params, answer) {
  if (layout.init.IS_ADMIN) answer(await save("set_option", layout, params));
}

function save(action, layout, { name, value }) {
  return call(action, layout.config.app, { name, value: JSON.stringify(value ?? null) });
}

function setInstall(layout, params, answer) {
  call("set_install", layout.config.app);
  answer(params);
}

async function setInstallFinish(layout, params) {
  const { app } = layout.config;
  const { result } = await call("set_installed", app, { v: params.value === false ? "N" : "Y" });
  if (layout.panel) {
    layout.panel.close();
    openInPanel(app, {});
    return;
  }
  const address = new URL(location.href);
  address.searchParams.set("install_finished", result ? "Y" : "N");
  location.assign(address);
}

function openApplication(layout, params, answer) {
  openInPanel(layout.config.app, params, answer);
}

async function openInPanel(app, params, onClose) {
  const settings = {};
  const options = {};
  for (const [key, value] of Object.entries(params)) {
    const name = key.replace(/^bx24_/, "");
    if (name === key) options[key] = value;
    else if (PANEL_SETTINGS.includes(name)) settings[name] = value;
  }
  await openLaunch({ app, options }, settings, onClose);
}

/** Opens an application in a panel; its frame may not resize itself there. */
export async function openLaunch(launch, settings = {}, onClose = undefined) {
  const config = await open(launch, true);
  const { Layout } = await import("./frame.js");
  const box = document.createElement("div");
  box.className = "app-frame-layout app-frame-layout-popup";
  const panel = openPanel({ ...settings, content: box, app: launch.app, onClose });
  panel.name(settings.title ?? config.title);
  const layout = new Layout(box, config, panel).open();
  panel.onClosed(() => layout.close());
}

function closeApplication(layout, _params, answer) {
  const panel = topPanel();
  if (panel?.app !== layout.config.app) return;
  panel.onClosed(() => answer());
  panel.close();
}

function openPath(layout, params, answer) {
  if (/Mobi/.test(navigator.userAgent)) {
    answer({ result: "error", errorCode: "METHOD_NOT_SUPPORTED_ON_DEVICE" });
    return;
  }
  const address = ownAddress(params.path);
  if (!address) {
    answer({ result: "error", errorCode: "PATH_NOT_AVAILABLE" });
    return;
  }
  address.searchParams.set("from", "rest_placement");
  address.searchParams.set("from_app", layout.config.app);
  openPanel({ address, onClose: () => answer({ result: "close" }) });
}

// URL normalises the ".." that the official library puts in front of paths.
function ownAddress(path) {
  try {
    const plain = decodeURIComponent(typeof path === "string" ? path : "");
    const address = new URL(plain, location.origin);
    return plain.startsWith("/") && address.origin === location.origin ? address : null;
  } catch {
    return null;
  }
}

export const COMMANDS = {
  getInitData,
  getInterface,
  refreshAuth,
  resizeWindow,
  setTitle,
  setScroll,
  setUserOption,
  setAppOption,
  setInstall,
  setInstallFinish,
  openApplication,
  closeApplication,
  openPath,
  selectUser: chooseUser,
  selectAccess: chooseAccess,
  selectCRM: chooseCrm,
  reloadWindow: () => location.reload(),
  imCallTo: (_layout, params) => say(`Call to user ${params.userId}`),
  imPhoneTo: (_layout, params) => say(`Call to ${params.phone}`),
  imOpenMessenger: (_layout, params) => say(`Chat ${params.dialogId ?? ""}`),
  imOpenHistory: (_layout, params) => say(`History of chat ${params.dialogId ?? ""}`),
  showAppForm: () => say("Application form"),
  placementBindEvent: () => {}, // the places offered here have no events
  reloadData: (_layout, _params, answer) => {
    document.dispatchEvent(new CustomEvent("portal:reload"));
    answer();
  },
};
