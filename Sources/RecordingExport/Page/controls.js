// Buttons, keys, and the page's beginning.

/** The text of a step as it was sent, or what a console showed of it, as far as it is not filtered out. */
function textOf(step, isOutput) {
  const pieces = all("pre > [data-t]", step).filter((piece) => !piece.classList.contains("u"));
  const wanted = pieces.filter((piece) => {
    const isTyped = piece.classList.contains("i");
    return isOutput ? !isTyped && !piece.classList.contains("p") && !isHidden(piece) : isTyped;
  });
  const text = wanted.map((piece) => piece.textContent).join("");
  return isOutput ? text : text.replace(/\n$/, "");
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the clipboard's permission an element that is selected will do.
    const area = document.createElement("textarea");
    area.value = text;
    one(".player").append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  page.dataset.copied = text;
  toast(`${what} copied`);
}

function copyStep(step, isOutput) {
  if (step) copy(textOf(step, isOutput), isOutput ? "Output" : "Text");
}

function addCopyButtons() {
  for (const step of all(".step", current.section)) {
    const tools = one(".tools", step);
    if (!tools || tools.childElementCount) continue;
    for (const [text, isOutput] of [["Copy text", false], ["Copy output", true]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => copyStep(step, isOutput));
      tools.append(button);
    }
  }
}
whenShown.push(addCopyButtons);

function changeTheme() {
  const isDark = page.dataset.theme
    ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.theme = isDark ? "light" : "dark";
}

const actions = {
  play: () => setPlaying(!player.isPlaying),
  previousStep: () => { setPlaying(false); seekStep(-1); },
  nextStep: () => { setPlaying(false); seekStep(1); },
  slower: () => changeSpeed(-1),
  faster: () => changeSpeed(1),
  previousHit: () => goToHit(-1),
  nextHit: () => goToHit(1),
  theme: changeTheme,
  help: () => one("#help").showModal(),
};
for (const button of all("[data-do]")) button.addEventListener("click", actions[button.dataset.do]);

// As in `psrun replay`, where a browser leaves the key to the page.
const keys = {
  " ": actions.play,
  ".": () => seekPiece(1),
  ",": () => seekPiece(-1),
  "[": actions.previousStep,
  "]": actions.nextStep,
  ArrowLeft: () => seek(current.time - 5e6, true),
  ArrowRight: () => seek(current.time + 5e6, true),
  "<": () => seek(current.time - 60e6, true),
  ">": () => seek(current.time + 60e6, true),
  g: () => seek(0, true),
  Home: () => seek(0, true),
  G: () => seek(current.end, true),
  End: () => seek(current.end, true),
  "-": actions.slower,
  "+": actions.faster,
  "=": () => setSpeed(1),
  "/": () => one("#find").select(),
  n: actions.nextHit,
  N: actions.previousHit,
  Escape: () => {
    if (!one("#find").value && goBack()) return;
    one("#find").value = "";
    runSearch();
  },
  "{": () => showBeside(-1),
  "}": () => showBeside(1),
  c: () => copyStep(current.stepAt(), true),
  y: () => copyStep(current.stepAt(), false),
  t: actions.theme,
  "?": actions.help,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || one("dialog[open]")) return;
  const target = event.target;
  if (target.id === "find" && (event.key === "Enter" || event.key === "Escape")) {
    clearTimeout(searchTimer);
    if (event.key === "Escape") {
      keys.Escape();
      target.blur();
    } else {
      if (search.text !== one("#find").value) runSearch();
      goToHit(event.shiftKey ? -1 : 1);
    }
    event.preventDefault();
    return;
  }
  // A field takes its own keys, a button and a summary what presses them.
  if (target.matches('input[type="search"], select')) return;
  if (target.matches("button, summary, a") && (event.key === " " || event.key === "Enter")) return;
  const action = keys[event.key];
  // While a session is being decoded, its player has nothing to do yet.
  if (!action || !(current.items || ["/", "?", "t", "Escape"].includes(event.key))) return;
  event.preventDefault();
  action(event);
});

window.addEventListener("hashchange", followAddress);
if (sessions.length) {
  one(".toolbar").hidden = false;
  one(".player").hidden = false;
  followAddress();
}
