import type { Gap, TraceReply, TraceStep } from '../api/types.ts';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark } from '../parts/Mark.tsx';
import { Notice } from '../parts/Notice.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { StateView } from './StateView.tsx';

/** What happened, in order, with the time between and whose hands it was in. */
export function Timeline({ trace }: { trace: TraceReply }) {
  const { t } = useSpeech();
  const { steps, gaps } = trace;
  if (steps.length === 0) return <Notice state="unknown">{t('trace.none')}</Notice>;
  return (
    <>
      {gaps.length === 0 ? (
        <p className="trace-verdict soft">
          <Mark state="done" word={false} /> {t('trace.no-gap')}
        </p>
      ) : (
        <Gaps gaps={gaps} />
      )}
      <ol className="timeline">
        {steps.map((step, index) => (
          <Step
            key={`${step.at} ${step.kind} ${index}`}
            step={step}
            before={steps[index - 1] ?? null}
            subject={trace.subject}
          />
        ))}
      </ol>
    </>
  );
}

/** Contradictions on record: a gap in a chain is never only a gap, somebody has to look at it. */
export function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  const { t } = useSpeech();
  const { findingText } = useDomain();
  const moment = useMoments();
  return (
    <ul className="gaps" aria-label={t('trace.gap')}>
      {gaps.map((gap) => (
        <li key={`${gap.code} ${gap.at} ${JSON.stringify(gap.details)}`}>
          <Mark state="unknown" word={false} />
          <div>
            <p>
              {findingText(gap)} <span className="soft small">{moment(gap.at)}</span>
            </p>
            <StateView state={gap.details ?? {}} />
          </div>
        </li>
      ))}
    </ul>
  );
}

interface StepProps {
  readonly step: TraceStep;
  readonly before: TraceStep | null;
  readonly subject: string;
}

function Step({ step, before, subject }: StepProps) {
  const { t, span } = useSpeech();
  const { factName, holderName, actorName } = useDomain();
  const moment = useMoments();
  const elsewhere = step.subject !== undefined && step.subject !== subject ? step.subject : null;
  const holder = step.holder ?? null;
  const passed = before !== null && holder !== null && holder !== (before.holder ?? null);
  return (
    <li className={passed ? 'step step-passed' : 'step'}>
      <p className="step-time">
        <time dateTime={new Date(step.at).toISOString()}>{moment(step.at)}</time>
        {before === null ? null : (
          <span className="soft small">
            {t('trace.after', { span: span((step.at - before.at) / 1000) })}
          </span>
        )}
      </p>
      <div className="step-body">
        <p className="step-name">
          {factName(step.kind)}
          {elsewhere === null ? null : <SubjectLink subject={elsewhere} />}
        </p>
        <p className="soft small step-who">
          {holder === null ? null : (
            <span className={passed ? 'step-holder' : ''}>
              {t('trace.held', { holder: holderName(holder) })}
            </span>
          )}
          <span>{t('trace.by', { actor: actorName(step.actor) })}</span>
          <PlaceName code={step.place} />
        </p>
        <StateView state={step.body} />
      </div>
    </li>
  );
}
