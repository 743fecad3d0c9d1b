// The page's hands: fetches the next screen from the voting program on this computer and carries
// answers back. Nothing secret is computed or kept here; the program does that.

import { startCamera, stopCamera } from "/assets/camera.js";
import { lookAtCameras } from "/assets/cameras.js";
import { collect, complain, prepare } from "/assets/form.js";

const app = document.getElementById("app");
const LANGS = ["ja", "en", "plain"];
const SIZES = ["normal", "large", "huge"];
const stored = sessionStorage;
const PATIENCE = 10_000;
const MISSES = 10;
const root = document.documentElement;
let lang = LANGS.includes(stored.getItem("lang")) ? stored.getItem("lang") : "ja";
let size = SIZES.includes(stored.getItem("size")) ? stored.getItem("size") : "normal";
let inverted = stored.getItem("inverted") === "yes";
let session = "";
let token = stored.getItem("token") ?? "";
let busy = false;
let lost = false;
// The program does not answer at the moment; the page comes back by itself.
let silent = false;
let missed = 0;
let autoDone = "";

async function request(method, path, body, type = "application/json", header = "irefuda-token", secret = token) {
  const headers = { [header]: secret };
  if (body !== undefined) headers["content-type"] = type;
  return fetch(`${path}?lang=${lang}`, { method, headers, body, cache: "no-store" });
}

function say(template) {
  stopCamera();
  app.replaceChildren(document.getElementById(template).content.cloneNode(true));
  app.setAttribute("aria-busy", "false");
}

/** The program no longer knows this page: it was started anew, or another window has it. */
function giveUp() {
  if (lost) return;
  lost = true;
  say("lost");
}

/** No answer for some time. The vote is not touched by it, so the page goes on looking. */
function wait() {
  if (lost || silent) return;
  silent = true;
  say("silent");
}

/** What is only read is asked for again: one lost request means nothing. */
async function patiently(path) {
  for (const began = performance.now(); ; ) {
    const response = await request("GET", path).catch(() => undefined);
    if (response || performance.now() - began > PATIENCE) return response;
    await new Promise((later) => setTimeout(later, 500));
  }
}

/** Text size and colours, and which of the buttons are on. */
function dress() {
  root.dataset.size = size;
  if (inverted) root.dataset.contrast = "inverted";
  else delete root.dataset.contrast;
  for (const button of app.querySelectorAll("button[data-size]")) {
    button.setAttribute("aria-pressed", String(button.dataset.size === size));
  }
  app.querySelector("button[data-invert]")?.setAttribute("aria-pressed", String(inverted));
}

/** The next voter at this machine finds language, size and colours as they are at the beginning. */
function forgetTaste() {
  [lang, size, inverted] = ["ja", "normal", false];
  for (const name of ["lang", "size", "inverted"]) stored.removeItem(name);
}

async function show(focus = true) {
  const response = await patiently("/page");
  if (!response) return wait();
  if (!response.ok) return giveUp();
  [silent, missed] = [false, 0];
  const html = await response.text();
  stopCamera();
  app.innerHTML = html.trimEnd();
  app.setAttribute("aria-busy", "false");
  const main = document.getElementById("main");
  const known = session;
  session = main.dataset.session;
  if (known && known !== session) {
    forgetTaste();
    return show(focus);
  }
  dress();
  document.title = main.dataset.title;
  document.documentElement.lang = app.firstElementChild.lang;
  prepare(main);
  if (focus) {
    window.scrollTo(0, 0);
    (main.querySelector("#title") ?? main).focus({ preventScroll: true });
  }
  if (main.dataset.step === "face") startCamera(main, post);
  // A finished session leaves nothing in the browser.
  if (main.dataset.step === "end" && !("kiosk" in main.dataset)) stored.clear();
  const auto = main.dataset.auto;
  const key = `${main.dataset.revision} ${auto}`;
  if (auto && autoDone !== key) {
    autoDone = key;
    await act(auto, "{}");
  }
}

// One request at a time. Returns the state, or nothing when no answer came. It is not sent again: it may
// have arrived, and the page that is shown next says what came of it.
async function post(path, body, type) {
  const response = await request("POST", path, body, type).catch(() => undefined);
  if (!response) {
    autoDone = "";
    return undefined;
  }
  if (response.status === 401 || response.status === 403) {
    giveUp();
    return undefined;
  }
  return response.json();
}

async function act(path, body) {
  if (busy) return;
  busy = true;
  const working = document.getElementById("working");
  const soon = setTimeout(() => working && (working.hidden = false), 300);
  document.getElementById("main")?.setAttribute("aria-busy", "true");
  try {
    await post(path, body);
  } finally {
    clearTimeout(soon);
    busy = false;
  }
  if (lost) return;
  if (path === "/api/extend") {
    const idle = document.getElementById("idle");
    if (idle) idle.hidden = true;
  } else await show();
}

