import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileFault, parseInstrumentFile, readCt } from './instrument.ts';
import { nationalRuleSet } from './rules.ts';

const context = { ruleSet: nationalRuleSet };
const loaded = {
  ...context,
  wells: [
    { well: 'A1', tube: 'TUBE1' },
    { well: 'B1', tube: 'TUBE2' },
  ],
};
const faultsOf = (text: string, given: typeof context = context): string[] =>
  parseInstrumentFile(text, given).faults.map(said);
const said = ({ row, column, code, value }: FileFault): string =>
  [row, column, code.replace('laboratory.file-', ''), value].join(' ');

/** The layout of QuantStudio Design and Analysis exports: preamble, section, header, rows. */
const quantStudio = [
  '* Block Type = 96-Well Block (0.2mL)',
  '* Comment = plate 7, 5" shelf',
  '* Instrument Type = QuantStudio 5 System',
  '',
  '[Sample Setup]',
  'Well,Well Position,Sample Name,Target Name,Task,Reporter',
  '1,A1,TUBE1,ORF1ab,UNKNOWN,FAM',
  '',
  '[Results]',
  'Well,Well Position,Omit,Sample Name,Target Name,Task,Reporter,Quencher,CT,Ct Mean,Ct SD',
  '1,A1,false,TUBE1,ORF1ab,UNKNOWN,FAM,NFQ-MGB,Undetermined,,',
  '1,A1,false,TUBE1,N,UNKNOWN,VIC,NFQ-MGB,"24.731",24.7,0.1',
  '1,A1,false,TUBE1,RNase P,UNKNOWN,CY5,NFQ-MGB,28.2,,',
  '96,H12,false,,,,,,,,',
  '',
  'Analysis Type,Singleplex',
  '[Amplification Data]',
  'Well,Cycle,Target Name,Rn',
  '1,1,ORF1ab,0.5',
].join('\r\n');

/** The layout of Bio-Rad CFX "Quantification Cq Results": an empty first column, NaN for none. */
const cfx = [
  ',Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,Cq Std. Dev',
  ',A01,FAM,ORF1ab,Unkn,TUBE1,,NaN,0.00,0.000',
  ',A01,HEX,N,Unkn,TUBE1,,24.731,24.7,0.1',
  ',A01,Cy5,IC,Unkn,TUBE1,,28.2,28.2,0.000',
  ',H12,Cy5,,NTC,,,NaN,0.00,0.000',
].join('\n');

const expected = [
  { well: 'A1', target: 'ORF1ab', ct: null },
  { well: 'A1', target: 'N', ct: 24.731 },
  { well: 'A1', target: 'IC', ct: 28.2 },
];

