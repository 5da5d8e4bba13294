"use strict";
// The page is whole without this: every session stands in it as text, or its outcome where there are many. What follows
// shows one session at a time and plays it.
const page = document.documentElement;
const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));

/** A session of the page; its pieces are looked for when it is first shown. */
class Session {
  constructor(section, link) {
    this.section = section;
    this.link = link;
    this.outcome = section.dataset.outcome;
    this.shown = 0;
    this.time = 0;
  }

  /** The list of its steps, where they are compressed. */
  get packed() { return one(".steps[data-pack]", this.section); }

  get isLoaded() { return !this.packed || this.packed.dataset.loaded === "true"; }

  async load() {
    const list = this.packed;
    const steps = (await packOf(list))[Number(list.dataset.place)];
    if (this.isLoaded) return;
    for (const step of steps) list.append(build(step));
    list.dataset.loaded = "true";
  }

  /** Gives back what was decoded: a browser holds one session of thousands. */
  unload() {
    if (!this.packed) return;
    this.packed.replaceChildren();
    delete this.packed.dataset.loaded;
    this.items = this.at = undefined;
  }

  prepare() {
    if (this.items) return;
    this.items = all("[data-t]", this.section);
    let last = 0;
    // Microseconds since the session began, never falling, so that a search by halves finds its way.
    this.times = this.items.map((item) => (last = Math.max(last, Number(item.dataset.t))));
    this.steps = all(".step", this.section).filter((step) => step.dataset.t !== undefined);
    this.end = Math.max(last, Number(this.section.dataset.end || 0), 1);
    this.shown = this.items.length;
    this.time = this.end;
  }

  /** How many pieces have come at that time. */
  countAt(time) {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= time) low = middle + 1; else high = middle;
    }
    return low;
  }

  seek(time) {
    this.time = Math.min(Math.max(time, 0), this.end);
    const count = this.countAt(this.time);
    for (let index = this.shown; index < count; index++) this.items[index].classList.remove("future");
    for (let index = count; index < this.shown; index++) this.items[index].classList.add("future");
    this.shown = count;
    for (const step of this.steps) {
      step.classList.toggle("running", Number(step.dataset.e || 0) > this.time);
    }
    const at = this.stepAt();
    if (at !== this.at) {
      if (this.at) this.at.classList.remove("at");
      if (at) at.classList.add("at");
      this.at = at;
    }
  }

  /** The step that is under way, or the last one that was. */
  stepAt() {
    let low = 0;
    let high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.steps[middle].dataset.t) <= this.time) low = middle + 1; else high = middle;
    }
    return this.steps[low - 1];
  }
}

const links = all(".targets a");
const sessions = all(".session").map((section, place) => new Session(section, links[place] || null));
let current = null;
const whenShown = [];

/** Scrolls the list of targets, and nothing else, until a target is in sight. */
function keepInList(link) {
  const list = link.closest("ul");
  const [box, own] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
  if (own.top < box.top) list.scrollTop -= box.top - own.top;
  else if (own.bottom > box.bottom) list.scrollTop += own.bottom - box.bottom;
}

/** Shows a session instead of the one before, and then does what is left to do. */
function show(session, then = () => {}) {
  if (!session) return;
  if (session === current && session.items) return then();
  if (current && current !== session) {
    if (current.items) setPlaying(false);
    current.section.classList.remove("current");
    current.unload();
    if (current.link) current.link.removeAttribute("aria-current");
  }
  current = session;
  session.section.classList.add("current");
  if (session.link) {
    session.link.setAttribute("aria-current", "true");
    keepInList(session.link);
  }
  const begin = () => {
    session.prepare();
    for (const tell of whenShown) tell();
    then();
  };
  if (session.isLoaded) return begin();
  session.load().then(() => {
    if (session === current) begin();
  }, () => toast("This session cannot be decoded by this browser."));
}

/** Shows what the address points to: a session, or a step of one. */
function followAddress() {
  const name = decodeURIComponent(location.hash.slice(1));
  const [, id] = /^(s\d+)(-\d+)?$/.exec(name) || [];
  const meant = sessions.find((session) => session.section.id === id);
  // Of a fleet's page the first session that is not well is the one to read.
  const first = sessions.find((session) => session.packed && session.outcome !== "ok") || sessions[0];
  show(meant || current || first, () => {
    const place = meant && document.getElementById(name);
    if (place && place !== meant.section) place.scrollIntoView({ block: "start" });
  });
}

/** Shows the target so many places further down the list, as far as the list is filtered. */
function showBeside(distance) {
  const listed = sessions.filter((session) => !session.link || !session.link.parentNode.hidden);
  const place = listed.indexOf(current);
  const next = listed[place < 0 ? 0 : Math.min(Math.max(place + distance, 0), listed.length - 1)];
  if (!next || next === current) return;
  show(next);
  history.replaceState(null, "", `#${next.section.id}`);
  window.scrollTo(0, Math.min(window.scrollY, one(".layout").offsetTop));
}

let toastTimer = 0;
function toast(text) {
  const element = one(".toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { element.hidden = true; }, 1600);
}
