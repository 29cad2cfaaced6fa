// Pictures with captions, each of which can be seen large.

function buildFigures(exhibit) {
  const figures = exhibit.figures.map((figure, number) => {
    const { width, height } = gallery.pictures[figure.picture];
    const picture = element('img', { src: pictureUrl(figure.picture), alt: figure.alt, width, height, decoding: 'async' });
    // Small pictures are pixels to look at; large ones are shrunk smoothly.
    if (width < 200) picture.classList.add('pixels');
    const enlarge = element('button', {
      type: 'button', class: 'enlarge', 'aria-haspopup': 'dialog', 'aria-label': `Enlarge: ${figure.title}`, title: 'Enlarge',
      ...marks({ name: `enlarge-${number + 1}`, changes: 'enlarged' }), 'data-kind': 'opens', click: () => openLarge(figure),
    }, picture);
    return element('figure', { class: 'figure' },
      enlarge,
      element('figcaption', {}, element('h3', {}, figure.title), element('p', {}, figure.caption), factList(figure.facts), figure.command ? commandLine(figure.command, `copy-figure-${number + 1}`) : null));
  });
  return { root: element('div', { class: 'figures' }, figures), drawn: Promise.all(exhibit.figures.map(f => pictureOf(f.picture))) };
}

/** The one dialog of the page, in which a picture is seen large. */
function openLarge(figure) {
  let dialog = document.getElementById('enlarged');
  if (!dialog) {
    dialog = element('dialog', { id: 'enlarged', 'data-part': 'enlarged', 'aria-labelledby': 'enlarged-title' });
    document.body.append(dialog);
  }
  const { width, height } = gallery.pictures[figure.picture];
  dialog.replaceChildren(
    element('form', { method: 'dialog' }, element('h2', { id: 'enlarged-title' }, figure.title), element('button', { type: 'submit', class: 'close' }, 'Close')),
    element('img', { src: pictureUrl(figure.picture), alt: figure.alt, width, height, class: width < 400 ? 'pixels' : null }),
    element('p', {}, figure.caption));
  dialog.showModal();
}
