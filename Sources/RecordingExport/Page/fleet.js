// What the grids lead to, and how their rows are chosen.
let returnTo = null;

/** Opens a host's session in the player, at a step where one is meant. */
function openSession(row, line, grid) {
  const session = sessions.find((session) => session.section.id === row.label.hash.slice(1));
  if (!session) return;
  returnTo = grid;
  history.replaceState(null, "", `#${session.section.id}`);
  show(session, () => {
    const step = line === undefined ? null : session.steps.find((step) => step.dataset.l === line);
    if (step) seek(endOf(step));
    const heading = one("h2", session.section);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    (step || session.section).scrollIntoView({ block: step ? "center" : "start" });
  });
}

/** Back to the cell that led here; false where none did. */
function goBack() {
  if (!returnTo) return false;
  const grid = returnTo;
  returnTo = null;
  grid.root.focus();
  return true;
}

function openStep(row, column, grid) {
  openSession(row, grid.columns[column].dataset.l, grid);
}

function openNight(row, column, grid) {
  if (column === nights.length - 1 && row.label.hash) return openSession(row, undefined, grid);
  if (row.letters[column] !== " ") showNight(row, column);
}

function add(parent, name, text, className) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

/** What the page holds of a host's earlier night: how it ended, for what reason, and each step. */
async function showNight(row, column) {
  const [run, moment, details] = nights[column];
  const host = row.label.textContent;
  const outcome = outcomeOf.get(row.letters[column]);
  const body = one("#night-body");
  body.replaceChildren();
  one("#night-title").textContent = host;
  add(body, "p", moment, "quiet");
  add(add(body, "p", ""), "span", outcome ? outcome.words : row.letters[column], `badge ${outcome ? outcome.kind : "warn"}`);
  one("#night").showModal();
  if (details >= 0) {
    const [steps, texts, hosts] = await unpack(`night-${details}`);
    const found = hosts.find((entry) => entry[0] === row.given);
    if (found) tellNight(body, steps, texts, found);
  } else if (column < nights.length - 1) {
    add(body, "p", "There is no room in this page for the steps of this night.", "notice");
  }
  const quoted = /^[\w.@:[\]-]+$/.test(host) ? host : `'${host.replaceAll("'", "'\\''")}'`;
  add(body, "p", "The session itself is in the recording:", "quiet");
  add(body, "pre", `psrun replay ${run} --host ${quoted}`);
}

function tellNight(body, steps, texts, [, took, ending, reason, letters, times]) {
  one(".badge", body).textContent = texts[ending] || "";
  if (took >= 0) add(body, "p", `took ${durationText(took)}`, "quiet");
  if (reason >= 0) add(body, "p", texts[reason], "message");
  const list = add(body, "ol", "", "night-steps");
  Array.from(letters).forEach((letter, place) => {
    if (letter === " ") return;
    const outcome = outcomeOf.get(letter);
    const item = add(list, "li", "");
    add(item, "span", letter, `cell ${outcome ? outcome.kind : "warn"}`).setAttribute("aria-hidden", "true");
    add(item, "span", steps[place][0], "number");
    add(item, "code", steps[place][1]);
    const words = [outcome ? outcome.words : letter];
    if (times[place] >= 0) words.push(durationText(times[place]));
    add(item, "span", words.join(", "), "quiet");
  });
}

const byName = new Intl.Collator(undefined, { numeric: true });
const orders = {
  "not well first": (a, b) => a.well - b.well || a.given - b.given,
  "most nights not well": (a, b) => b.bad - a.bad || a.given - b.given,
  "slowest first": (a, b) => b.took - a.took || a.given - b.given,
  "by name": (a, b) => byName.compare(a.label.textContent, b.label.textContent) || a.given - b.given,
  "as given": (a, b) => a.given - b.given,
};

function addTools(grid, names) {
  for (const row of grid.rows) {
    row.well = row.classList.contains("ok") ? 1 : 0;
    row.bad = Number(one(".cause", row).dataset.bad || 0);
    row.took = Number(one(".dur", row)?.dataset.ms || 0);
  }
  const tools = one(`#${grid.name}-tools`);
  const label = add(tools, "label", "Order ");
  const select = document.createElement("select");
  for (const name of names) add(select, "option", name);
  select.addEventListener("change", () => grid.sort(orders[select.value]));
  label.append(select);
  const place = grid.name === "steps" ? 0 : grid.columns.length - 1;
  const letters = outcomes.map(([letter]) => letter).filter((letter) => grid.rows.some((row) => row.letters[place] === letter));
  const chips = add(tools, "div", "", "chips");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", "Outcomes that are listed");
  for (const letter of letters.length > 1 ? letters : []) {
    chips.append(chip(outcomeOf.get(letter).words, (isOn) => {
      if (isOn) grid.hidden.delete(letter); else grid.hidden.add(letter);
      grid.filter();
    }));
  }
  const told = add(tools, "span", "", "quiet");
  told.id = `${grid.name}-count`;
  told.setAttribute("role", "status");
  tools.hidden = false;
  one(`#${grid.name}-say`).hidden = false;
}

if (fleet) {
  grids.push(new Grid("steps", openStep));
  addTools(grids[0], ["not well first", "as given", "by name", "slowest first"]);
  if (nights.length) {
    grids.push(new Grid("nights", openNight));
    addTools(grids[1], ["most nights not well", "as given", "by name"]);
  }
  // The player is for the sessions: it does not stand before the grids.
  new IntersectionObserver(([entry]) => one(".player").classList.toggle("away", !entry.isIntersecting))
    .observe(one(".layout"));
}

/** Marks the steps that a search finds, and shows the hosts that it finds by name or by what they answered. */
function searchGrids() {
  const found = { hosts: 0, steps: 0 };
  const named = (text) => search.pattern && text.search(search.pattern) >= 0;
  const hits = new Map(sessions.map((session) => [session.section.id, session.hits]));
  for (const grid of grids) {
    for (const column of grid.columns) {
      const isFound = named(`${column.dataset.say} ${column.dataset.text || ""}`);
      column.classList.toggle("found", Boolean(isFound));
      if (isFound && grid.name === "steps") found.steps += 1;
    }
    grid.isWanted = null;
    if (grid.name === "steps") found.hosts = grid.rows.filter((row) => named(row.label.textContent)).length;
    const isFound = (row) => named(row.label.textContent) || hits.get((row.label.hash || "").slice(1)) > 0;
    // Where only steps are found, they are looked at on all hosts.
    const isNarrowed = search.pattern && (found.steps === 0 || grid.rows.some(isFound));
    grid.filter((row) => !isNarrowed || isFound(row));
  }
  return found;
}
