// Numbers as text, and the statistics that choose colours.

/** A number with a few significant digits; what could not be measured is null. */
function numberText(value, digits = 4) {
  if (value === null || value === undefined) return 'not measured';
  if (Number.isNaN(value)) return 'not finite';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(digits))) : value.toExponential(digits - 1);
  return text.replace('-', '\u2212').replace(/e\+?(.*)$/, (_, power) => `e${power.replace('-', '\u2212')}`);
}

/** A share between 0 and 1 as per cent. */
function shareText(share) {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  return `${(100 * share).toFixed(1)} %`;
}

/** A percentile of ascending numbers, linear between the two nearest ranks. */
function percentileOf(ascending, percentile) {
  const rank = percentile / 100 * (ascending.length - 1);
  const lower = Math.floor(rank), upper = Math.min(lower + 1, ascending.length - 1);
  return ascending[lower] + (ascending[upper] - ascending[lower]) * (rank - lower);
}

/** The cosine between two lists of numbers, or null where one of them is zero. */
function cosineOf(a, b) {
  let products = 0, first = 0, second = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) continue;
    products += a[i] * b[i];
    first += a[i] * a[i];
    second += b[i] * b[i];
  }
  return first === 0 || second === 0 ? null : products / Math.sqrt(first * second);
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
