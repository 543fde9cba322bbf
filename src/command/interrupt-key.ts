import { ExitCode } from "./exit-codes.js";

/**
 * Ctrl+C while a command runs: the first press asks for an orderly end where there is something to end, perhaps the
 * second for a faster one; the next ends the process at once, and the children that still run are ended at its exit.
 */
export class InterruptKey {
  #steps: readonly (() => void)[] = [];
  #presses = 0;

  constructor() {
    process.on("SIGINT", this.#press);
  }

  /** Whether it was pressed. */
  get pressed(): boolean {
    return this.#presses > 0;
  }

  /** What each press does from now on, one after the other; the press behind the last one ends the process. */
  onPresses(...steps: readonly (() => void)[]): void {
    this.#steps = steps;
  }

  readonly #press = (): void => {
    const step = this.#steps[this.#presses];
    if (step === undefined) process.exit(ExitCode.interrupted);
    this.#presses += 1;
    step();
  };
}
