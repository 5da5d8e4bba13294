// The player: a clock that moves through the current session.
const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];
const player = { speed: 1, isPlaying: false, last: 0 };
const slider = one("#time");

function clockText(microseconds) {
  const seconds = microseconds / 1e6;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = (seconds % 60).toFixed(1).padStart(4, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function seek(time, follows = false) {
  if (!current || !current.items) return;
  current.seek(time);
  slider.value = String((current.time / current.end) * 1000);
  const text = `${clockText(current.time)} / ${clockText(current.end)}`;
  one("#clock").textContent = text;
  slider.setAttribute("aria-valuetext", text);
  if (follows) keepInSight();
}

/** Scrolls as far as the newest piece needs. */
function keepInSight() {
  const newest = current.items[current.shown - 1];
  if (!newest) return;
  const box = newest.getBoundingClientRect();
  const top = one(".toolbar").getBoundingClientRect().bottom;
  const bottom = one(".player").getBoundingClientRect().top;
  if (box.bottom > bottom - 24) window.scrollBy(0, box.bottom - bottom + 48);
  else if (box.top < top) window.scrollBy(0, box.top - top - 48);
}

function setPlaying(isPlaying) {
  if (isPlaying && current.time >= current.end) seek(0, true);
  player.isPlaying = isPlaying;
  player.last = performance.now();
  const button = one('[data-do="play"]');
  button.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
  one(".start", button).toggleAttribute("hidden", isPlaying);
  one(".stop", button).toggleAttribute("hidden", !isPlaying);
  if (isPlaying) requestAnimationFrame(tick);
}

function tick(now) {
  if (!player.isPlaying) return;
  const passed = Math.max(0, now - player.last) * 1000 * player.speed;
  player.last = now;
  const before = current.shown;
  current.time = Math.min(current.time + passed, current.end);
  seek(current.time, current.countAt(current.time) !== before);
  if (current.time >= current.end) setPlaying(false); else requestAnimationFrame(tick);
}

function setSpeed(speed) {
  player.speed = speed;
  one("#speed").textContent = `${speed}×`;
}

function changeSpeed(places) {
  const place = speeds.indexOf(player.speed) + places;
  setSpeed(speeds[Math.min(Math.max(place, 0), speeds.length - 1)]);
}

/** Goes to the piece that comes next, or to the time before the last one came. */
function seekPiece(distance) {
  setPlaying(false);
  const place = distance > 0 ? current.shown : current.countAt(current.time) - 1;
  if (place < 0 || place >= current.items.length) return;
  seek(distance > 0 ? current.times[place] : current.times[place] - 1, true);
}

/** Goes to the end of the step so many steps further on, so that all of it is seen. */
function seekStep(distance) {
  const at = current.stepAt();
  const place = current.steps.indexOf(at) + distance;
  if (place < 0) return seek(0, true);
  const step = current.steps[Math.min(place, current.steps.length - 1)];
  if (!step) return;
  seek(endOf(step), false);
  step.scrollIntoView({ block: "nearest" });
}

/** The last moment before the next step begins, as far as this step has anything to show. */
function endOf(step) {
  const next = current.steps[current.steps.indexOf(step) + 1];
  const end = Math.max(Number(step.dataset.e || 0), Number(step.dataset.t));
  return next ? Math.max(Number(step.dataset.t), Math.min(end, Number(next.dataset.t) - 1)) : current.end;
}

/** A mark on the timeline for each step, by what came of it. */
function drawMarks() {
  const marks = { ok: "", warn: "", bad: "", none: "" };
  for (const step of current.steps) {
    const kind = ["ok", "warn", "bad"].find((name) => step.classList.contains(name)) || "none";
    marks[kind] += `M${((Number(step.dataset.t) / current.end) * 1000).toFixed(2)} 1.5v7`;
  }
  const drawing = one(".timeline svg");
  drawing.replaceChildren();
  for (const [kind, path] of Object.entries(marks)) {
    if (!path) continue;
    const element = document.createElementNS("http://www.w3.org/2000/svg", "path");
    element.setAttribute("d", path);
    element.setAttribute("class", kind);
    drawing.append(element);
  }
}

slider.addEventListener("input", () => {
  setPlaying(false);
  seek((Number(slider.value) / 1000) * current.end, true);
});
whenShown.push(() => {
  setPlaying(false);
  drawMarks();
  seek(current.time);
});
