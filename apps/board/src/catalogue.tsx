import { createContext, type ReactNode, useContext } from 'react';
import type { Catalogue } from './api/types.ts';
import { type Resource, useResource } from './resource.ts';

const CatalogueContext = createContext<Resource<Catalogue> | null>(null);

/** Keeps what can be done, and what the rooms call their things; asked once after signing in. */
export function CatalogueProvider({ children }: { children: ReactNode }) {
  const catalogue = useResource<Catalogue>('/acts');
  return <CatalogueContext value={catalogue}>{children}</CatalogueContext>;
}

/** What can be done, and what the rooms call their things. */
export function useCatalogue(): Resource<Catalogue> {
  const catalogue = useContext(CatalogueContext);
  if (catalogue === null) throw new Error('the catalogue is read outside its provider');
  return catalogue;
}

const none = {};

/** The rooms' words for their codes; none before anybody has signed in. */
export function useWordsOfCodes(): Catalogue['codes'] {
  return useContext(CatalogueContext)?.data?.codes ?? none;
}
