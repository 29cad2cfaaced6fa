// Light and dark: as the system says until the reader chooses.

const THEME_KEY = 'preimage-gallery-theme';

function buildTheme() {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const toggle = button('', { name: 'theme', label: 'Theme', changes: 'page' }, () => {
    choose(isDark() ? 'light' : 'dark');
    // Where the page may not keep anything, the choice holds until it is closed.
    try { localStorage.setItem(THEME_KEY, document.documentElement.dataset.theme); } catch { /* nothing is lost but the memory of it */ }
  });

  function isDark() {
    return (document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  }

  function choose(theme) {
    document.documentElement.dataset.theme = theme;
    say();
  }

  function say() {
    const text = isDark() ? 'Light theme' : 'Dark theme';
    toggle.textContent = text;
    toggle.setAttribute('aria-label', `Switch to the ${text.toLowerCase()}`);
    toggle.title = '';
  }

  let remembered = null;
  try { remembered = localStorage.getItem(THEME_KEY); } catch { /* as above */ }
  if (remembered === 'light' || remembered === 'dark') choose(remembered);
  system.addEventListener('change', say);
  say();
  document.querySelector('.page-tools').append(toggle);
}
