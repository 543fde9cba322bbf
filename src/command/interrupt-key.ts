import { ExitCode } from "./exit-codes.js";

/**
 * Ctrl+C while a command runs: the first press asks for an orderly end where there is something to end, the second
 * one ends the process at once; the children that still run are ended at its exit.
 */
export class InterruptKey {
  #orderly: (() => void) | undefined;
  #pressed = false;

  constructor() {
    process.on("SIGINT", this.#press);
  }

  /** Whether it was pressed. */
  get pressed(): boolean {
    return this.#pressed;
  }

  /** What the first press does from now on; undefined: it ends the process like the second one. */
  onFirstPress(orderly: (() => void) | undefined): void {
    this.#orderly = orderly;
  }

  readonly #press = (): void => {
    if (this.#pressed || this.#orderly === undefined) process.exit(ExitCode.interrupted);
    this.#pressed = true;
    this.#orderly();
  };
}
