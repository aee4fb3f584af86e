import { useOverview } from '../../board/overview.tsx';
import { useSpeech } from '../../language/translate.ts';
import { usePlace } from '../../parts/PlaceName.tsx';
import type { FieldProps } from './field-parts.tsx';
import { Suggested } from './Suggested.tsx';

/** A place by its code, with its name under it; the one looked at and those below are suggested. */
export function PlaceField(props: FieldProps) {
  const { t, label } = useSpeech();
  const { data } = useOverview();
  const code = String(props.draft).trim();
  const known = usePlace(code.length < 3 ? null : code);
  const near = data === null ? [] : [data.place, ...data.coverage.children];
  const suggestions = near.map((place) => ({ id: place.code, text: label(place.label) }));
  const named = near.find((place) => place.code === code) ?? known ?? null;
  const hint = code === '' ? t('form.place-hint') : named === null ? undefined : label(named.label);
  return <Suggested field={props} suggestions={suggestions} hint={hint} />;
}
