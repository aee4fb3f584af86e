import { type FormEvent, useState } from 'react';
import { Button, Form, Input, Label, Radio, RadioGroup, TextField } from 'react-aria-components';
import type { TraceReply } from '../api/types.ts';
import { useDomain } from '../language/domain.ts';
import { useSpeech } from '../language/translate.ts';
import { Shown } from '../parts/Notice.tsx';
import { useResource } from '../resource.ts';
import { go, href } from '../route.ts';
import { Timeline } from './Timeline.tsx';

const kinds = ['tube', 'person', 'box'] as const;
type TraceKind = (typeof kinds)[number];

interface Props {
  readonly kind: string | null;
  readonly id: string | null;
}

/** The whole way of a tube, a person or a box, hand by hand. */
export default function TraceScreen({ kind, id }: Props) {
  const known = kinds.find((each) => each === kind) ?? null;
  return (
    <main id="main" className="page trace" tabIndex={-1}>
      <TraceForm kind={known ?? 'tube'} id={id ?? ''} key={`${kind} ${id}`} />
      {known === null || id === null ? null : <Trace kind={known} id={id} />}
    </main>
  );
}

function TraceForm({ kind, id }: { kind: TraceKind; id: string }) {
  const { t } = useSpeech();
  const [chosen, setChosen] = useState<string>(kind);
  const [text, setText] = useState(id);
  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = text.trim().normalize('NFKC').toUpperCase();
    if (wanted !== '') go(href(['trace', chosen, wanted]));
  }
  return (
    <header className="trace-head">
      <h1>{t('trace.title')}</h1>
      <p className="soft">{t('trace.intro')}</p>
      <Form onSubmit={submit} className="trace-form">
        <RadioGroup
          className="radio-line"
          aria-label={t('trace.kind')}
          value={chosen}
          onChange={setChosen}
          orientation="horizontal"
        >
          {kinds.map((each) => (
            <Radio key={each} value={each} className="radio">
              {t(`trace.${each}`)}
            </Radio>
          ))}
        </RadioGroup>
        <TextField className="field" value={text} onChange={setText} autoFocus={id === ''}>
          <Label className="hidden">{t('trace.id')}</Label>
          <Input data-search className="code" spellCheck={false} placeholder={t('trace.id')} />
        </TextField>
        <Button type="submit" className="button primary">
          {t('trace.find')}
        </Button>
      </Form>
    </header>
  );
}

function Trace({ kind, id }: { kind: TraceKind; id: string }) {
  const { t } = useSpeech();
  const { subjectName } = useDomain();
  const trace = useResource<TraceReply>(`/trace/${kind}/${encodeURIComponent(id)}`, {
    liveEveryMs: 5_000,
  });
  return (
    <section aria-label={subjectName(`${kind}:${id}`)}>
      <h2>{t('trace.of', { subject: subjectName(`${kind}:${id}`) })}</h2>
      <Shown of={trace}>{(reply) => <Timeline trace={reply} />}</Shown>
    </section>
  );
}
