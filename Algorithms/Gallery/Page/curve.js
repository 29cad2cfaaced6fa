// A curve over iterations with a marker at one of them.

const CURVE = { height: 200, left: 64, right: 12, top: 12, bottom: 34 };

/** Draws a curve; what it returns moves the marker. */
function buildCurve(points, name, logarithmic) {
  const known = points.filter(([, value]) => value !== null && (!logarithmic || value > 0));
  if (known.length < 2) return null;
  // As wide as it will be seen, so that its letters keep their size.
  const width = clamp(document.documentElement.clientWidth - 32, 280, 640);
  const iterations = known.map(p => p[0]), heights = known.map(p => logarithmic ? Math.log10(p[1]) : p[1]);
  const first = iterations[0], last = iterations[iterations.length - 1], low = Math.min(...heights), high = Math.max(...heights);
  const across = i => CURVE.left + (i - first) / (last - first) * (width - CURVE.left - CURVE.right);
  const up = h => CURVE.height - CURVE.bottom - (high === low ? 0.5 : (h - low) / (high - low)) * (CURVE.height - CURVE.top - CURVE.bottom);
  const path = known.map((_, i) => `${i === 0 ? 'M' : 'L'}${across(iterations[i]).toFixed(1)} ${up(heights[i]).toFixed(1)}`).join('');
  const marker = drawing('circle', { r: 5, class: 'curve-marker' }), line = drawing('line', { y1: CURVE.top, y2: CURVE.height - CURVE.bottom, class: 'curve-now' });
  const back = h => numberText(logarithmic ? 10 ** h : h, 3);
  const root = drawing('svg', { viewBox: `0 0 ${width} ${CURVE.height}`, class: 'curve', role: 'img', 'aria-label': `${name} over iterations ${first} to ${last}, from ${back(heights[0])} to ${back(heights[heights.length - 1])}`, 'data-part': 'curve' },
    [0, 0.5, 1].map(share => low + share * (high - low)).filter((h, i) => i === 0 || high > low).map(h => [
      drawing('line', { x1: CURVE.left, x2: width - CURVE.right, y1: up(h), y2: up(h), class: 'curve-grid' }),
      drawing('text', { x: CURVE.left - 8, y: up(h) + 4, 'text-anchor': 'end' }, back(h)),
    ]).flat(),
    drawing('text', { x: across(first), y: CURVE.height - 12, 'text-anchor': 'start' }, String(first)),
    drawing('text', { x: across(last), y: CURVE.height - 12, 'text-anchor': 'end' }, String(last)),
    drawing('text', { x: (across(first) + across(last)) / 2, y: CURVE.height - 12, 'text-anchor': 'middle' }, `${name}${logarithmic ? ' (logarithmic)' : ''} over iterations`),
    drawing('path', { d: path, class: 'curve-line' }), line, marker);
  return { root, mark };

  function mark(iteration) {
    // Between two places the marker sits on the line that joins them.
    const at = clamp(iteration, first, last), next = Math.max(1, iterations.findIndex(i => i >= at));
    const share = (at - iterations[next - 1]) / (iterations[next] - iterations[next - 1]);
    const x = across(at), y = up(heights[next - 1] + share * (heights[next] - heights[next - 1]));
    marker.setAttribute('cx', x);
    marker.setAttribute('cy', y);
    line.setAttribute('x1', x);
    line.setAttribute('x2', x);
  }
}
