// Search: hits are counted in every session, and marked in the current one.
const search = {
  pattern: null, text: "", marks: [], place: -1,
  // Compressed sessions are searched one pack after the other; a later search ends an earlier one.
  run: 0, isDone: true, wanted: 0,
  found: { hosts: 0, steps: 0 },
};

/** Small letters find both; a capital finds itself. */
function patternOf(text) {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(escaped, /\p{Lu}/u.test(text) ? "gu" : "giu");
}

/** The texts to search in: a step's console, a message. */
const searchable = (session) => all("pre, .message", session.section);

/** Lines that were sent, and prompts, are not what was answered. */
const isAsked = (piece) => piece.classList.contains("i") || piece.classList.contains("p");

/** The text nodes of an element that are searched: what was answered, without streams that are hidden. */
function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    const piece = walker.currentNode.parentElement.closest("[data-t]");
    if (!piece || !isAsked(piece) && !isHidden(piece)) nodes.push(walker.currentNode);
  }
  return nodes;
}

function count(session) {
  let hits = 0;
  for (const element of searchable(session)) {
    hits += hitsIn(textNodes(element).map((node) => node.data).join(""));
  }
  return hits;
}

function unmark() {
  for (const marks of search.marks) {
    for (const mark of marks) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
  }
  search.marks = [];
  search.place = -1;
}

/** Marks each hit; one that runs over several pieces gets a mark in each. */
function mark(element) {
  const nodes = textNodes(element);
  const text = nodes.map((node) => node.data).join("");
  let place = 0;
  let start = 0;
  for (const match of text.matchAll(search.pattern)) {
    if (!match[0]) continue;
    const marks = [];
    const end = match.index + match[0].length;
    let from = match.index;
    while (from < end) {
      while (from >= start + nodes[place].length) start += nodes[place++].length;
      const hit = from > start ? nodes[place].splitText(from - start) : nodes[place];
      start = Math.min(end, from + hit.length);
      const length = start - from;
      // What is left of the node behind the hit stands for the node from here on.
      if (length < hit.length) nodes[place] = hit.splitText(length); else place += 1;
      const element = document.createElement("mark");
      hit.replaceWith(element);
      element.append(hit);
      marks.push(element);
      from = start;
    }
    search.marks.push(marks);
  }
}

function hitsIn(text) {
  let hits = 0;
  for (const match of text.matchAll(search.pattern)) if (match[0]) hits += 1;
  return hits;
}

function showHits(session, hits) {
  session.hits = hits;
  if (!session.link) return;
  const badge = one(".count", session.link);
  badge.hidden = !hits;
  badge.textContent = String(hits);
  badge.setAttribute("aria-label", `${hits} hits`);
}

function runSearch() {
  unmark();
  const text = one("#find").value;
  search.pattern = text ? patternOf(text) : null;
  search.run += 1;
  search.wanted = 0;
  if (text !== search.text) for (const session of sessions) showHits(session, 0);
  search.text = text;
  const isPacked = (session) => search.pattern && session.packed && session !== current;
  for (const session of sessions) {
    if (!isPacked(session)) showHits(session, search.pattern ? count(session) : 0);
  }
  if (search.pattern) searchable(current).forEach(mark);
  const packed = sessions.filter(isPacked);
  search.isDone = packed.length === 0;
  search.found = searchGrids();
  tellHits();
  if (packed.length) searchPacks(packed, search.run);
}

/** Counts what is in compressed sessions, pack by pack, as long as the search is the same. */
async function searchPacks(packed, run) {
  const groups = Map.groupBy(packed, (session) => session.packed.dataset.pack);
  for (const [pack, members] of groups) {
    const content = await unpack(`pack-${pack}`);
    if (run !== search.run) return;
    for (const session of members) {
      if (session === current) continue;
      const steps = content[Number(session.packed.dataset.place)];
      const message = one(".message", session.section);
      const texts = textsOf(steps).concat(message ? [message.textContent] : []);
      showHits(session, texts.reduce((sum, text) => sum + hitsIn(text), 0));
    }
  }
  search.isDone = true;
  search.found = searchGrids();
  tellHits();
  if (search.wanted) goToHit(search.wanted);
}

function tellHits() {
  const total = sessions.reduce((sum, session) => sum + (session.hits || 0), 0);
  const here = search.place < 0 ? "" : `${search.place + 1} of `;
  const elsewhere = total - search.marks.length;
  const text = `${here}${search.marks.length}` + (elsewhere > 0 ? `, ${elsewhere} elsewhere` : "");
  const { hosts, steps } = search.found;
  const names = [[hosts, "host"], [steps, "step"]].filter(([number]) => number)
    .map(([number, name]) => `${number} ${name}${number > 1 ? "s" : ""}`);
  const parts = (total ? [text] : []).concat(names).concat(search.isDone ? [] : ["searching…"]);
  page.dataset.searched = search.isDone ? search.text : "";
  one("#hits").textContent = search.pattern ? parts.join(", ") || "nothing found" : "";
}

function goToHit(distance) {
  if (!search.pattern) return;
  let place = search.place + distance;
  if (search.place < 0 && distance < 0) place = search.marks.length - 1;
  if (place < 0 || place >= search.marks.length) {
    const order = sessions.concat(sessions);
    if (distance < 0) order.reverse();
    const from = order.indexOf(current);
    const next = order.slice(from + 1).find((session) => session.hits);
    if (next) return show(next, () => goToMark(distance < 0 ? search.marks.length - 1 : 0));
    if (!search.isDone) {
      search.wanted = distance;
      return;
    }
    const named = grids.length ? grids[0].shownRows()[0] : null;
    return named ? openSession(named, undefined, null) : undefined;
  }
  goToMark(place);
}

function goToMark(place) {
  if (search.marks[search.place]) search.marks[search.place].forEach((part) => part.classList.remove("here"));
  search.place = place;
  const hit = search.marks[place];
  if (!hit) return;
  const piece = hit[0].closest("[data-t]");
  if (piece && piece.classList.contains("future")) seek(Number(piece.dataset.t));
  hit.forEach((part) => part.classList.add("here"));
  hit[0].scrollIntoView({ block: "center" });
  tellHits();
}

whenShown.push(() => {
  unmark();
  if (search.pattern) {
    searchable(current).forEach(mark);
    showHits(current, search.marks.length);
    search.found = searchGrids();
  }
  tellHits();
});

let searchTimer = 0;
one("#find").addEventListener("input", () => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(runSearch, 120);
});
