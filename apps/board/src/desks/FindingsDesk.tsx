import { useState } from 'react';
import type { Finding } from '../api/types.ts';
import { useScope } from '../board/overview.tsx';
import { useCatalogue } from '../catalogue.tsx';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { findingSubject } from '../lists/FindingsList.tsx';
import { usePages } from '../lists/pages.ts';
import { Mark } from '../parts/Mark.tsx';
import { Shown } from '../parts/Notice.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { href } from '../route.ts';
import { StateView } from '../trace/StateView.tsx';
import { ActForm } from './ActForm.tsx';

/** Contradictions in the records: take one up, look, close it with what was found. */
export function FindingsDesk({ subject }: { subject: string | null }) {
  const { t } = useSpeech();
  const { place, round } = useScope();
  const pages = usePages<Finding>('/findings', { state: 'open', place, round });
  return (
    <Shown of={pages.resource}>
      {({ rows }) => {
        const chosen = rows.find((row) => findingSubject(row) === subject) ?? null;
        return (
          <div className="work">
            <section className="queue" aria-label={t('findings.title')}>
              {rows.length === 0 ? <p className="soft">{t('findings.none')}</p> : null}
              <ul className="queue-rows">
                {rows.map((row) => (
                  <FindingRow key={findingSubject(row)} finding={row} here={row === chosen} />
                ))}
              </ul>
            </section>
            <div className="work-main">
              {chosen === null ? (
                <p className="soft">{t('desk.choose-finding')}</p>
              ) : (
                <FindingDetail finding={chosen} onDone={pages.resource.refetch} />
              )}
            </div>
          </div>
        );
      }}
    </Shown>
  );
}

function FindingRow({ finding, here }: { finding: Finding; here: boolean }) {
  const { findingText, holderName, subjectName } = useDomain();
  const moment = useMoments();
  return (
    <li>
      <a
        className="queue-row"
        href={href(['desk', 'findings', findingSubject(finding)])}
        aria-current={here ? 'true' : undefined}
      >
        <span className="queue-name">{findingText(finding)}</span>
        <span className="queue-age">{moment(finding.at)}</span>
        <span className="queue-stage">
          {finding.subject === undefined ? null : subjectName(finding.subject)}
        </span>
        <span className="queue-holder">{holderName(finding.holder ?? finding.owner)}</span>
      </a>
    </li>
  );
}

function FindingDetail({ finding, onDone }: { finding: Finding; onDone: () => void }) {
  const { t } = useSpeech();
  const { findingText, holderName, stageName } = useDomain();
  const moment = useMoments();
  return (
    <article className="detail" key={findingSubject(finding)}>
      <header className="detail-head">
        <h2>{findingText(finding)}</h2>
        <p className="standing">
          <span className="stage">
            <Mark state={finding.stage === 'taken' ? 'moving' : 'waiting'} word={false} />
            {stageName('finding', finding.stage ?? 'open')}
          </span>
          <span className="soft">{moment(finding.at)}</span>
          <span>{t('trace.held', { holder: holderName(finding.holder ?? finding.owner) })}</span>
          <PlaceName code={finding.place} />
          {finding.subject === undefined ? null : <SubjectLink subject={finding.subject} />}
        </p>
      </header>
      <FindingActions finding={finding} onDone={onDone} />
      <StateView state={finding.details ?? {}} />
      <p className="soft small">
        {t('state.code')} <code>{finding.code}</code>
      </p>
    </article>
  );
}

const acts = ['take-finding', 'close-finding'] as const;

function FindingActions({ finding, onDone }: { finding: Finding; onDone: () => void }) {
  const { t } = useSpeech();
  const { data } = useCatalogue();
  const [count, setCount] = useState(0);
  const key = findingSubject(finding).slice('finding:'.length);
  const known = { finding: key, place: finding.place };
  const shown = finding.stage === 'taken' ? (['close-finding'] as const) : acts;
  return (
    <section className="actions finding-actions" aria-label={t('desk.actions')}>
      {shown.map((act) => {
        const entry = data?.acts.find((each) => each.room === 'duties' && each.act === act);
        if (entry === undefined) return null;
        return (
          <ActForm
            key={`${key} ${act} ${count}`}
            entry={entry}
            known={known}
            fixed={['finding', 'place']}
            onDone={() => {
              setCount(count + 1);
              onDone();
            }}
          />
        );
      })}
    </section>
  );
}
