import { WorkDesk } from '../WorkDesk.tsx';
import type { Desk } from '../definitions.ts';
import { OpenTube } from './OpenTube.tsx';
import { TubeRack } from './TubeRack.tsx';

/** Where swabs go into tubes: open a tube, scan its people, seal it, take the next. */
export function SamplingDesk({ desk, subject }: { desk: Desk; subject: string | null }) {
  return (
    <WorkDesk
      desk={desk}
      subject={subject}
      forms={{ 'screening.open-tube': (props) => <OpenTube {...props} /> }}
      picture={(thing, refetch) =>
        thing.subject.startsWith('tube:') ? <TubeRack thing={thing} refetch={refetch} /> : null
      }
    />
  );
}
