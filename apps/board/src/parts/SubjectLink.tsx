import { tubeOf, useDomain } from '../language/domain.ts';
import { href } from '../route.ts';

/** Kinds whose whole chain can be shown hand by hand. */
const traced = ['tube', 'person', 'box'];

/** The address of a thing: its chain when it has one, its own page otherwise. */
export function subjectHref(subject: string): string {
  const [prefix = '', ...rest] = tubeOf(subject).split(':');
  if (traced.includes(prefix)) return href(['trace', prefix, rest.join(':')]);
  return href(['subject', subject]);
}

interface Props {
  readonly subject: string;
  /** The number alone, where the kind stands beside it already. */
  readonly short?: boolean;
}

/** A thing by its kind and number, leading to its page. */
export function SubjectLink({ subject, short = false }: Props) {
  const { subjectName } = useDomain();
  return (
    <a className="subject" href={subjectHref(subject)}>
      {short ? subject.slice(subject.indexOf(':') + 1) : subjectName(subject)}
    </a>
  );
}
