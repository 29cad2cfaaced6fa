// The page's address says what is chosen (index.html#exhibit:image=...&class=...&method=...), so that a view can be linked.

const followed = new Map();

/** Keeps an exhibit's choices and the address together. */
function followAddress(id, chosen) {
  followed.set(id, chosen);
  chosen.addEventListener('change', () => {
    const parts = new URLSearchParams({ image: chosen.image.name, class: chosen.target.class, method: chosen.method.name });
    // A page of its own in the history for every choice would make the back button useless.
    history.replaceState(null, '', `#${id}:${parts}`);
  });
}

/** Chooses what the address says and goes there. */
function applyAddress() {
  const [id, text] = location.hash.slice(1).split(/:(.*)/s);
  const chosen = followed.get(id);
  if (text === undefined || !chosen) return;
  const parts = new URLSearchParams(text);
  chosen.choose({ image: parts.get('image'), target: parts.get('class') ?? undefined, method: parts.get('method') });
  document.getElementById(id).scrollIntoView();
}
