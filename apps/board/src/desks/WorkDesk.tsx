import { useCatalogue } from '../catalogue.tsx';
import { useSpeech } from '../language/translate.ts';
import { go, href, useRoute } from '../route.ts';
import type { Desk } from './definitions.ts';
import { Detail } from './Detail.tsx';
import type { OwnForms, Picture } from './own-forms.ts';
import { Queue } from './Queue.tsx';
import { StartForm } from './StartForm.tsx';

interface Props {
  readonly desk: Desk;
  readonly subject: string | null;
  readonly forms?: OwnForms;
  readonly picture?: Picture;
}

/** A desk with a queue on the left, and on the right the one thing that is worked at. */
export function WorkDesk({ desk, subject, forms = {}, picture }: Props) {
  const { query } = useRoute();
  const act = query.get('act');
  return (
    <div className="work">
      <Queue desk={desk} subject={subject} />
      <div className="work-main">
        {subject !== null ? (
          <Detail desk={desk} subject={subject} key={subject} picture={picture} forms={forms} />
        ) : act !== null ? (
          <Begin desk={desk} act={act} forms={forms} key={act} />
        ) : (
          <Starts desk={desk} />
        )}
      </div>
    </div>
  );
}

function Begin({ desk, act, forms }: { desk: Desk; act: string; forms: OwnForms }) {
  const Own = forms[act];
  if (Own === undefined) return <StartForm desk={desk} act={act} />;
  const home = () => go(href(['desk', desk.id]));
  return (
    <section className="act-sheet">
      <Own thing={null} onDone={home} onCancel={home} />
    </section>
  );
}

/** What can be begun at a desk. */
export function Starts({ desk }: { desk: Desk }) {
  const { t, label } = useSpeech();
  const { data } = useCatalogue();
  const known = desk.starts.flatMap((name) => {
    const entry = data?.acts.find(({ room, act }) => `${room}.${act}` === name);
    return entry === undefined ? [] : [{ name, entry }];
  });
  return (
    <section className="starts" aria-label={t('desk.starts')}>
      <h2>{t('desk.starts')}</h2>
      <ul>
        {known.map(({ name, entry }) => (
          <li key={name}>
            <a className="button" href={href(['desk', desk.id], { act: name })}>
              {label(entry.label)}
            </a>
          </li>
        ))}
      </ul>
      <p className="soft">{t('desk.choose')}</p>
    </section>
  );
}
