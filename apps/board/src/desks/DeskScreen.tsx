import { useSpeech } from '../language/translate.ts';
import { Notice } from '../parts/Notice.tsx';
import { href } from '../route.ts';
import { AccountsDesk } from './AccountsDesk.tsx';
import { type Desk, desks, findDesk } from './definitions.ts';
import { DevicesDesk } from './DevicesDesk.tsx';
import { DutiesDesk } from './DutiesDesk.tsx';
import { FindingsDesk } from './FindingsDesk.tsx';
import { useDeskKeys } from './keys.tsx';
import { LaboratoryDesk } from './laboratory/LaboratoryDesk.tsx';
import { LabelsDesk } from './LabelsDesk.tsx';
import { PersonsDesk } from './PersonsDesk.tsx';
import { SamplingDesk } from './sampling/SamplingDesk.tsx';
import { WorkDesk } from './WorkDesk.tsx';

interface Props {
  readonly desk: string | null;
  readonly subject: string | null;
}

/** The desks: one for every step of the chain, each with its queue and its next action. */
export default function DeskScreen({ desk: id, subject }: Props) {
  const { t } = useSpeech();
  const desk = findDesk(id);
  const keys = useDeskKeys();
  return (
    <div className="desk-screen">
      <DeskNav here={id} />
      <main id="main" className="desk" tabIndex={-1}>
        {desk === null ? (
          id === null ? (
            <DeskHome />
          ) : (
            <Notice state="unknown">{t('state.not-found')}</Notice>
          )
        ) : (
          <>
            <header className="desk-head">
              <h1>{t(`desk.${desk.id}`)}</h1>
              <p className="soft">{t(`desk.${desk.id}-about`)}</p>
            </header>
            <DeskBody desk={desk} subject={subject} key={desk.id} />
          </>
        )}
      </main>
      {keys}
    </div>
  );
}

const lanes = ['specimen', 'patient', 'ground'] as const;

function DeskNav({ here }: { here: string | null }) {
  const { t } = useSpeech();
  return (
    <nav className="desk-nav" aria-label={t('nav.desks')}>
      {lanes.map((lane) => (
        <div key={lane}>
          <h2>{t(`lane.${lane}`)}</h2>
          <ul>
            {desks
              .filter((desk) => desk.lane === lane)
              .map(({ id }) => (
                <li key={id}>
                  <a href={href(['desk', id])} aria-current={id === here ? 'page' : undefined}>
                    {t(`desk.${id}`)}
                  </a>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function DeskHome() {
  const { t } = useSpeech();
  return (
    <>
      <h1>{t('nav.desks')}</h1>
      <p className="soft desk-intro">{t('desk.intro')}</p>
      <dl className="desk-cards">
        {desks.map(({ id }) => (
          <div key={id}>
            <dt>
              <a href={href(['desk', id])}>{t(`desk.${id}`)}</a>
            </dt>
            <dd className="soft">{t(`desk.${id}-about`)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function DeskBody({ desk, subject }: { desk: Desk; subject: string | null }) {
  switch (desk.id) {
    case 'sampling':
      return <SamplingDesk desk={desk} subject={subject} />;
    case 'laboratory':
      return <LaboratoryDesk desk={desk} subject={subject} />;
    case 'persons':
      return <PersonsDesk />;
    case 'labels':
      return <LabelsDesk />;
    case 'devices':
      return <DevicesDesk device={subject} />;
    case 'accounts':
      return <AccountsDesk account={subject} />;
    case 'duties':
      return <DutiesDesk />;
    case 'findings':
      return <FindingsDesk subject={subject} />;
    default:
      return <WorkDesk desk={desk} subject={subject} />;
  }
}
