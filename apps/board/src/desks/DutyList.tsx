import { useAsOf } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { dutyMark } from '../lists/DutiesList.tsx';
import { Mark } from '../parts/Mark.tsx';
import type { Thing } from './thing.ts';

/** What is owed about one thing: open duties, each with who owes it and by when. */
export function DutyList({ duties }: { duties: Thing['duties'] }) {
  const { t } = useSpeech();
  const { dutyName, holderName } = useDomain();
  const moment = useMoments();
  const now = useAsOf();
  const open = duties.filter(({ endedAt }) => endedAt === null);
  if (open.length === 0) return null;
  return (
    <section aria-label={t('list.duties')}>
      <h3>{t('list.duties')}</h3>
      <ul className="rows">
        {open.map((duty) => (
          <li key={`${duty.kind} ${duty.key ?? ''}`}>
            <span className="row-main">{dutyName(duty.kind)}</span>
            <span className="row-side">
              <Mark state={dutyMark(duty, now)} />
              {t('desk.due', { time: moment(duty.dueAt) })}
            </span>
            <span className="row-note">{holderName(duty.owner)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
