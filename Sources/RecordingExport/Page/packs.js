// Compressed parts of the page: decoded when they are asked for. Elements are made of data, never of markup.
const elements = new Set(["li", "div", "a", "span", "pre", "bdi", "p"]);
const attributes = new Set(["class", "id", "href", "data-t", "data-e", "data-l", "data-name"]);

/** The element that `["name", ["attribute", "value", …], child, …]` stands for; a text for a string. */
function build(node) {
  if (typeof node === "string") return document.createTextNode(node);
  const [name, pairs] = node;
  if (!elements.has(name)) return document.createTextNode("");
  const element = document.createElement(name);
  for (let place = 0; place + 1 < pairs.length; place += 2) {
    const [key, value] = [pairs[place], pairs[place + 1]];
    if (attributes.has(key) && (key !== "href" || value.startsWith("#"))) element.setAttribute(key, value);
  }
  for (let place = 2; place < node.length; place++) element.append(build(node[place]));
  return element;
}

/** What a block of the page's data holds. */
async function unpack(id) {
  const text = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) bytes[place] = text.charCodeAt(place);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** The last pack that was decoded: the hosts in it are often opened one after the other. */
const lastPack = { id: "", content: Promise.resolve([]) };
function packOf(list) {
  const id = `pack-${list.dataset.pack}`;
  if (lastPack.id !== id) Object.assign(lastPack, { id, content: unpack(id) });
  return lastPack.content;
}

/** The console's texts of packed steps, without streams that are hidden: one for each step. */
function textsOf(steps) {
  const texts = [];
  const textOfNode = (node) => typeof node === "string" ? node : node.slice(2).map(textOfNode).join("");
  const isLeftOut = (name) => name === "i" || name === "p" || page.classList.contains(`hide-${name}`);
  const isHiddenNode = (node) => typeof node !== "string" && node[1][0] === "class"
    && node[1][1].split(" ").some(isLeftOut);
  for (const step of steps) {
    for (const part of step.slice(2)) {
      if (part[0] === "pre") texts.push(part.slice(2).filter((piece) => !isHiddenNode(piece)).map(textOfNode).join(""));
    }
  }
  return texts;
}
