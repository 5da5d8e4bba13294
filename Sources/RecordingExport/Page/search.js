// Search: hits are counted in every session, and marked in the current one.
const search = { pattern: null, marks: [], place: -1 };

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
    const text = textNodes(element).map((node) => node.data).join("");
    for (const match of text.matchAll(search.pattern)) if (match[0]) hits += 1;
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

function runSearch() {
  unmark();
  const text = one("#find").value;
  search.pattern = text ? patternOf(text) : null;
  for (const session of sessions) {
    session.hits = search.pattern ? count(session) : 0;
    if (!session.link) continue;
    const badge = one(".count", session.link);
    badge.hidden = !session.hits;
    badge.textContent = String(session.hits);
    badge.setAttribute("aria-label", `${session.hits} hits`);
  }
  if (search.pattern) searchable(current).forEach(mark);
  tellHits();
}

function tellHits() {
  const total = sessions.reduce((sum, session) => sum + (session.hits || 0), 0);
  const here = search.place < 0 ? "" : `${search.place + 1} of `;
  const elsewhere = total - search.marks.length;
  const text = `${here}${search.marks.length}` + (elsewhere > 0 ? `, ${elsewhere} elsewhere` : "");
  one("#hits").textContent = search.pattern ? (total ? text : "nothing found") : "";
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
    if (!next) return;
    show(next);
    place = distance < 0 ? search.marks.length - 1 : 0;
  }
  if (search.marks[search.place]) search.marks[search.place].forEach((part) => part.classList.remove("here"));
  search.place = place;
  const hit = search.marks[place];
  const piece = hit[0].closest("[data-t]");
  if (piece && piece.classList.contains("future")) seek(Number(piece.dataset.t));
  hit.forEach((part) => part.classList.add("here"));
  hit[0].scrollIntoView({ block: "center" });
  tellHits();
}

whenShown.push(() => {
  unmark();
  if (search.pattern) searchable(current).forEach(mark);
  tellHits();
});

let searchTimer = 0;
one("#find").addEventListener("input", () => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(runSearch, 120);
});
