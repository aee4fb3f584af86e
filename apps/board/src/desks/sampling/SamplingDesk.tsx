import type { Desk } from '../definitions.ts';
import type { OwnForms } from '../own-forms.ts';
import type { Thing } from '../thing.ts';
import { WorkDesk } from '../WorkDesk.tsx';
import { OpenTube } from './OpenTube.tsx';
import { TubeRack } from './TubeRack.tsx';

const forms: OwnForms = { 'screening.open-tube': OpenTube };

/** Where swabs go into tubes: open a tube, scan its people, seal it, take the next. */
export function SamplingDesk({ desk, subject }: { desk: Desk; subject: string | null }) {
  return <WorkDesk desk={desk} subject={subject} forms={forms} picture={Rack} />;
}

function Rack({ thing, refetch }: { thing: Thing; refetch: () => void }) {
  return thing.subject.startsWith('tube:') ? <TubeRack thing={thing} refetch={refetch} /> : null;
}
