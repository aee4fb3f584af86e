import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';

export interface Option {
  readonly id: string;
  readonly text: string;
}

interface Props {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  readonly hideLabel?: boolean;
  readonly placeholder?: string;
}

/** One of several, by a list that opens. */
export function Choice({
  label,
  options,
  value,
  onChange,
  hideLabel = false,
  placeholder = '',
}: Props) {
  return (
    <Select
      className="choice"
      value={value}
      placeholder={placeholder}
      isDisabled={options.length === 0}
      onChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      {...(hideLabel ? { 'aria-label': label } : {})}
    >
      {hideLabel ? null : <Label>{label}</Label>}
      <Button className="choice-button">
        <SelectValue />
        <Chevron />
      </Button>
      <Popover className="popover">
        <ListBox className="menu" items={options}>
          {(option) => (
            <ListBoxItem className="menu-item" id={option.id} textValue={option.text}>
              {option.text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** The small arrow of something that opens. */
export function Chevron() {
  return (
    <svg className="chevron" viewBox="0 0 10 6" aria-hidden="true">
      <path d="m1 1 4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
