import { DutiesTable, DutyFilters } from '../lists/DutiesList.tsx';

/** Who owes what by when, the most pressing first. */
export function DutiesDesk() {
  return (
    <>
      <div className="filters">
        <DutyFilters />
      </div>
      <DutiesTable />
    </>
  );
}
