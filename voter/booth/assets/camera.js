// The camera page: one press counts down, takes pictures until one can be judged, and hands each to the
// program on this computer. Pictures are kept nowhere. What goes wrong with a camera is said here and can
// be tried again; only the voter decides to go without.

import { FAULTS } from "/assets/cameras.js";

const FRAMES = 8;
const COUNTDOWN = 3;
/** Mean difference between what was drawn and what is read back, from which a picture counts as altered. */
const ALTERED = 8;
let stream;
let running = 0;
let chosen = "";

export function stopCamera() {
  running += 1;
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function canvas(width, height) {
  const drawn = document.createElement("canvas");
  [drawn.width, drawn.height] = [width, height];
  return [drawn, drawn.getContext("2d", { willReadFrequently: true })];
}

/**
 * Some browsers hand out other pictures than they show, against tracking: white, noise or nothing. Squares
 * of known colours are drawn and read back.
 */
function alters() {
  const [, pen] = canvas(16, 16);
  const light = (n) => (n * 37) % 256;
  for (let n = 0; n < 64; n += 1) {
    pen.fillStyle = `rgb(${light(n)} ${light(n + 5)} ${light(n + 11)})`;
    pen.fillRect((n % 8) * 2, Math.floor(n / 8) * 2, 2, 2);
  }
  const { data } = pen.getImageData(0, 0, 16, 16);
  let off = 0;
  for (let at = 0; at < 256; at += 1) {
    const n = Math.floor(Math.floor(at / 16) / 2) * 8 + Math.floor((at % 16) / 2);
    [light(n), light(n + 5), light(n + 11)].forEach((value, i) => (off += Math.abs(data[4 * at + i] - value)));
  }
  return off / (256 * 3) > ALTERED;
}

function picture(video) {
  const [drawn, pen] = canvas(640, 480);
  // Fill 4:3 whatever the camera's own shape is.
  const scale = Math.max(640 / video.videoWidth, 480 / video.videoHeight);
  const width = video.videoWidth * scale;
  const height = video.videoHeight * scale;
  pen.drawImage(video, (640 - width) / 2, (480 - height) / 2, width, height);
  return new Promise((done) => drawn.toBlob(done, "image/jpeg", 0.92));
}

/** Fills the list of cameras; with one alone there is nothing to choose. */
async function offer(main, again) {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const cameras = devices.filter((device) => device.kind === "videoinput");
  const field = main.querySelector("#camera-choice");
  const list = field.querySelector("select");
  field.hidden = cameras.length < 2;
  const used = stream?.getVideoTracks()[0]?.getSettings().deviceId;
  list.replaceChildren(
    ...cameras.map(({ deviceId, label }, n) => new Option(label || `${n + 1}`, deviceId, false, deviceId === used)),
  );
  list.onchange = () => {
    chosen = list.value;
    again();
  };
}

export async function startCamera(main, post) {
  const mine = (running += 1);
  const here = () => mine === running;
  const video = main.querySelector("#video");
  const status = main.querySelector("#camera-status");
  const shoot = main.querySelector("#shoot");
  const fault = main.querySelector("#camera-fault");
  const again = () => {
    stopCamera();
    startCamera(main, post);
  };
  main.querySelector("#camera-again").onclick = again;

  function tell(name) {
    stopCamera();
    delete main.dataset.camera;
    shoot.disabled = true;
    status.textContent = "";
    fault.dataset.fault = name;
    fault.querySelector("p").textContent = fault.dataset[name];
    fault.hidden = false;
  }

  fault.hidden = true;
  shoot.disabled = true;
  status.textContent = status.dataset.starting;
  if (!navigator.mediaDevices) return tell("broken");
  try {
    const size = { width: { ideal: 640 }, height: { ideal: 480 } };
    const which = chosen ? { deviceId: { exact: chosen } } : { facingMode: "user" };
    const opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...which } });
    if (!here()) {
      for (const track of opened.getTracks()) track.stop();
      return undefined;
    }
    stream = opened;
  } catch (error) {
    chosen = "";
    return here() ? tell(FAULTS[error.name] ?? "broken") : undefined;
  }
  if (alters()) return tell("altered");
  stream.getVideoTracks()[0].addEventListener("ended", () => here() && tell("gone"));
  video.srcObject = stream;
  await video.play().catch(() => undefined);
  await offer(main, again);
  if (!here()) return undefined;
  status.textContent = status.dataset.ready;
  shoot.disabled = false;
  main.dataset.camera = "ready";
  const count = main.querySelector("#countdown");
  shoot.onclick = async () => {
    shoot.disabled = true;
    for (let left = COUNTDOWN; left > 0 && here(); left -= 1) {
      count.textContent = String(left);
      count.hidden = false;
      await pause(1000);
    }
    count.hidden = true;
    status.textContent = status.dataset.checking;
    for (let n = 0; n < FRAMES && here(); n += 1) {
      const frame = await picture(video);
      if (!frame && here()) return tell("altered");
      const state = frame && (await post("/api/face/frame", frame, "image/jpeg"));
      if (!state || state.code !== "E-16") break;
      status.textContent = state.message;
      await pause(250);
    }
    if (here()) shoot.disabled = false;
    return undefined;
  };
  return undefined;
}