async function save(kind) {
  const response = await patiently("/api/receipt");
  if (!response?.ok) return;
  const answer = await response.json();
  const [text, ending, type] =
    kind === "json" ? [answer.json, "json", "application/json"] : [answer.text, "txt", "text/plain;charset=utf-8"];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `${answer.name}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Cameras are looked at here, everything else by the program. */
async function checkup(button) {
  button.disabled = true;
  const cameras = await lookAtCameras();
  await act("/api/checkup", JSON.stringify({ cameras }));
}

app.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const data = button.dataset;
  if (data.lang) {
    lang = data.lang;
    stored.setItem("lang", lang);
    show();
  } else if (data.size) {
    size = data.size;
    stored.setItem("size", size);
    dress();
  } else if ("invert" in data) {
    inverted = !inverted;
    stored.setItem("inverted", inverted ? "yes" : "no");
    dress();
  } else if (data.save) save(data.save);
  else if ("checkup" in data) checkup(button);
  else {
    if ("print" in data) window.print();
    if (data.api) act(data.api, data.body ?? "{}");
  }
});

app.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (complain(form)) return;
  const body = collect(form);
  for (const field of form.querySelectorAll("[data-secret]")) field.value = "";
  act(form.dataset.api, body);
});

function watch(state) {
  const closing = document.getElementById("closing");
  const left = state.closes && state.now ? state.closes - state.now : undefined;
  if (closing && left !== undefined && left < 15 * 60_000 && ["choose", "mark", "confirm", "code"].includes(state.step)) {
    const text = state.may_vote
      ? closing.dataset.text.replace("{n}", String(Math.max(1, Math.ceil(left / 60_000))))
      : closing.dataset.now;
    if (closing.textContent !== text) closing.textContent = text;
    closing.hidden = false;
  }
  const idle = document.getElementById("idle");
  if (idle) {
    // In steps of ten seconds: it is read out each time it changes.
    const left = String(Math.max(10, Math.ceil(state.idle_left / 10) * 10));
    const line = document.getElementById("idle-text");
    const text = line.dataset.text.replace("{n}", left);
    if (line.textContent !== text) line.textContent = text;
    idle.hidden = !state.idle_warning;
  }
}

async function poll() {
  if (busy || lost || !token) return;
  const response = await request("GET", "/api/state").catch(() => undefined);
  if (!response) {
    missed += 1;
    return missed < MISSES ? undefined : wait();
  }
  if (!response.ok) return giveUp();
  missed = 0;
  if (silent) return show();
  const state = await response.json();
  const main = document.getElementById("main");
  if (busy || !main) return;
  watch(state);
  if (!state.busy && String(state.revision) !== main.dataset.revision) await show(state.step !== main.dataset.step);
}

// While no card is on the reader, look again.
async function retry() {
  const main = document.getElementById("main");
  const path = main?.dataset.retry;
  if (!path || busy || lost) return;
  busy = true;
  const before = main.querySelector("#fault")?.dataset.code ?? "";
  const state = await post(path, "{}");
  busy = false;
  if (lost || silent) return;
  if (state && (state.step !== main.dataset.step || (state.code ?? "") !== before)) await show();
}

// Reading, typing and picking are signs of the voter too, told at most every 15 seconds.
let lastSign = 0;
function sign() {
  if (busy || lost || !token || performance.now() - lastSign < 15_000) return;
  lastSign = performance.now();
  request("POST", "/api/extend", "{}").catch(() => undefined);
}
for (const kind of ["pointerdown", "keydown", "input", "wheel"]) {
  document.addEventListener(kind, sign, { passive: true });
}

async function begin() {
  const launch = location.hash.slice(1);
  if (launch) {
    history.replaceState(null, "", "/");
    const response = await request("POST", "/api/start", "{}", "application/json", "irefuda-launch", launch).catch(() => undefined);
    const answer = response?.ok ? await response.json() : undefined;
    if (answer?.token) {
      token = answer.token;
      stored.setItem("token", token);
    }
  }
  if (!token) return giveUp();
  await show();
  setInterval(poll, 1000);
  setInterval(retry, 2000);
}

window.addEventListener("beforeunload", (event) => {
  const step = document.getElementById("main")?.dataset.step;
  if (["choose", "mark", "confirm", "code", "sending"].includes(step)) event.preventDefault();
});

// The tab is closed, or loaded anew and back in a moment: the program must not keep the card for nobody.
window.addEventListener("pagehide", () => {
  if (!token || lost) return;
  const headers = { "irefuda-token": token, "content-type": "application/json" };
  fetch("/api/leave", { method: "POST", headers, body: "{}", keepalive: true }).catch(() => undefined);
});

begin();
