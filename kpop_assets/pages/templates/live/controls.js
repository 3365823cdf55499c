// What the visitor chooses, keeps and saves. A cover is [number, values]: its seed, and a value for each field.
const place = document.querySelector(".live"), beforehand = document.querySelector(".beforehand");
const [told, weights] = [...place.querySelectorAll("script")].map(one => one.textContent);
const network = JSON.parse(told);
const LARGE_PIXELS = 1024, NUMBERS = 100000;
const PROCESSORS = { webgl: "graphics processor", cpu: "processor" };

const vectorOf = ({ choices, low, high, vectors }, value) => {
  if (choices) return choices.find(([name]) => name === value)[1];
  const at = (value - low) / (high - low) * (vectors.length - 1), before = Math.floor(at);
  const after = Math.min(before + 1, vectors.length - 1);
  return mixed(vectors[before], vectors[after], [1 - at + before, at - before]);
};
const parts = ([number, values]) =>
  [[...noiseOf(number, network.noiseSize)], network.fields.flatMap((field, index) => vectorOf(field, values[index]))];
const inputOf = cover => parts(cover).flat();
const inputBetween = (ends, share) => {
  const [[noise, chosen], [lastNoise, lastChosen]] = ends.map(parts);
  return [...noiseBetween(noise, lastNoise, share), ...mixed(chosen, lastChosen, [1 - share, share])];
};
const inWords = value => typeof value === "number" ? String(Number(value.toPrecision(6))) : value;
const words = ([number, values]) => [`number ${number}`, ...values.map(inWords)].join(", ");
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isCover = ([number, values]) => Number.isSafeInteger(number) && number >= 0 && values.length === network.fields.length &&
  network.fields.every(({ choices, low, high }, index) =>
    choices ? choices.some(([name]) => name === values[index]) : values[index] >= low && values[index] <= high);
const anyNumber = () => Math.floor(Math.random() * NUMBERS);

// One picture is drawn at a time, once the section is near; of what a canvas was to show, the last.
let opening, queue = new Promise(near => {
  const watch = new IntersectionObserver(entries => {
    if (entries.some(one => one.isIntersecting)) { watch.disconnect(); near(); }
  }, { rootMargin: "400px" });
  watch.observe(place);
});
const asked = new Map();
const giveUp = () => { place.hidden = true; beforehand.hidden = false; };
const open = () => opening ??= openNetwork(network, weights, place.dataset, inputOf(network.starts[0]));
const put = (canvas, image) => {
  const drawing = canvas.getContext("2d");
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(image, 0, 0, canvas.width, canvas.height);
};
const originals = new Map();
const paint = (canvas, input, said, done = () => {}) => {
  asked.set(canvas, input);
  queue = queue.then(async () => {
    if (asked.get(canvas) !== input) return;
    const engine = await open();
    if (!engine) { giveUp(); return; }
    const before = performance.now();
    const original = new OffscreenCanvas(network.size, network.size);
    original.getContext("2d").putImageData(await engine.draw(input), 0, 0);
    originals.set(canvas, original);
    put(canvas, original);
    canvas.setAttribute("aria-label", said);
    done((performance.now() - before) / 1000, engine.backend);
  }).catch(giveUp);
};
const save = (canvas, name) => {
  const large = document.createElement("canvas"), link = document.createElement("a");
  large.width = large.height = LARGE_PIXELS;
  put(large, originals.get(canvas) ?? canvas);
  link.href = large.toDataURL("image/png");
  link.download = `${name.replaceAll(/[^\p{L}\p{N}-]+/gu, "-")}.png`;
  link.click();
};

// Kept in the browser or, where a page may not, in its address.
const KEY = `kpop_assets kept ${network.identity}`, MARK = `#kept-${network.identity}=`;
const remembered = () => {
  let text = null;
  try { text = localStorage.getItem(KEY); } catch { /* not allowed here */ }
  if (text === null && location.hash.startsWith(MARK)) text = decodeURIComponent(location.hash.slice(MARK.length));
  try { return JSON.parse(text ?? "[]").filter(isCover); } catch { return []; }
};
const remember = covers => {
  const text = JSON.stringify(covers);
  try { localStorage.setItem(KEY, text); } catch { history.replaceState(null, "", MARK + encodeURIComponent(text)); }
};

