import type { FactRow, SubjectReply } from '../api/types.ts';
import { briefOf } from '../desks/brief.ts';
import { deskOf } from '../desks/definitions.ts';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark } from '../parts/Mark.tsx';
import { Shown } from '../parts/Notice.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { useResource } from '../resource.ts';
import { href } from '../route.ts';
import { StateView } from './StateView.tsx';
import { Gaps } from './Timeline.tsx';

/** Everything on record about one thing. */
export default function SubjectScreen({ subject }: { subject: string }) {
  const { t } = useSpeech();
  const { subjectName } = useDomain();
  const desk = deskOf(subject.split(':')[0] ?? '');
  const found = useResource<SubjectReply>(`/subjects/${encodeURIComponent(subject)}`, {
    liveEveryMs: 5_000,
  });
  return (
    <main id="main" className="page" tabIndex={-1}>
      <header className="page-head">
        <h1>{subjectName(subject)}</h1>
        {desk === null ? null : (
          <a href={href(['desk', desk.id, subject])}>
            {t('subject.to-desk', { desk: t(`desk.${desk.id}`) })}
          </a>
        )}
      </header>
      <Shown of={found}>{(reply) => <SubjectView reply={reply} />}</Shown>
    </main>
  );
}

/** Fields of a state that only the program needs. */
export const inner = [
  'stage',
  'since',
  'place',
  'events',
  'conflicts',
  'oddities',
  'reruns',
  'label',
];

/** Stage, holder, state and history of a thing. */
function SubjectView({ reply }: { reply: SubjectReply }) {
  const { t } = useSpeech();
  return (
    <>
      <Standing reply={reply} />
      <Gaps gaps={reply.findings ?? []} />
      <StateView state={briefOf(reply)} />
      <details className="whole-state">
        <summary>{t('subject.state')}</summary>
        <StateView state={reply.state} without={inner} />
      </details>
      <History facts={reply.facts} />
    </>
  );
}

/** The stage of a thing, since when, and in whose hands. */
export function Standing({ reply }: { reply: Omit<SubjectReply, 'facts' | 'state'> }) {
  const { t } = useSpeech();
  const { stageName, holderName } = useDomain();
  const moment = useMoments();
  return (
    <p className="standing">
      <span className="stage">
        <Mark state={reply.done ? 'done' : 'moving'} word={false} />
        {stageName(reply.subject, reply.stage)}
      </span>
      {reply.since === null ? null : (
        <span className="soft">{t('subject.since', { time: moment(reply.since) })}</span>
      )}
      {reply.holder === null ? null : (
        <span>{t('trace.held', { holder: holderName(reply.holder) })}</span>
      )}
      <PlaceName code={reply.place} />
    </p>
  );
}

/** What is on record about a thing, in order. */
export function History({ facts }: { facts: readonly FactRow[] }) {
  const { t } = useSpeech();
  const { factName, actorName } = useDomain();
  const moment = useMoments();
  if (facts.length === 0) return null;
  return (
    <section aria-label={t('subject.history')}>
      <h2>{t('subject.history')}</h2>
      <ol className="timeline">
        {facts.map((fact, index) => (
          <li key={`${fact.at} ${fact.kind} ${index}`} className="step">
            <p className="step-time">
              <time dateTime={new Date(fact.at).toISOString()}>{moment(fact.at)}</time>
            </p>
            <div className="step-body">
              <p className="step-name">{factName(fact.kind)}</p>
              <p className="soft small step-who">
                <span>{t('trace.by', { actor: actorName(fact.actor) })}</span>
              </p>
              <StateView state={fact.body} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
