/** The outermost limits of the program: what no input, queue, batch or loop may exceed. */
export const limits = {
  /** A request body. 5 MB holds a batch of 1,000 tubes of fifty with room to spare. */
  requestBodyBytesMax: 5_000_000,
  /** A single value in a body: longer text is a mistake or an attack. */
  textCharsMax: 2_000,
  /** Facts in one batch from a device. */
  factsPerBatchMax: 1_000,
  /** Requests that the writer takes into one transaction. */
  requestsPerCommitMax: 400,
  /**
   * Facts that the writer takes into one transaction, unless one request brings more: a few
   * hundred share a commit well, and whoever asks something meanwhile waits for no more than that.
   */
  factsPerCommitMax: 400,
  /** How far consequences may follow from consequences in one transaction. */
  consequenceDepthMax: 12,
  /** Persons in one tube, whatever the pool size says: beyond it the record is malformed. */
  tubeMembersMax: 50,
  /** Tubes named by one box, plate or accession record. */
  tubesPerRecordMax: 2_000,
  /** Rows in one page of a list. */
  pageRowsMax: 1_000,
} as const;
