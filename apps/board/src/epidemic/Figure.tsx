import { type ReactNode, useId, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useSpeech } from '../language/translate.ts';
import { type Cell, offerFile, toCsv } from '../lists/csv.ts';
import { Notice } from '../parts/Notice.tsx';
import { pngOf, standAlone, svgText } from './save-figure.ts';

/** The numbers of a figure, for whoever wants to work on with them. */
export interface Table {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

interface Props {
  /** The finding as a sentence. */
  readonly title: string;
  /** What the figure is about, in a word or two: its heading while nothing can be found. */
  readonly subject: string;
  /** Name of the files. */
  readonly name: string;
  readonly legend?: ReactNode;
  /** The legend in words, for a saved figure. */
  readonly legendText?: string;
  /** What the data behind the figure lack. */
  readonly quality: string;
  readonly table: Table;
  /** Why there is no picture: then a line says so; null when there is one. */
  readonly instead?: string | null;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

const formats = ['SVG', 'PNG', 'CSV'] as const;
type Format = (typeof formats)[number];

/** A chart with its sentence, the quality of its data, and its files. */
export function Figure(props: Props) {
  const { title, subject, legend, quality, instead = null, wide = false, children } = props;
  const { t } = useSpeech();
  const heading = useId();
  const holder = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  async function save(format: Format) {
    setFailed(false);
    try {
      await saveAs(format, holder.current, props);
    } catch {
      setFailed(true);
    }
  }
  if (instead !== null) {
    return (
      <figure className="chart chart-thin" aria-labelledby={heading}>
        <h2 id={heading}>{subject}</h2>
        <Notice state="unknown">{instead}</Notice>
      </figure>
    );
  }
  return (
    <figure className={wide ? 'chart chart-wide' : 'chart'} aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {legend === undefined ? null : <div className="chart-legend">{legend}</div>}
      <div ref={holder} className="chart-body">
        {children}
      </div>
      <figcaption>
        <p className="chart-quality">
          <b>{t('trend.quality')}</b> {quality}
        </p>
        <div className="chart-files" role="group" aria-label={`${t('trend.save')}: ${title}`}>
          {formats.map((format) => (
            <Button
              key={format}
              className="chart-file"
              aria-label={t('trend.save-as', { format })}
              onPress={() => void save(format)}
            >
              {format}
            </Button>
          ))}
          {failed ? (
            <span role="alert" className="field-error">
              {t('state.failed')}
            </span>
          ) : null}
        </div>
      </figcaption>
    </figure>
  );
}

async function saveAs(
  format: Format,
  holder: HTMLElement | null,
  { name, title, legendText, quality, table }: Props,
): Promise<void> {
  if (format === 'CSV') {
    offerFile(`${name}.csv`, toCsv(table.heads, table.rows));
    return;
  }
  const chart = holder?.querySelector('svg') ?? null;
  if (chart === null) return;
  const lines = [legendText ?? '', quality].filter((line) => line !== '');
  const alone = standAlone(chart, { title, lines });
  if (format === 'SVG') offerFile(`${name}.svg`, svgText(alone), 'image/svg+xml');
  else offerBlob(`${name}.png`, await pngOf(alone));
}

function offerBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
