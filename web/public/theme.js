// Sets the theme before the first paint: the stored choice, else the system's, followed when it changes.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    let choice = null;
    try {
      choice = localStorage.getItem('frostline.theme');
    } catch {
      // Storage may be forbidden; the system's theme is used then.
    }
    const theme = choice === 'light' || choice === 'dark' ? choice : dark.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = theme;
  };
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('frostline-theme', apply);
  apply();
})();
