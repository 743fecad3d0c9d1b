// The camera page: one press takes pictures until one can be judged, and hands each to the
// program on this computer. Pictures are kept nowhere.

const FRAMES = 8;
let stream;
let running = 0;

export function stopCamera() {
  running += 1;
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function picture(video) {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 480;
  // Fill 4:3 whatever the camera's own shape is.
  const scale = Math.max(640 / video.videoWidth, 480 / video.videoHeight);
  const width = video.videoWidth * scale;
  const height = video.videoHeight * scale;
  canvas.getContext("2d").drawImage(video, (640 - width) / 2, (480 - height) / 2, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
}

export async function startCamera(main, post) {
  const mine = (running += 1);
  const video = main.querySelector("#video");
  const status = main.querySelector("#camera-status");
  const shoot = main.querySelector("#shoot");
  try {
    const opened = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" },
    });
    if (mine !== running) {
      for (const track of opened.getTracks()) track.stop();
      return;
    }
    stream = opened;
  } catch {
    if (mine === running) await post("/api/face/no-camera", "{}");
    return;
  }
  video.srcObject = stream;
  await video.play().catch(() => undefined);
  status.textContent = status.dataset.ready;
  main.dataset.camera = "ready";
  let judging = false;
  shoot.addEventListener("click", async () => {
    if (judging || mine !== running) return;
    judging = true;
    status.textContent = status.dataset.checking;
    for (let n = 0; n < FRAMES && mine === running; n += 1) {
      const frame = await picture(video);
      const state = frame && (await post("/api/face/frame", frame, "image/jpeg"));
      if (!state || state.code !== "E-16") break;
      status.textContent = state.message;
      await pause(250);
    }
    judging = false;
  });
}