const easel = place.querySelector(".easel"), picture = easel.querySelector("canvas");
const status = easel.querySelector("[role=status]"), took = easel.querySelector(".took");
const numberInput = easel.querySelector("[type=number]"), keepButton = easel.querySelector(".keep");
const controls = [...easel.querySelectorAll(".field")].map(field => {
  const output = field.querySelector("output"), inputs = [...field.querySelectorAll("input")];
  return output ? {
    read: () => Number(inputs[0].value),
    write: value => { inputs[0].value = value; output.textContent = inWords(value); },
  } : {
    read: () => inputs.find(one => one.checked).value,
    write: value => { for (const one of inputs) one.checked = one.value === value; },
  };
});
let current, kept = remembered();
const showKeep = () => {
  const is = kept.some(one => isSame(one, current));
  keepButton.textContent = is ? "Kept" : "Keep it";
  keepButton.setAttribute("aria-pressed", is);
};
const choose = cover => {
  current = cover;
  const [number, values] = cover;
  numberInput.value = number;
  controls.forEach((control, index) => control.write(values[index]));
  showKeep();
  paint(picture, inputOf(cover), words(cover), (seconds, backend) => {
    status.textContent = words(cover);
    took.textContent = ` · drawn in ${seconds.toFixed(2)} s by the ${PROCESSORS[backend]}`;
  });
};
const chosen = () => controls.map(control => control.read());
for (const field of easel.querySelectorAll(".field")) field.addEventListener("input", () => choose([current[0], chosen()]));
numberInput.addEventListener("change", () => {
  const isNumber = numberInput.value && numberInput.checkValidity();
  choose([isNumber ? Number(numberInput.value) : current[0], chosen()]);
});
easel.querySelector(".another").addEventListener("click", () => choose([anyNumber(), chosen()]));
easel.querySelector(".save").addEventListener("click", () => save(picture, `cover ${words(current)}`));

const shelf = place.querySelector(".kept");
const showKept = () => {
  shelf.hidden = !kept.length;
  shelf.querySelector("ul").replaceChildren(...kept.map(cover => {
    const item = document.createElement("li"), button = document.createElement("button"), canvas = document.createElement("canvas");
    canvas.width = canvas.height = network.size;
    button.type = "button";
    button.setAttribute("aria-label", `Show ${words(cover)}`);
    button.addEventListener("click", () => choose(cover));
    button.append(canvas);
    item.append(button, words(cover));
    paint(canvas, inputOf(cover), words(cover));
    return item;
  }));
  remember(kept);
};
keepButton.addEventListener("click", () => {
  const others = kept.filter(one => !isSame(one, current));
  kept = others.length < kept.length ? others : [...kept, current];
  showKeep();
  showKept();
});

const walk = place.querySelector(".walk"), between = walk.querySelector("canvas"), slider = walk.querySelector(".track > input");
const ends = [network.starts[0], network.starts.at(-1)];
const showBetween = () => {
  const said = `${slider.value} % of the way from ${words(ends[0])} to ${words(ends[1])}`;
  slider.setAttribute("aria-valuetext", `${slider.value} % of the way`);
  paint(between, inputBetween(ends, slider.value / 100), said);
};
const ending = [...walk.querySelectorAll(".end")].map((node, index) => cover => {
  ends[index] = cover;
  paint(node.querySelector("canvas"), inputOf(cover), `the ${["first", "second"][index]} cover: ${words(cover)}`);
});
walk.querySelectorAll(".end").forEach((node, index) => {
  const end = cover => { ending[index](cover); showBetween(); };
  node.querySelector(".another").addEventListener("click", () => end([anyNumber(), ends[index][1]]));
  node.querySelector(".mine").addEventListener("click", () => end(current));
});
slider.addEventListener("input", showBetween);
walk.querySelector(".save").addEventListener("click", () => save(between, between.getAttribute("aria-label")));

const poster = beforehand.querySelector("img");
poster.decode().then(() => {
  if (!originals.has(picture)) put(picture, poster);
});
place.hidden = false;
beforehand.hidden = true;
choose(network.starts[0]);
ending.forEach((show, index) => show(ends[index]));
showBetween();
if (kept.length) showKept();
