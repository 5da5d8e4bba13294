// The grids: hosts and steps, hosts and nights. Every row is there as text; what is in sight gets cells.
const fleet = one("#fleet-data") ? JSON.parse(one("#fleet-data").textContent) : null;
const [stepTimes, nights, outcomes] = fleet || [[], [], []];
const outcomeOf = new Map(outcomes.map(([letter, words, kind]) => [letter, { words, kind }]));
const grids = [];

/** `12 ms`, `1.5 s`, `2 min 3 s`, as everywhere in the page. */
function durationText(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return `${milliseconds} ms`;
  if (seconds < 10) return `${seconds}.${Math.floor(milliseconds % 1000 / 100)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

class Grid {
  constructor(name, open) {
    this.name = name;
    this.root = one(`#${name}-grid`);
    this.box = this.root.parentNode;
    this.open = open;
    this.rows = all(".row[data-h]", this.root);
    this.columns = all(".row.top .col", this.root);
    this.active = null;
    this.hidden = new Set();
    this.upgrade();
  }

  upgrade() {
    this.root.setAttribute("role", "grid");
    this.root.setAttribute("aria-readonly", "true");
    this.root.tabIndex = 0;
    this.rows.forEach((row, place) => {
      row.given = Number(row.dataset.h);
      row.label = one(".name", row);
      row.cells = one(".cells", row);
      row.letters = Array.from(row.cells.textContent);
      row.setAttribute("aria-rowindex", String(place + 3));
      // One stop for Tab: arrow keys go on from there.
      if (row.label.href) row.label.tabIndex = -1;
    });
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) this.fill(entry.target);
    }, { root: this.box, rootMargin: "400px" });
    for (const row of this.rows) seen.observe(row);
    window.addEventListener("beforeprint", () => this.rows.forEach((row) => this.fill(row)));
    this.root.addEventListener("keydown", (event) => this.press(event));
    this.root.addEventListener("focus", () => this.activate(this.active || { row: this.shownRows()[0], column: 0 }));
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("pointerover", (event) => {
      const at = this.placeOf(event.target);
      if (at) this.say(at);
    });
  }

  /** Makes cells of a row's letters. */
  fill(row) {
    if (row.filled) return;
    row.filled = true;
    row.cells.setAttribute("role", "none");
    row.cells.replaceChildren(...row.letters.map((letter, place) => {
      const cell = document.createElement("span");
      cell.className = `cell ${letter === " " ? "none" : outcomeOf.get(letter)?.kind || "warn"}`;
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", String(place + 2));
      cell.id = `${this.name}-${row.given}-${place}`;
      cell.textContent = letter;
      return cell;
    }));
  }

  shownRows() { return this.rows.filter((row) => !row.hidden); }

  placeOf(element) {
    const cell = element.closest(".cell");
    const row = element.closest(".row[data-h]");
    return cell && row ? { row, column: Array.from(row.cells.children).indexOf(cell) } : null;
  }

  click(event) {
    const at = this.placeOf(event.target);
    if (!at) return;
    this.activate(at);
    this.open(at.row, at.column, this);
  }

  /** Marks a cell as the one that keys act on, and brings it into sight. */
  activate(at) {
    if (!at || !at.row) return;
    this.fill(at.row);
    const cell = at.row.cells.children[at.column];
    if (!cell) return;
    for (const old of all(".active", this.root)) old.classList.remove("active");
    this.active = at;
    cell.classList.add("active");
    cell.setAttribute("aria-label", this.say(at));
    this.root.setAttribute("aria-activedescendant", cell.id);
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Tells of a cell in words. */
  say({ row, column }) {
    const head = this.columns[column];
    const letter = row.letters[column];
    const parts = [row.label.textContent, head.dataset.say + (head.dataset.text ? `: ${head.dataset.text}` : "")];
    parts.push(letter === " " ? "nothing" : outcomeOf.get(letter)?.words || letter);
    const took = this.name === "steps" ? (column ? stepTimes[row.given][column - 1] : Number(one(".dur", row).dataset.ms)) : -1;
    if (took >= 0) parts.push(`took ${durationText(took)}`);
    const cause = this.name === "steps" ? one(".cause", row).textContent : "";
    if (cause && !column) parts.push(cause);
    const text = parts.join(", ");
    one(`#${this.name}-say`).textContent = text;
    return text;
  }

  press(event) {
    if (event.altKey || event.metaKey || event.target !== this.root) return;
    const rows = this.shownRows();
    if (!rows.length) return;
    const at = this.active && !this.active.row.hidden ? this.active : { row: rows[0], column: 0 };
    const place = rows.indexOf(at.row);
    const last = this.columns.length - 1;
    const sight = Math.max(1, Math.floor(this.box.clientHeight / at.row.offsetHeight) - 3);
    const to = (row, column) => this.activate({
      row: rows[Math.min(Math.max(row, 0), rows.length - 1)], column: Math.min(Math.max(column, 0), last),
    });
    const keys = {
      ArrowUp: () => to(place - 1, at.column),
      ArrowDown: () => to(place + 1, at.column),
      ArrowLeft: () => to(place, at.column - 1),
      ArrowRight: () => to(place, at.column + 1),
      PageUp: () => to(place - sight, at.column),
      PageDown: () => to(place + sight, at.column),
      Home: () => to(event.ctrlKey ? 0 : place, 0),
      End: () => to(event.ctrlKey ? rows.length - 1 : place, last),
      Enter: () => this.open(at.row, at.column, this),
      " ": () => this.open(at.row, at.column, this),
    };
    if (!keys[event.key] || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }

  /** Shows the rows that a search and the chips leave. */
  filter(isWanted) {
    this.isWanted = isWanted || this.isWanted;
    for (const row of this.rows) {
      row.hidden = this.hidden.has(row.letters[this.name === "steps" ? 0 : row.letters.length - 1])
        || Boolean(this.isWanted && !this.isWanted(row));
    }
    const shown = this.shownRows().length;
    one(`#${this.name}-count`).textContent = shown < this.rows.length ? `${shown} of ${this.rows.length} hosts` : "";
  }

  sort(compare) {
    this.rows.sort(compare);
    this.rows.forEach((row, place) => row.setAttribute("aria-rowindex", String(place + 3)));
    this.root.append(...this.rows);
    this.box.scrollTop = 0;
  }
}
