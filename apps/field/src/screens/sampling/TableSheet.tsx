import type { JSX } from 'preact';
import { FindSheet } from './FindSheet.tsx';
import { MembersSheet } from './MembersSheet.tsx';
import { MoreSheet } from './MoreSheet.tsx';
import { membersOf } from './Rack.tsx';
import type { Station } from './station.ts';
import type { SamplingTable } from './table.ts';
import { UndoSheet } from './UndoSheet.tsx';
import { WalkInSheet } from './WalkInSheet.tsx';

/** The sheet that stands before the table. */
export type OpenSheet =
  | { readonly kind: 'find' | 'more' | 'members' }
  | { readonly kind: 'undo'; readonly person: number }
  | { readonly kind: 'walk-in'; readonly text: string };

interface TableSheetProps {
  readonly sheet: OpenSheet;
  readonly onSheet: (sheet: OpenSheet | null) => void;
  readonly table: SamplingTable;
  readonly station: Station;
}

/** Finding somebody, undoing an entry, voiding the tube, registering a walk-in. */
export function TableSheet({ sheet, onSheet, table, station }: TableSheetProps): JSX.Element {
  const close = (): void => onSheet(null);
  const closeAnd = (work: () => Promise<void>): void => {
    close();
    void work();
  };
  switch (sheet.kind) {
    case 'find':
      return (
        <FindSheet
          round={station.round}
          findsPeople={table.isOpen}
          onClose={close}
          onText={(text) => closeAnd(() => table.scan(text))}
          onPerson={(person) => closeAnd(() => table.addPerson(person))}
          onWalkIn={(text) => onSheet({ kind: 'walk-in', text })}
        />
      );
    case 'members':
      return (
        <MembersSheet
          members={membersOf(table.tube)}
          round={station.round}
          onClose={close}
          onPerson={(person) => onSheet({ kind: 'undo', person })}
        />
      );
    case 'undo':
      return (
        <UndoSheet
          person={sheet.person}
          onClose={close}
          onUndo={(reason) => closeAnd(() => table.undo(sheet.person, reason))}
        />
      );
    case 'more':
      return (
        <MoreSheet
          tube={table.tube?.tube ?? ''}
          onClose={close}
          onVoid={(reason) => closeAnd(() => table.voidTube(reason))}
        />
      );
    case 'walk-in':
      return (
        <WalkInSheet
          text={sheet.text}
          station={station}
          onClose={close}
          onRegistered={(person) => closeAnd(() => table.accept({ kind: 'join', person }))}
        />
      );
  }
}
