// Builds every exhibit in its section.

const builders = { attribution: buildAttribution, sensitivity: buildSensitivity, figures: buildFigures, frames: buildFrames, table: buildTable };

async function buildPage() {
  buildTheme();
  const drawn = [];
  for (const exhibit of gallery.exhibits) {
    const built = builders[exhibit.kind](exhibit);
    document.getElementById(exhibit.id).append(...[
      built.root, noteList(exhibit.notes), factList(exhibit.facts), exhibit.command ? commandLine(exhibit.command, 'copy-exhibit') : null,
    ].filter(part => part !== null));
    drawn.push(built.drawn);
  }
  applyAddress();
  addEventListener('hashchange', applyAddress);
  await Promise.all(drawn);
  // For whoever measures or photographs the page: everything that is seen first has been drawn.
  performance.mark('gallery-drawn');
  document.documentElement.dataset.drawn = 'true';
}

buildPage();
