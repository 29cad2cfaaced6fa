// Elements of the page, made from text that is never read as HTML.

/** Makes an element. Attributes that are functions listen to that event; null, undefined and false are left out. */
function element(tag, attributes, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** Makes an element of a drawing. */
function drawing(tag, attributes, ...children) {
  return furnish(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function furnish(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

let lastId = 0;

/** An id that no other element has. */
function freshId(stem) {
  return `${stem}-n${++lastId}`;
}

/** Says something to screen readers when they have finished what they are saying. */
function announce(text) {
  document.getElementById('announcements').textContent = text;
}
