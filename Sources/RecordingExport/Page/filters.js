// Filters: streams of the sessions, targets of the list.
const streams = {
  o: "output", e: "error", w: "warning", v: "verbose", d: "debug", n: "information", g: "progress", j: "object",
  c: "connection",
};

function isHidden(piece) {
  return Object.keys(streams).some((name) =>
    piece.classList.contains(name) && page.classList.contains(`hide-${name}`));
}

function chip(text, change) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.setAttribute("aria-pressed", "true");
  button.addEventListener("click", () => {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOn));
    change(isOn);
  });
  return button;
}

for (const [name, text] of Object.entries(streams)) {
  const packed = one("#sessions").dataset.streams;
  if (packed === undefined ? !one(`.session .${name}`) : !packed.includes(name)) continue;
  const button = chip(text, (isOn) => {
    page.classList.toggle(`hide-${name}`, !isOn);
    runSearch();
  });
  button.dataset.stream = text;
  one("#streams").append(button);
}

const hiddenOutcomes = new Set();
function filterTargets() {
  const text = one("#targets-filter").value.toLowerCase();
  let listed = 0;
  for (const session of sessions) {
    const name = one(".name", session.link).textContent.toLowerCase();
    const isListed = name.includes(text) && !hiddenOutcomes.has(session.outcome);
    session.link.parentNode.hidden = !isListed;
    listed += isListed ? 1 : 0;
  }
  one("#targets-listed").textContent = listed < sessions.length ? `${listed} of ${sessions.length}` : "";
}

if (sessions.length > 1) {
  one(".targets .filters").hidden = false;
  one("#targets-filter").addEventListener("input", filterTargets);
  const outcomes = Array.from(new Set(sessions.map((session) => session.outcome))).sort();
  if (outcomes.length > 1) {
    for (const outcome of outcomes) {
      one("#outcomes").append(chip(outcome.replace("_", " "), (isOn) => {
        if (isOn) hiddenOutcomes.delete(outcome); else hiddenOutcomes.add(outcome);
        filterTargets();
      }));
    }
  }
}