describe('LA-10 instrument files', () => {
  it('LA-10 reads an Applied Biosystems export, preamble and other sections aside', () => {
    const file = parseInstrumentFile(quantStudio, loaded);
    expect(file).toEqual({
      format: 'applied-biosystems',
      instrument: 'QuantStudio 5 System',
      readings: expected,
      faults: [],
      isUsable: true,
    });
  });

  it('LA-10 reads a Bio-Rad CFX export', () => {
    const file = parseInstrumentFile(cfx, loaded);
    expect(file).toMatchObject({ format: 'bio-rad-cfx', readings: expected, faults: [] });
  });

  it('LA-10 reads a plain table: tabs, semicolons, decimal commas, Chinese names, a BOM', () => {
    const plain = 'well,target,ct\nA1,ORF1ab,undetermined\na01,N,24.731\nA1,IC,28.2\n';
    const tabs = 'Well\tTarget\tCt\nA1\tORF1a/b\tNoCt\nA1\tN\t24,731\nA1\tIC\t28,2\n';
    const chinese =
      '\uFEFF孔位;样本编号;靶标;Ct值\nA1;TUBE1;ORF1ab基因;未检出\nA1;;N;24,731\nA1;;内标;28,2';
    const quoted = 'well,target,ct\nA1,ORF1ab,-\nA1,N,"24,731"\nA1,IC,"28,2"';
    // StepOne writes Ct with a Cyrillic letter.
    const cyrillic = plain.replace('ct', 'C\u0442');
    for (const text of [plain, tabs, chinese, quoted, cyrillic]) {
      expect(parseInstrumentFile(text, context)).toMatchObject({
        format: 'table',
        readings: expected,
        faults: [],
        isUsable: true,
      });
    }
  });

  it('LA-10 reads running numbers where there is no position column', () => {
    const text = 'Well,Sample Name,Detector,Task,Ct\n1,TUBE1,N,UNKN,20\n13,TUBE2,N,UNKN,21';
    const { readings, format } = parseInstrumentFile(text, context);
    expect(format).toBe('applied-biosystems');
    expect(readings.map(({ well }) => well)).toEqual(['A1', 'B1']);
  });

  it('LA-10 names row, column, value and code of everything it cannot read', () => {
    const text = [
      'well,target,ct',
      'A1,N,abc',
      'A2,N,',
      'A3,N,0',
      'A4,N,61',
      'Z9,N,20',
      'A5,S gene,20',
      'A6,N,20',
      'A06,N,21',
      'A7,N,23,45',
      'A8,"N,20',
      'B1,N',
    ].join('\n');
    expect(faultsOf(text)).toEqual([
      '2 ct value-unreadable abc',
      '3 ct value-missing ',
      '4 ct value-out-of-range 0',
      '5 ct value-out-of-range 61',
      '6 well unknown-well Z9',
      '7 target unknown-target S gene',
      '9 ct reading-twice 21',
      '10  extra-cells A7 | N | 23 | 45',
      '11  quote A8 N,20',
      '12 ct value-missing ',
    ]);
    const file = parseInstrumentFile(text, context);
    expect(file.isUsable).toBe(false);
    expect(file.readings).toEqual([{ well: 'A6', target: 'N', ct: 20 }]);
  });

  it('LA-10 a remark does not stop a file', () => {
    const text = 'Well,Omit,Target,Ct\nA1,true,N,20\nA2,false,N,20\nA2,false,S,30';
    const file = parseInstrumentFile(text, context);
    expect(file.faults.map(said)).toEqual(['2 Omit well-omitted A1', '4 Target unknown-target S']);
    expect(file.isUsable).toBe(true);
    expect(file.readings).toEqual([{ well: 'A2', target: 'N', ct: 20 }]);
  });

  it('LA-10 finds tubes that are not on the plate, or in another well than loaded', () => {
    const text = [
      'well,sample,target,ct',
      'A1,TUBE2,N,20',
      'B1,TUBE9,N,20',
      'H12,NTC-01,N,NaN',
      'C1,sample 3,N,NaN',
    ].join('\n');
    expect(faultsOf(text, loaded)).toEqual([
      '2 sample tube-elsewhere TUBE2',
      '3 sample unknown-tube TUBE9',
    ]);
    expect(faultsOf(text)).toEqual([]);
  });

  it('LA-10 says when there is no table, no reading, or too much', () => {
    expect(faultsOf('')).toEqual(['0  no-table ']);
    expect(faultsOf('name,age\nli,40')).toEqual(['0  no-table ']);
    expect(faultsOf('well,target,ct\n')).toEqual(['0  no-readings ']);
    expect(faultsOf('x'.repeat(5_000_001))).toEqual(['0  too-long ']);
  });

  it('LA-10 no signal is a word, never an empty cell; decimals are points or commas', () => {
    const none = ['Undetermined', 'NaN', 'N/A', 'No Ct', '-', '>40', '＞４０', '未检出'];
    for (const text of none) expect(readCt(text)).toEqual({ ct: null });
    expect(readCt('')).toBe('laboratory.file-value-missing');
    expect(readCt(' 24,5 ')).toEqual({ ct: 24.5 });
    expect(readCt('２４．５')).toEqual({ ct: 24.5 });
    expect(readCt('1.234,5')).toBe('laboratory.file-value-unreadable');
    expect(readCt('-3')).toBe('laboratory.file-value-unreadable');
  });

  it('LA-10 never throws, whatever it is given', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        'A1',
        'A01',
        '13',
        'N',
        'ORF1ab',
        'NaN',
        '24.5',
        '24,5',
        '"',
        '""',
        '',
        '[x]',
      ),
      fc.string({ maxLength: 12 }),
    );
    const header = fc.constantFrom(
      'well,target,ct',
      'Well;Omit;Target;Cq;Sample',
      ',Well,Fluor,Target,Content,Sample,Cq',
      'Well\tWell Position\tTarget Name\tCT',
    );
    const row = fc.array(cell, { maxLength: 12 }).map((cells) => cells.join(','));
    const text = fc
      .tuple(fc.array(row, { maxLength: 3 }), header, fc.array(row, { maxLength: 12 }))
      .map(([before, names, rows]) => [...before, names, ...rows].join('\n'));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (drawn) => {
        const file = parseInstrumentFile(drawn, loaded);
        expect(file.isUsable && file.readings.length === 0).toBe(false);
        for (const { well, ct } of file.readings) {
          expect(well).toMatch(/^[A-H]([1-9]|1[0-2])$/);
          expect(ct === null || (ct > 0 && ct <= 60)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
