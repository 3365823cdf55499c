const SAVED_PIXELS = 512;
const dialog = document.querySelector("dialog");
const [title, verdict, near, before, next] =
  ["h3", ".verdict", ".near", ".before", ".next"].map(name => dialog.querySelector(name));
let wall = [], shown = 0;
const showSample = index => {
  shown = index;
  const sample = wall[index];
  title.textContent = sample.alt;
  verdict.textContent = sample.verdict;
  near.replaceChildren();
  for (const one of [{ picture: sample.picture, alt: sample.alt, caption: "sample" }, ...sample.nearest]) {
    const figure = document.createElement("figure"), image = new Image(), caption = document.createElement("figcaption");
    image.src = one.picture; image.alt = one.alt; caption.textContent = one.caption;
    figure.append(image, caption); near.append(figure);
  }
};
const page = by => showSample((shown + by + wall.length) % wall.length);
for (const place of document.querySelectorAll(".samples")) {
  const { pictures, samples } = JSON.parse(place.nextElementSibling.textContent);
  const buttons = [...place.querySelectorAll("button")];
  place.addEventListener("click", event => {
    const index = buttons.indexOf(event.target.closest("button"));
    if (index < 0) return;
    wall = samples.map((sample, number) => ({ ...sample, picture: buttons[number].querySelector("img").src,
      nearest: sample.nearest.map(one => ({ ...one, picture: pictures[one.picture] })) }));
    showSample(index);
    dialog.showModal();
  });
}
const save = async () => {
  const sample = wall[shown], image = new Image(), canvas = document.createElement("canvas");
  image.src = sample.picture;
  await image.decode();
  canvas.width = canvas.height = SAVED_PIXELS;
  const drawing = canvas.getContext("2d");
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(image, 0, 0, SAVED_PIXELS, SAVED_PIXELS);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${sample.alt.replaceAll(/[^\w-]+/g, "-")}.png`;
  link.click();
};
before.addEventListener("click", () => page(-1));
next.addEventListener("click", () => page(1));
dialog.querySelector(".save").addEventListener("click", save);
dialog.querySelector(".close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener("keydown", event => {
  if (event.key === "ArrowLeft") page(-1);
  if (event.key === "ArrowRight") page(1);
});
