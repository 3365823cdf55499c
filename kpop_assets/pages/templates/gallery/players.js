"use strict";
for (const player of document.querySelectorAll(".player")) {
  const from = player.dataset.shared ? document.getElementById(player.dataset.shared) : player;
  const film = JSON.parse(from.querySelector("script").textContent);
  const [picture, slider, shown, button] = ["img", "input", "output", ".play"].map(name => player.querySelector(name));
  const title = picture.alt;
  let timer = 0;
  const show = index => {
    picture.src = film.frames[index];
    slider.value = index;
    shown.textContent = film.captions[index];
    slider.setAttribute("aria-valuetext", film.captions[index]);
  };
  const say = word => { button.textContent = word; button.setAttribute("aria-label", `${word}: ${title}`); };
  const stop = () => { clearInterval(timer); timer = 0; say("Play"); };
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  button.addEventListener("click", () => {
    if (timer) { stop(); return; }
    say("Pause");
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
