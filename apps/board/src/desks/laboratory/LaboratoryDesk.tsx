import type { Desk } from '../definitions.ts';
import { WorkDesk } from '../WorkDesk.tsx';
import { InstrumentFile } from './InstrumentFile.tsx';
import { LoadPlate } from './LoadPlate.tsx';
import { PlateView } from './PlateView.tsx';

/** The bench: tubes in, plates loaded, read from the instrument's file, signed by a second person. */
export function LaboratoryDesk({ desk, subject }: { desk: Desk; subject: string | null }) {
  return (
    <WorkDesk
      desk={desk}
      subject={subject}
      forms={{
        'laboratory.load-plate': (props) => <LoadPlate {...props} />,
        'laboratory.read-plate': (props) => <InstrumentFile {...props} />,
      }}
      picture={(thing) => (thing.subject.startsWith('plate:') ? <PlateView thing={thing} /> : null)}
    />
  );
}
