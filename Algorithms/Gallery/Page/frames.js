// An optimisation, frame by frame, beside the picture it should become.

const FRAMES_PER_SECOND = 8;

function buildFrames(exhibit) {
  const { frames, series } = exhibit, curve = buildCurve(exhibit.curve, exhibit.curveName, exhibit.logCurve);
  const canvas = element('canvas', { class: 'frame', role: 'img', 'data-part': 'frame' }), caption = element('figcaption', {}), numbers = element('dl', { class: 'facts', 'data-part': 'frame-numbers' });
  let now = frames.length - 1, playing = null;

  const scrub = slider('Iteration', { name: 'scrub', changes: 'frame frame-numbers' },
    { min: 0, max: frames.length - 1, step: 1, value: now, text: i => `${frames[i].iteration} of ${frames[frames.length - 1].iteration}` }, i => {
      pause();
      show(i);
    });
  const play = button('Play', { name: 'play', label: 'Play', changes: 'frame frame-numbers' }, () => playing === null ? start() : pause());
  const step = by => () => {
    pause();
    show(clamp(now + by, 0, frames.length - 1));
  };

  async function show(i) {
    now = i;
    scrub.set(i);
    const frame = frames[i], picture = await pictureOf(frame.picture);
    if (now !== i) return;
    copyInto(canvas, picture.canvas);
    canvas.style.aspectRatio = `${picture.width} / ${picture.height}`;
    canvas.setAttribute('aria-label', `${exhibit.title}: the picture after ${frame.iteration} iterations`);
    caption.textContent = `After ${frame.iteration} iterations`;
    numbers.replaceChildren(...series.map((name, s) => element('div', {}, element('dt', {}, name), element('dd', {}, numberText(frame.numbers[s])))));
    curve?.mark(frame.iteration);
  }

  function start() {
    // From the start where it has ended.
    if (now === frames.length - 1) show(0);
    playing = setInterval(() => {
      if (now + 1 < frames.length) show(now + 1);
      if (now === frames.length - 1) pause();
    }, 1000 / FRAMES_PER_SECOND);
    name('Pause');
  }

  function pause() {
    clearInterval(playing);
    playing = null;
    name('Play');
  }

  function name(text) {
    play.textContent = text;
    play.setAttribute('aria-label', text);
    play.title = text;
  }

  const target = exhibit.target === null ? null
    : element('figure', {}, element('img', { src: pictureUrl(exhibit.target), alt: exhibit.targetAlt, class: 'frame' }), element('figcaption', {}, 'What it should become'));
  const root = element('div', { class: 'frames' },
    element('div', { class: 'views' }, element('figure', {}, canvas, caption), target),
    element('div', { class: 'toolbar' },
      element('div', { class: 'button-row', role: 'group', 'aria-label': 'Frames' },
        button('Previous', { name: 'previous', label: 'Previous frame', changes: 'frame frame-numbers' }, step(-1)), play,
        button('Next', { name: 'next', label: 'Next frame', changes: 'frame frame-numbers', needs: 'previous' }, step(1))),
      scrub.root),
    numbers,
    curve?.root);
  return { root, drawn: Promise.all([show(now), ...frames.map(f => pictureOf(f.picture))]) };
}
