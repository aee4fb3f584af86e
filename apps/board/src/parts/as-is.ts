/** Names stay as they are where a page is translated. React's types know it of HTML only. */
export const asIs = { translate: 'no' } as const;
