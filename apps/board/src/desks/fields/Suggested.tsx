import type { ReactNode } from 'react';
import {
  Button,
  ComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from 'react-aria-components';
import { Chevron } from '../../parts/Choice.tsx';
import {
  FieldError,
  FieldLabel,
  type FieldProps,
  type Suggestion,
  useFieldWords,
} from './field-parts.tsx';

interface Props {
  readonly field: FieldProps;
  readonly suggestions: readonly Suggestion[];
  readonly hint?: ReactNode;
}

/** A text with suggestions: choose one, or type what is not among them. */
export function Suggested({ field, suggestions, hint }: Props) {
  const { label, optional, error } = useFieldWords(field);
  const { draft, onChange, autoFocus = false } = field;
  return (
    <ComboBox
      className="field field-suggested"
      allowsCustomValue
      menuTrigger="focus"
      inputValue={String(draft)}
      onInputChange={onChange}
      onChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      defaultItems={suggestions}
      isInvalid={error !== null}
      autoFocus={autoFocus}
    >
      <Label>
        <FieldLabel label={label} optional={optional} />
      </Label>
      <div className="combo">
        <Input spellCheck={false} autoComplete="off" />
        <Button className="combo-button">
          <Chevron />
        </Button>
      </div>
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError error={error} />
      <Popover className="popover">
        <ListBox<Suggestion> className="menu">
          {({ id, text, note }) => (
            // The text value is the id: what is chosen goes into the field as it is sent.
            <ListBoxItem className="menu-item" id={id} textValue={id}>
              <span>{text}</span>
              <span className="faint small">{note ?? id}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
