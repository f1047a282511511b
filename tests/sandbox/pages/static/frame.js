// The portal's side of an application's frame.
//
// In:  "command:PARAMS:CALLBACK:SID" or {method, params, callback, appSid}.
// Out: "CALLBACK:JSON", or "CALLBACK:" for an answer without a value.
// What the portal does not know, does not allow or does not answer, it passes over in silence.

import { COMMANDS } from "./commands.js";

const ALLOW = "geolocation *; microphone *; camera *; autoplay *;";

/** Takes a message apart; null for what is none. Params may hold colons, the others may not. */
export function parse(data) {
  if (typeof data === "string") {
    const parts = data.split(":");
    if (parts.length < 3) return null;
    return {
      method: parts[0],
      params: parts.slice(1, -2).join(":"),
      callback: parts.at(-2),
      sid: parts.at(-1),
    };
  }
  if (typeof data !== "object" || data === null) return null;
  return { method: data.method, params: data.params, callback: data.callback, sid: data.appSid };
}

function decoded(params) {
  if (typeof params !== "string") return params ?? {};
  try {
    return params ? JSON.parse(params) : {};
  } catch {
    return null;
  }
}

/** One opened application: its box in the page, its frame, its answers. */
export class Layout {
  /**
   * @param {HTMLElement} box where the frame goes; its size is what resizeWindow changes
   * @param {object} config what the portal says about this launch
   * @param {object} [panel] the panel around it, if it is in one
   */
  constructor(box, config, panel = null) {
    this.box = box;
    this.config = config;
    this.panel = panel;
    this.init = { ...config.init };
    this.receive = this.receive.bind(this);
  }

  /** Puts the frame into the page and posts the launch into it. */
  open() {
    window.addEventListener("message", this.receive);
    this.frame = document.createElement("iframe");
    this.frame.name = this.config.name; // before it navigates: the application reads window.name
    this.frame.className = "app-frame";
    this.frame.title = this.config.title;
    this.frame.allow = ALLOW;
    this.frame.addEventListener("load", () => this.box.classList.add("app-loaded"));
    this.box.append(this.frame);
    this.#post();
    return this;
  }

  close() {
    window.removeEventListener("message", this.receive);
    this.frame?.remove();
  }

  receive(event) {
    if (event.origin !== this.config.origin) return;
    const message = parse(event.data);
    if (!message || message.sid !== this.config.sid) return;
    const params = decoded(message.params);
    const command = COMMANDS[message.method];
    if (params === null || !command || !this.#answers(message.method)) return;
    command(this, params, (value) => this.#reply(message.callback, value));
  }

  #answers(method) {
    const { silent, denied, commands, init } = this.config;
    if (silent === true || (Array.isArray(silent) && silent.includes(method))) return false;
    if (method === "reloadData") return commands.includes(method);
    if (method === "placementBindEvent") return init.PLACEMENT !== "DEFAULT";
    return !denied.includes(method);
  }

  #reply(callback, value) {
    if (!callback || !this.frame.contentWindow) return;
    const json = value === undefined ? "" : JSON.stringify(value);
    this.frame.contentWindow.postMessage(`${callback}:${json}`, this.config.origin);
  }

  #post() {
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.config.action;
    form.target = this.config.name;
    form.hidden = true;
    for (const [name, value] of Object.entries(this.config.fields)) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
    form.remove();
  }
}
