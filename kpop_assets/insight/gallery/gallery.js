"use strict";
for (const player of document.querySelectorAll(".player")) {
  const film = JSON.parse(player.querySelector("script").textContent);
  const [picture, slider, shown, button] = ["img", "input", "output", ".play"].map(name => player.querySelector(name));
  let timer = 0;
  const show = index => {
    picture.src = film.frames[index];
    slider.value = index;
    shown.textContent = film.captions[index];
    slider.setAttribute("aria-valuetext", film.captions[index]);
  };
  const stop = () => { clearInterval(timer); timer = 0; button.textContent = "Play"; };
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  button.addEventListener("click", () => {
    if (timer) { stop(); return; }
    button.textContent = "Pause";
    if (Number(slider.value) === film.frames.length - 1) show(0);
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next < film.frames.length) show(next);
      else if (player.dataset.loop) show(0);
      else stop();
    }, 140);
  });
  show(Number(slider.value));
}
const dialog = document.querySelector("dialog");
for (const wall of document.querySelectorAll(".wall")) {
  const { pictures, samples } = JSON.parse(wall.nextElementSibling.textContent);
  wall.addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    const sample = samples[Number(button.dataset.index)];
    dialog.querySelector("h3").textContent = sample.alt;
    dialog.querySelector(".verdict").textContent = sample.verdict;
    const near = dialog.querySelector(".near");
    near.replaceChildren();
    const itself = { picture: button.querySelector("img").src, alt: "the sample", caption: "sample" };
    const real = sample.nearest.map(one => ({ ...one, picture: pictures[one.picture] }));
    for (const one of [itself, ...real]) {
      const figure = document.createElement("figure"), image = new Image(), caption = document.createElement("figcaption");
      image.src = one.picture; image.alt = one.alt; caption.textContent = one.caption;
      figure.append(image, caption); near.append(figure);
    }
    dialog.showModal();
  });
}
dialog.querySelector("button").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
