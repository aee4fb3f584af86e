import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ActEntry } from '../api/types.ts';
import { useScope } from '../board/overview.tsx';
import { useCatalogue } from '../catalogue.tsx';
import { useDomain } from '../language/domain.ts';
import { nameIn } from '../language/say.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark } from '../parts/Mark.tsx';
import { Shown } from '../parts/Notice.tsx';
import { subjectHref } from '../parts/SubjectLink.tsx';
import { StateView } from '../trace/StateView.tsx';
import { History, inner, Standing } from '../trace/SubjectScreen.tsx';
import { Gaps } from '../trace/Timeline.tsx';
import { ActForm } from './ActForm.tsx';
import { type Desk, mayStandOut, type Step, stepsAt } from './definitions.ts';
import { DutyList } from './DutyList.tsx';
import { labelOf } from './fields/ReferenceField.tsx';
import { briefOf } from './brief.ts';
import { choicesOf, isUrgent, knownBefore, nameOf } from './known.ts';
import type { OwnForms, Picture } from './own-forms.ts';
import { useRoleRefusals } from './StartForm.tsx';
import { type Thing, useThing } from './thing.ts';

interface Props {
  readonly desk: Desk;
  readonly subject: string;
  readonly picture?: Picture | undefined;
  readonly forms: OwnForms;
}

/** One thing on a desk: how it stands, the next action, what is owed, what is on record. */
export function Detail({ desk, subject, picture: Above, forms }: Props) {
  const { t } = useSpeech();
  const thing = useThing(subject);
  return (
    <Shown of={thing}>
      {(found) => (
        <article className="detail">
          <DetailHead thing={found} />
          <Actions desk={desk} thing={found} onDone={thing.refetch} forms={forms} />
          {Above === undefined ? null : <Above thing={found} refetch={thing.refetch} />}
          <Gaps gaps={found.findings} />
          <DutyList duties={found.duties} />
          <StateView state={briefOf(found)} />
          <details className="whole-state">
            <summary>{t('subject.state')}</summary>
            <StateView state={found.state} without={inner} />
          </details>
          <History facts={found.facts} />
        </article>
      )}
    </Shown>
  );
}

function DetailHead({ thing }: { thing: Thing }) {
  const { t, language } = useSpeech();
  const { subjectName } = useDomain();
  const name = nameIn(language, labelOf(thing.state));
  return (
    <header className="detail-head">
      <h2>
        {subjectName(thing.subject)}
        {name === '' ? null : <span> {name}</span>}
      </h2>
      <a className="small" href={subjectHref(thing.subject)}>
        {t('desk.whole')}
      </a>
      <Standing reply={thing} />
    </header>
  );
}

interface ActionsProps {
  readonly desk: Desk;
  readonly thing: Thing;
  readonly onDone: () => void;
  readonly forms: OwnForms;
}

/** The next action as one button, the others beside it; what cannot be done now says why. */
function Actions({ desk, thing, onDone, forms }: ActionsProps) {
  const { t, label } = useSpeech();
  const whyNot = useWhyNot();
  const catalogue = useCatalogue();
  const [open, setOpen] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const prefix = thing.subject.split(':')[0] ?? '';
  const pressing = thing.duties
    .filter(({ endedAt }) => endedAt === null)
    .sort((a, b) => a.dueAt - b.dueAt)
    .map(({ kind }) => kind);
  const situation = { prefix, stage: thing.stage, isUrgent: isUrgent(thing), pressing };
  const steps = stepsAt(desk, situation).flatMap((step) => {
    const entry = catalogue.data?.acts.find(({ room, act }) => `${room}.${act}` === step.name);
    return entry === undefined ? [] : [{ step, entry, reason: whyNot(entry, step, prefix) }];
  });
  const chosen = steps.find(({ step }) => step.name === open);
  const possible = steps.filter(({ reason }) => reason === null);
  if (steps.length === 0) return null;
  return (
    <section className="actions" aria-label={t('desk.actions')}>
      <ul className="action-row">
        {possible.map(({ step, entry }, index) => (
          <li key={step.name}>
            <Button
              className={index === 0 && mayStandOut(step.name) ? 'button primary' : 'button'}
              aria-expanded={open === step.name}
              onPress={() => {
                setDone(null);
                setOpen(open === step.name ? null : step.name);
              }}
            >
              {label(entry.label)}
            </Button>
          </li>
        ))}
      </ul>
      {done === null ? null : (
        <p className="done" role="status">
          <Mark state="done" word={false} /> {done}
        </p>
      )}
      {chosen === undefined ? null : (
        <OpenAct
          key={chosen.step.name}
          entry={chosen.entry}
          thing={thing}
          form={forms[chosen.step.name]}
          onDone={(words) => {
            setOpen(null);
            setDone(words);
            onDone();
          }}
          onCancel={() => setOpen(null)}
        />
      )}
      <Cannot steps={steps} />
    </section>
  );
}

/** Why an act cannot be done now, in words; null when it can. The server has the last word. */
function useWhyNot(): (entry: ActEntry, step: Step, prefix: string) => string | null {
  const { t } = useSpeech();
  const { stageName } = useDomain();
  const roleRefusal = useRoleRefusals();
  return (entry, step, prefix) => {
    if (step.possible) return roleRefusal(entry);
    const stages = step.stages.map((stage) => stageName(prefix, stage)).join(t('common.or'));
    return t('desk.needs-stage', { stages });
  };
}

interface CannotProps {
  readonly steps: readonly { readonly entry: ActEntry; readonly reason: string | null }[];
}

/** What cannot be done now, each with its reason: shown, so that nobody searches for it. */
function Cannot({ steps }: CannotProps) {
  const { t, label } = useSpeech();
  const refused = steps.filter(({ reason }) => reason !== null);
  if (refused.length === 0) return null;
  const list = (
    <ul className="cannot" aria-label={t('desk.cannot')}>
      {refused.map(({ entry, reason }) => (
        <li key={`${entry.room}.${entry.act}`}>
          <Button className="button" isDisabled>
            {label(entry.label)}
          </Button>
          <span className="reason">{reason}</span>
        </li>
      ))}
    </ul>
  );
  if (refused.length <= cannotMax) return list;
  return (
    <details className="whole-state">
      <summary>{t('desk.cannot-count', { count: refused.length })}</summary>
      {list}
    </details>
  );
}

/** More reasons than this push the work itself off the screen; they open on demand. */
const cannotMax = 4;

interface OpenActProps {
  readonly entry: ActEntry;
  readonly thing: Thing;
  readonly form: OwnForms[string] | undefined;
  readonly onDone: (words: string) => void;
  readonly onCancel: () => void;
}

function OpenAct({ entry, thing, form: Own, onDone, onCancel }: OpenActProps) {
  const { t, label } = useSpeech();
  const scope = useScope();
  const said = (words?: string) => onDone(words ?? `${label(entry.label)}: ${t('form.done')}`);
  if (Own !== undefined) {
    return (
      <div className="act-sheet">
        <Own thing={thing} onDone={said} onCancel={onCancel} />
      </div>
    );
  }
  const [prefix = '', ...rest] = thing.subject.split(':');
  const key = rest.join(':');
  const named = nameOf(prefix, key);
  const known = { ...knownBefore(entry, thing, scope), ...named };
  const fixed = [...Object.keys(named), ...(thing.place === null ? [] : ['place'])];
  return (
    <div className="act-sheet">
      <ActForm
        entry={entry}
        known={known}
        fixed={fixed}
        choices={choicesOf(thing)}
        onDone={() => said()}
        onCancel={onCancel}
      />
    </div>
  );
}
