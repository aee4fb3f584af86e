import type { ReactNode } from 'react';
import { useSpeech } from '../language/translate.ts';
import { href } from '../route.ts';

/** Title of a page behind the board, with the way back. */
export function ListHead({ title, children }: { title: string; children?: ReactNode }) {
  const { t } = useSpeech();
  return (
    <header className="page-head">
      <a href={href(['board'])}>‹ {t('nav.board')}</a>
      <h1>{title}</h1>
      {children}
    </header>
  );
}
