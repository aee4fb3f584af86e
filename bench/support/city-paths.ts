import { round } from './city.ts';

/** Whether a server has the route that this is the answer of; nobody known is an answer, too. */
export function isOffered({ status, text }: { readonly status: number; readonly text: string }) {
  return status !== 404 || !/"http\.(unknown-route|not-found)"/.test(text);
}

/** A person's own result. A server without such a route answers 404 and the kind is left out. */
export const ownResultPath = (person: number): string => `/v1/persons/${person}/result`;

/** Where somebody was: tubes, boxes, plates, results. */
export const tracePath = (person: number): string => `/v1/trace/person/${person}`;

/** Who of a place is still owed a sample. */
export const missingPath = (place: string, limit = 100): string =>
  `/v1/coverage?round=${round}&place=${place}&missing=true&limit=${limit}`;

/** Counts of a place and of the places below it. */
export const countsPath = (place: string): string => `/v1/coverage?round=${round}&place=${place}`;

/** The board of a place. */
export const boardPath = (place: string): string => `/v1/board?round=${round}&place=${place}`;
