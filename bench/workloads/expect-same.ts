/** @throws Error, which names what is missing, doubled or out of order, when the two are not the same */
export function expectSame(what: string, got: string | number, wanted: string | number): void {
  if (got !== wanted) throw new Error(`What arrived is not what was written: ${what} ${got}, not ${wanted}.`);
}
