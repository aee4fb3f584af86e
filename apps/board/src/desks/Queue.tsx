import { useEffect, useRef, useState } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import type { SubjectRow } from '../api/types.ts';
import { useAsOf, useScope } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { nameIn } from '../language/say.ts';
import { useSpeech } from '../language/translate.ts';
import { usePages } from '../lists/pages.ts';
import { Choice } from '../parts/Choice.tsx';
import { Mark } from '../parts/Mark.tsx';
import { Shown } from '../parts/Notice.tsx';
import { go, href, useRoute } from '../route.ts';
import { type Desk, stagesOf } from './definitions.ts';
import { labelOf } from './fields/ReferenceField.tsx';

interface Props {
  readonly desk: Desk;
  readonly subject: string | null;
}

/** What is on a desk: things of its kinds, by stage, with a search. */
export function Queue({ desk, subject }: Props) {
  const { t } = useSpeech();
  const { query } = useRoute();
  const wanted = query.get('kind');
  const chosen = subject?.split(':')[0] ?? wanted;
  const prefix = desk.prefixes.find((each) => each === chosen) ?? desk.prefixes[0] ?? '';
  const [chosenStage, setStage] = useState<string | null>(null);
  const stage = chosenStage ?? desk.first?.[prefix] ?? '';
  const [text, setText] = useState('');
  const search = useLater(text);
  const { place } = useScope();
  const pages = usePages<SubjectRow>('/subjects', {
    prefix,
    place,
    ...(stage === 'done' ? { done: true } : stage === '' ? { done: false } : { stage }),
    q: search,
  });
  return (
    <section className="queue" aria-label={t('desk.queue')}>
      <QueueTools desk={desk} prefix={prefix} stage={stage} onStage={setStage} />
      <SearchField className="field" aria-label={t('desk.search')} value={text} onChange={setText}>
        <Input data-search placeholder={t('desk.search')} spellCheck={false} />
      </SearchField>
      <Shown of={pages.resource}>
        {({ rows }) => (
          <>
            {rows.length === 0 ? <p className="soft queue-empty">{t('desk.queue-empty')}</p> : null}
            <ul className="queue-rows">
              {rows.map((row) => (
                <QueueRow key={row.subject} row={row} desk={desk} here={row.subject === subject} />
              ))}
            </ul>
            {pages.back === null && pages.on === null ? null : (
              <div className="button-row">
                <Button
                  className="button"
                  isDisabled={pages.back === null}
                  onPress={() => pages.back?.()}
                >
                  {t('list.back')}
                </Button>
                <Button
                  className="button"
                  isDisabled={pages.on === null}
                  onPress={() => pages.on?.()}
                >
                  {t('list.on')}
                </Button>
              </div>
            )}
          </>
        )}
      </Shown>
    </section>
  );
}

interface ToolsProps {
  readonly desk: Desk;
  readonly prefix: string;
  readonly stage: string;
  readonly onStage: (stage: string | null) => void;
}

function QueueTools({ desk, prefix, stage, onStage }: ToolsProps) {
  const { t } = useSpeech();
  const { stageName, kindName } = useDomain();
  const stages = stagesOf(desk, prefix);
  return (
    <div className="queue-tools">
      {desk.prefixes.length < 2 ? null : (
        <Choice
          label={t('desk.kind')}
          hideLabel
          value={prefix}
          options={desk.prefixes.map((id) => ({ id, text: kindName(id) }))}
          onChange={(kind) => {
            onStage(null);
            go(href(['desk', desk.id], { kind }));
          }}
        />
      )}
      <Choice
        label={t('column.stage')}
        hideLabel
        value={stage}
        options={[
          { id: '', text: t('desk.stage-open') },
          ...stages.map((id) => ({ id, text: stageName(prefix, id) })),
          { id: 'done', text: t('desk.stage-done') },
        ]}
        onChange={onStage}
      />
    </div>
  );
}

function QueueRow({ row, desk, here }: { row: SubjectRow; desk: Desk; here: boolean }) {
  const { span, language } = useSpeech();
  const { stageName, subjectName, holderName } = useDomain();
  const now = useAsOf();
  const name = nameIn(language, labelOf(row.state ?? {}));
  return (
    <li>
      <a
        className="queue-row"
        href={href(['desk', desk.id, row.subject])}
        aria-current={here ? 'true' : undefined}
      >
        <span className="queue-name">{name === '' ? subjectName(row.subject) : name}</span>
        <span className="queue-age">
          {row.since === null || row.done ? '' : span((now - row.since) / 1000)}
        </span>
        <span className="queue-stage">
          <Mark state={row.done ? 'done' : 'moving'} word={false} />
          {stageName(row.subject, row.stage)}
        </span>
        <span className="queue-holder">{row.holder === null ? '' : holderName(row.holder)}</span>
      </a>
    </li>
  );
}

const typingMs = 250;

/** A text, once it has not changed for a moment: the server is not asked at every letter. */
function useLater(text: string): string {
  const [later, setLater] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    timer.current = setTimeout(() => setLater(text), typingMs);
    return () => clearTimeout(timer.current);
  }, [text]);
  return later;
}
