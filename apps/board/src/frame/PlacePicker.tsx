import { Fragment, useState } from 'react';
import {
  Autocomplete,
  Button,
  Dialog,
  DialogTrigger,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  useFilter,
} from 'react-aria-components';
import { queryText } from '../api/client.ts';
import type { Page, PlaceRow } from '../api/types.ts';
import { useOverview } from '../board/overview.tsx';
import { useSpeech } from '../language/translate.ts';
import { Chevron } from '../parts/Choice.tsx';
import { useResource } from '../resource.ts';
import { go, hrefHere } from '../route.ts';

/** The path from the district down to the chosen place, and the way further down. */
export function PlacePicker() {
  const { t, label } = useSpeech();
  const { data } = useOverview();
  if (data === null) return <span className="place-path" />;
  const { place } = data;
  return (
    <nav className="place-path" aria-label={t('place.path')}>
      {place.parents.map((parent) => (
        <Fragment key={parent.code}>
          <a href={hrefHere({ place: parent.code })} translate="no">
            {label(parent.label)}
          </a>
          <span className="faint" aria-hidden="true">
            ›
          </span>
        </Fragment>
      ))}
      <DialogTrigger>
        <Button className="place-button" aria-label={t('place.choose')}>
          <span translate="no">{label(place.label)}</span>
          <Chevron />
        </Button>
        <Popover className="popover place-popover" placement="bottom start">
          <Dialog aria-label={t('place.choose')} className="place-dialog">
            {({ close }) => <PlaceList parent={place.code} close={close} />}
          </Dialog>
        </Popover>
      </DialogTrigger>
    </nav>
  );
}

function PlaceList({ parent, close }: { parent: string; close: () => void }) {
  const { t, label } = useSpeech();
  const { contains } = useFilter({ sensitivity: 'base' });
  const [text, setText] = useState('');
  const places = useResource<Page<PlaceRow>>(`/places${queryText({ parent })}`);
  const rows = places.data?.rows ?? [];
  const choose = (code: string) => {
    close();
    go(hrefHere({ place: code }));
  };
  return (
    <Autocomplete inputValue={text} onInputChange={setText} filter={contains}>
      <SearchField aria-label={t('place.search')} className="field" autoFocus>
        <Input placeholder={t('place.search')} />
      </SearchField>
      <ListBox
        className="menu place-menu"
        aria-label={t('place.choose')}
        items={rows}
        onAction={(key) => choose(String(key))}
        renderEmptyState={() => (
          <p className="soft menu-empty">
            {t(places.state === 'loading' ? 'state.loading' : 'place.none')}
          </p>
        )}
      >
        {(row) => (
          <ListBoxItem
            id={row.code}
            textValue={`${label(row.label)} ${row.code}`}
            className="menu-item"
          >
            <span translate="no">{label(row.label)}</span>
            <span className="faint small">{row.code}</span>
          </ListBoxItem>
        )}
      </ListBox>
    </Autocomplete>
  );
}
