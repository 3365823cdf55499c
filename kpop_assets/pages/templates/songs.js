{
  const songs = [...document.querySelectorAll(".song audio")].map(audio => ({ audio, song: audio.closest(".song") }));
  const shown = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  for (const { audio, song } of songs) {
    const at = JSON.parse(song.querySelector("script").textContent);
    const [roll, cursor, button, output, scroller] =
      [".roll", ".cursor", ".play", "output", ".scroller"].map(name => song.querySelector(name));
    const inRow = at.bar * at.barsARow, end = at.length * at.second;
    audio.src = song.querySelector("a[download$='.ogg']").href;
    const show = () => {
      const onset = Math.min(audio.currentTime, end) / at.second;
      const row = Math.min(Math.floor(onset / inRow), at.rows - 1);
      const x = at.left + Math.min(onset - row * inRow, inRow) * at.sixteenth;
      cursor.style.left = `${100 * x / at.width}%`;
      cursor.style.top = `${100 * (at.top + row * at.rowHeight) / at.height}%`;
      const time = `${shown(Math.min(audio.currentTime, end))} / ${shown(end)}`;
      if (output.textContent !== time) {
        output.textContent = time;
        roll.setAttribute("aria-valuenow", Math.round(audio.currentTime));
        roll.setAttribute("aria-valuetext", `${time}, bar ${Math.min(Math.floor(onset / at.bar + 0.01) + 1, Math.ceil(at.length / at.bar))}`);
      }
      const place = roll.clientWidth * x / at.width - scroller.scrollLeft;
      if (place < 0 || place > scroller.clientWidth * 0.85) scroller.scrollLeft += place - scroller.clientWidth * 0.15;
    };
    const follow = () => { show(); if (!audio.paused) requestAnimationFrame(follow); };
    const toggle = () => { if (audio.paused) audio.play(); else audio.pause(); };
    const move = seconds => { audio.currentTime = Math.max(0, Math.min(seconds, end)); show(); };
    const name = button.getAttribute("aria-label").slice("Play ".length);
    const say = word => { button.textContent = word; button.setAttribute("aria-label", `${word} ${name}`); };
    cursor.style.height = `${100 * (at.rowHeight - 24) / at.height}%`;
    button.addEventListener("click", toggle);
    audio.addEventListener("play", () => {
      for (const other of songs) if (other.audio !== audio) other.audio.pause();
      say("Pause");
      follow();
    });
    audio.addEventListener("pause", () => { say("Play"); show(); });
    audio.addEventListener("ended", () => move(0));
    roll.addEventListener("click", event => {
      const box = roll.getBoundingClientRect(), scale = at.width / box.width;
      const x = (event.clientX - box.left) * scale - at.left, y = (event.clientY - box.top) * scale - at.top;
      const row = Math.max(0, Math.min(at.rows - 1, Math.floor(y / at.rowHeight)));
      move((row * inRow + Math.max(0, Math.min(inRow, x / at.sixteenth))) * at.second);
    });
    roll.addEventListener("keydown", event => {
      const bar = at.bar * at.second, now = audio.currentTime / bar;
      const next = () => move((Math.floor(now + 0.01) + 1) * bar), before = () => move((Math.ceil(now - 0.3) - 1) * bar);
      const moves = {
        " ": toggle, Home: () => move(0), End: () => move(end),
        ArrowRight: next, ArrowUp: next, ArrowLeft: before, ArrowDown: before,
      };
      if (!(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      moves[event.key]();
    });
    show();
  }
}
