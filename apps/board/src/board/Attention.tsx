import type { BoardReply, Duty, Finding } from '../api/types.ts';
import { useDomain } from '../language/domain.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark } from '../parts/Mark.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { href } from '../route.ts';

/** What somebody must look at now: duties past their time, beds, and records that contradict. */
export function Attention({ board }: { board: BoardReply }) {
  const { t, count } = useSpeech();
  const stale = board.beds.filter((unit) => unit.stale).length;
  const values = {
    overdue: count(board.duties.overdue),
    findings: count(board.findings.open),
    stale: count(stale),
  };
  const asOf = Date.parse(board.asOf);
  const calm = board.duties.overdue + board.findings.open + stale === 0;
  return (
    <section className="attention" aria-labelledby="attention-title">
      <header className="attention-head">
        <h2 id="attention-title">{t('attention.title')}</h2>
        <p>{t(calm ? 'attention.calm' : 'attention.sentence', values)}</p>
      </header>
      <div className="attention-columns">
        <DutiesPanel overdue={board.duties.overdue} top={board.duties.top} asOf={asOf} />
        <FindingsPanel open={board.findings.open} top={board.findings.top} asOf={asOf} />
      </div>
    </section>
  );
}

interface DutiesProps {
  readonly overdue: number;
  readonly top: readonly Duty[];
  readonly asOf: number;
}

function DutiesPanel({ overdue, top, asOf }: DutiesProps) {
  const { t, count, span } = useSpeech();
  const { dutyName, holderName } = useDomain();
  return (
    <section className="panel" aria-labelledby="duties-title">
      <h3 id="duties-title" className="panel-title">
        {t('duties.title')}
        <a href={href(['list', 'duties'], { state: 'overdue' })}>
          {t('duties.all', { count: count(overdue) })}
        </a>
      </h3>
      {top.length === 0 ? (
        <p className="soft">{t('duties.none')}</p>
      ) : (
        <ul className="rows">
          {top.map((duty, index) => (
            <li key={`${duty.subject ?? ''} ${duty.key ?? index} ${duty.kind}`}>
              <span className="row-main">
                {dutyName(duty.kind)}
                {duty.subject === undefined ? null : <SubjectLink subject={duty.subject} />}
              </span>
              <span className="row-side alarm">
                <Mark state="overdue" word={false} />
                {span((asOf - duty.dueAt) / 1000)}
              </span>
              <span className="row-note">{holderName(duty.owner)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface FindingsProps {
  readonly open: number;
  readonly top: readonly Finding[];
  readonly asOf: number;
}

function FindingsPanel({ open, top, asOf }: FindingsProps) {
  const { t, count, span } = useSpeech();
  const { findingText, holderName } = useDomain();
  return (
    <section className="panel" aria-labelledby="findings-title">
      <h3 id="findings-title" className="panel-title">
        {t('findings.title')}
        <a href={href(['list', 'findings'], { state: 'open' })}>
          {t('findings.all', { count: count(open) })}
        </a>
      </h3>
      {top.length === 0 ? (
        <p className="soft">{t('findings.none')}</p>
      ) : (
        <ul className="rows">
          {top.map((finding) => (
            <li key={`${finding.subject ?? ''} ${finding.key}`}>
              <span className="row-main">
                {findingText(finding)}
                {finding.subject === undefined ? null : <SubjectLink subject={finding.subject} />}
              </span>
              <span className="row-side soft">
                {t('clock.age', { span: span((asOf - finding.at) / 1000) })}
              </span>
              <span className="row-note">{holderName(finding.owner)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
