import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useSpeech } from '../language/translate.ts';
import { prefer, type Theme, usePreferences } from '../preferences.ts';

/** The sign of the product: an instrument that finds one's place. */
export function Emblem() {
  return (
    <svg className="brand" viewBox="0 0 32 32" aria-hidden="true">
      <g
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M16 5 5.5 24.500a21 21 0 0 0 21 0Z" />
        <path d="M16 5v18.5" />
      </g>
      <circle cx="16" cy="5.5" r="2.6" fill="currentColor" />
    </svg>
  );
}

/** One press changes the language of the whole screen. */
export function LanguageSwitch() {
  const { t, language } = useSpeech();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <span lang={other === 'zh' ? 'zh-CN' : 'en-GB'}>
      <Button
        className="button quiet"
        aria-label={t('nav.language-to')}
        onPress={() => prefer({ language: other })}
      >
        {t('nav.language')}
      </Button>
    </span>
  );
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const { t } = useSpeech();
  const { theme } = usePreferences();
  return (
    <MenuTrigger>
      <Button className="button quiet icon-button" aria-label={t('nav.theme')}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M8 1.800a6.2 6.2 0 0 1 0 12.400Z" fill="currentColor" />
        </svg>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[theme]}
          onSelectionChange={(keys) => {
            const [chosen] = keys === 'all' ? [] : [...keys];
            prefer({ theme: themes.find((each) => each === chosen) ?? 'system' });
          }}
        >
          {themes.map((each) => (
            <MenuItem key={each} id={each} className="menu-item">
              {t(`nav.theme-${each}`)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
