// Runs before the first paint, outside the bundle, so that a dark screen never flashes white.
(function () {
  try {
    var theme = localStorage.getItem('sextant.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    var language = localStorage.getItem('sextant.language');
    if (!language) language = /^zh/i.test(navigator.language) ? 'zh' : 'en';
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en-GB';
  } catch {
    // Storage may be forbidden; the defaults stand.
  }
})();
