// Looks at every camera once, for the page that says whether all is ready. Pictures are looked at for a
// moment in this page and go nowhere.

/** What a browser calls a fault, and what the pages call it. */
export const FAULTS = {
  NotAllowedError: "forbidden",
  SecurityError: "forbidden",
  NotReadableError: "busy",
  AbortError: "busy",
  NotFoundError: "none",
  OverconstrainedError: "none",
};
/** A picture whose brightness differs by less than this from corner to corner shows nothing. */
const FLAT = 6;

async function open(deviceId) {
  const video = deviceId ? { deviceId: { exact: deviceId } } : true;
  return navigator.mediaDevices.getUserMedia({ audio: false, video });
}

function close(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** Whether what the camera shows has any light and dark in it. */
async function shows(stream) {
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = stream;
  await video.play();
  await new Promise((later) => setTimeout(later, 400));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [32, 24];
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 32, 24);
  const { data } = pen.getImageData(0, 0, 32, 24);
  const light = [];
  for (let at = 0; at < data.length; at += 4) light.push((data[at] + data[at + 1] + data[at + 2]) / 3);
  return Math.max(...light) - Math.min(...light) >= FLAT;
}

async function state(deviceId) {
  let stream;
  try {
    stream = await open(deviceId);
    return (await shows(stream)) ? "good" : "dark";
  } catch (error) {
    const fault = FAULTS[error.name];
    return fault && fault !== "none" ? fault : "broken";
  } finally {
    if (stream) close(stream);
  }
}

/** All cameras with their states, `[{name, state}]`. */
export async function lookAtCameras() {
  if (!navigator.mediaDevices) return [];
  // Names and numbers are given once the voter has agreed.
  const agreed = await open().then(close, (error) => FAULTS[error.name]);
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const cameras = devices.filter((device) => device.kind === "videoinput");
  if (agreed === "forbidden") return [{ name: cameras[0]?.label || "1", state: "forbidden" }];
  const found = [];
  for (const [n, camera] of cameras.entries()) {
    found.push({ name: camera.label || String(n + 1), state: await state(camera.deviceId) });
  }
  return found;
}
