// Imported before uPlot, which formats numbers in the browser's language when it loads and throws on a tag that is none:
// Chromium in a C or POSIX locale calls itself "en-US@posix".
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}

export {};
