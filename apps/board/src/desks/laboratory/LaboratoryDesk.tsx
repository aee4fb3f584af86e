import type { Desk } from '../definitions.ts';
import type { OwnForms } from '../own-forms.ts';
import type { Thing } from '../thing.ts';
import { WorkDesk } from '../WorkDesk.tsx';
import { InstrumentFile } from './InstrumentFile.tsx';
import { LoadPlate } from './LoadPlate.tsx';
import { PlateView } from './PlateView.tsx';

const forms: OwnForms = {
  'laboratory.load-plate': LoadPlate,
  'laboratory.read-plate': InstrumentFile,
};

/** The bench: tubes in, plates loaded, read from a file, signed by a second person. */
export function LaboratoryDesk({ desk, subject }: { desk: Desk; subject: string | null }) {
  return <WorkDesk desk={desk} subject={subject} forms={forms} picture={Wells} />;
}

function Wells({ thing }: { thing: Thing }) {
  return thing.subject.startsWith('plate:') ? <PlateView thing={thing} /> : null;
}
