import { useMemo } from 'react';
import type { Finding } from '../api/types.ts';
import { useCatalogue } from '../catalogue.tsx';
import { useCodes } from './codes.ts';
import { valuesOf } from './refusal.ts';
import { useSpeech } from './translate.ts';

/** Words for what the rooms say in codes. A code without words is shown as it is, never hidden. */
export interface Domain {
  readonly dutyName: (kind: string) => string;
  readonly factName: (kind: string) => string;
  /** The stage of a thing; `subject` may be its whole name or only its prefix. */
  readonly stageName: (subject: string, stage: string) => string;
  readonly holderName: (holder: string | null) => string;
  readonly roleName: (role: string) => string;
  /** The account that recorded something; the server itself has a word of its own. */
  readonly actorName: (actor: string) => string;
  readonly bedKind: (kind: string | null) => string;
  readonly findingText: (finding: Pick<Finding, 'code' | 'details'>) => string;
  readonly subjectName: (subject: string) => string;
  /** What a kind of thing is called: box, plate. */
  readonly kindName: (prefix: string) => string;
  readonly fieldName: (name: string) => string;
  /** A value of a field that is one of a few, in words. */
  readonly valueName: (field: string, value: string) => string;
}

/** Fields whose values have the words of another field. */
const sameWords: { readonly [field: string]: string } = { needs: 'notes' };

/** Words for what the rooms say in codes. */
export function useDomain(): Domain {
  const { t, term, label } = useSpeech();
  const { data } = useCatalogue();
  const codeText = useCodes();
  return useMemo(() => {
    const facts = new Map((data?.facts ?? []).map((fact) => [fact.name, fact.label]));
    const subjects = new Map((data?.subjects ?? []).map((each) => [each.prefix, each.label]));
    const roleName = (role: string) => term(`role.${role}`) ?? role;
    return {
      roleName,
      actorName: (actor) => (actor === 'system' ? t('holder.system') : actor),
      dutyName: (kind) => term(`duty.${kind}`) ?? kind,
      factName: (kind) => label(facts.get(kind)) || kind,
      stageName: (subject, stage) =>
        term(`stage.${subject.split(':')[0]}.${stage}`) ?? term(`stage.${stage}`) ?? stage,
      holderName: (holder) => {
        if (holder === null) return t('holder.none');
        if (holder.startsWith('user:')) return holder.slice('user:'.length);
        if (holder.startsWith('role:')) {
          return t('holder.role', { role: roleName(holder.slice('role:'.length)) });
        }
        return holder;
      },
      bedKind: (kind) => (kind === null ? '' : (term(`value.bedKind.${kind}`) ?? kind)),
      findingText: ({ code, details }) => codeText(code, valuesOf(details ?? {})) ?? code,
      subjectName: (subject) => {
        const [prefix = '', ...rest] = tubeOf(subject).split(':');
        const kind = label(subjects.get(prefix));
        return kind === '' ? subject : `${kind} ${rest.join(':')}`;
      },
      kindName: (prefix) => label(subjects.get(prefix)) || prefix,
      fieldName: (name) => term(`field.${name}`) ?? name,
      valueName: (field, value) => {
        const known = sameWords[field] ?? field;
        return term(`value.${known}.${value}`) ?? term(`value.${value}`) ?? value;
      },
    };
  }, [t, term, label, data, codeText]);
}

/** The record of a specimen is the tube's: people know it by the tube. */
export function tubeOf(subject: string): string {
  return subject.replace(/^specimen:/, 'tube:');
}
