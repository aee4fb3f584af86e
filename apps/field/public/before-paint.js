// Runs before the first paint, outside the bundle: theme, language, and which face is needed.
(function () {
  const root = document.documentElement;
  let language = null;
  try {
    const theme = localStorage.getItem('sextant.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    language = localStorage.getItem('sextant.language');
  } catch {
    // Storage may be forbidden; the defaults stand.
  }
  if (!language) language = /^zh/i.test(navigator.language) ? 'zh' : 'en';
  root.lang = language === 'zh' ? 'zh-CN' : 'en-GB';
  // Where the phone has Chinese characters of its own, none are fetched. Without them, every
  // character is drawn as the same empty box, so two different ones look alike.
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 24;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return;
  const ink = (character) => {
    context.clearRect(0, 0, 24, 24);
    context.font = '20px system-ui, sans-serif';
    context.fillText(character, 2, 20);
    return context.getImageData(0, 0, 24, 24).data.join();
  };
  if (ink('国') !== ink('永')) root.dataset.han = 'own';
})();
