declare module 'virtual:room-codes' {
  const codes: { readonly [code: string]: readonly [zh: string, en: string] };
  export default codes;
}
