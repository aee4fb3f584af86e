import type { UnitBeds } from '../api/types.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark } from '../parts/Mark.tsx';
import { href } from '../route.ts';

/** How many units fit beside the accounts; the link in the title leads to all. */
const unitsShown = 6;

/** Free beds by unit, each with the age of its count; a count too old is not believed. */
export function Beds({ beds }: { beds: readonly UnitBeds[] }) {
  const { t, label, count, minutes } = useSpeech();
  const free = beds.reduce((sum, unit) => sum + (unit.stale ? 0 : (unit.free ?? 0)), 0);
  const unknown = beds.filter((unit) => unit.stale || unit.free === null).length;
  return (
    <section className="panel" aria-labelledby="beds-title">
      <h2 id="beds-title" className="panel-title">
        {t('beds.title')}
        <a href={href(['list', 'beds'])}>
          {t(unknown === 0 ? 'beds.sum-known' : 'beds.sum', {
            free: count(free),
            unknown: count(unknown),
          })}
        </a>
      </h2>
      {beds.length === 0 ? (
        <p className="soft">{t('beds.none')}</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('column.unit')}</th>
              <th scope="col" className="number">
                {t('beds.free')}
              </th>
              <th scope="col" className="number">
                {t('beds.head-beds')}
              </th>
              <th scope="col" className="number">
                {t('beds.age')}
              </th>
            </tr>
          </thead>
          <tbody>
            {beds.slice(0, unitsShown).map((unit) => (
              <tr key={unit.unit}>
                <th scope="row">
                  <a href={href(['subject', unitSubject(unit)])} translate="no">
                    {label(unit.label) || unit.unit}
                  </a>
                </th>
                <td className="number">
                  <a className="plain" href={href(['subject', unitSubject(unit)])}>
                    <FreeBeds unit={unit} />
                  </a>
                </td>
                <td className="number">
                  <a className="soft" href={href(['subject', unitSubject(unit)])}>
                    {count(unit.beds)}
                  </a>
                </td>
                <td className="number soft">
                  {unit.countAgeMinutes === null
                    ? t('beds.never')
                    : t('beds.ago', { span: minutes(unit.countAgeMinutes) })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Free beds, or a plain ? when the count is too old to be believed. */
export function FreeBeds({ unit }: { unit: UnitBeds }) {
  const { t, count } = useSpeech();
  if (unit.stale || unit.free === null) {
    return (
      <span className="unknown" title={t('beds.stale')}>
        <Mark state="unknown" word={false} />
        <span className="hidden">{t('beds.stale')}</span>
      </span>
    );
  }
  return <>{count(unit.free)}</>;
}

/** A unit's subject, whether the server names it with its prefix or without. */
export function unitSubject({ unit }: Pick<UnitBeds, 'unit'>): string {
  return unit.startsWith('unit:') ? unit : `unit:${unit}`;
}
