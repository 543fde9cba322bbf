/** Calls a listener of the user's, whose own failure must not break what it is told of; `name` is the option's. */
export function tell<Event>(
  name: string,
  listener: ((event: Event) => void) | undefined,
  event: Event,
): void {
  try {
    listener?.(event);
  } catch (error) {
    process.emitWarning(`${name} has thrown: ${error instanceof Error ? error.message : String(error)}`);
  }
}
