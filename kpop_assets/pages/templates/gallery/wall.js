{
  const wall = document.querySelector(".wall"), game = document.querySelector(".game"), score = game.querySelector(".score");
  const pairs = [...wall.querySelectorAll(".pair")];
  const told = new Map([...wall.querySelectorAll(".tile")].map(tile => [tile, tile.getAttribute("aria-label")]));
  const large = new Map([...wall.querySelectorAll("[data-small]")].map(image => [image, image.src]));
  const say = () => {
    const done = pairs.filter(pair => pair.dataset.right), right = done.filter(pair => pair.dataset.right === "yes");
    score.textContent = done.length ? `${right.length} of ${done.length} right.${done.length < pairs.length ? "" : ` That is ${Math.round(100 * right.length / done.length)} of 100.`}` : "Choose the generated one of each pair.";
  };
  const show = mode => {
    const guess = mode === "guess";
    wall.dataset.show = mode;
    game.hidden = !guess;
    for (const [image, source] of large) image.src = guess ? image.dataset.small : source;
    for (const [number, pair] of pairs.entries()) {
      delete pair.dataset.right;
      for (const [place, tile] of [...pair.children].entries()) {
        tile.disabled = !guess;
        tile.removeAttribute("aria-disabled");
        tile.setAttribute("aria-label", guess ? `${place ? "right" : "left"} cover of pair ${number + 1}: it is the generated one` : told.get(tile));
      }
    }
    say();
  };
  for (const choice of document.querySelectorAll(".switch input")) choice.addEventListener("change", () => show(choice.value));
  wall.addEventListener("click", event => {
    const tile = event.target.closest(".tile"), pair = tile?.closest(".pair");
    if (!pair || wall.dataset.show !== "guess" || pair.dataset.right) return;
    pair.dataset.right = tile.classList.contains("made") ? "yes" : "no";
    for (const one of pair.children) {
      one.setAttribute("aria-disabled", "true");
      one.setAttribute("aria-label", told.get(one));
    }
    say();
  });
  show(document.querySelector(".switch input:checked").value);
}
