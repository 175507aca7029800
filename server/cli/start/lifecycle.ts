/** How often a second signal counts as impatience: `npm start` passes the terminal's Ctrl-C on, so one press arrives twice. */
const GRACE_MS = 1_500;

/** What a long-running command has opened, to be closed in reverse order when a signal comes. */
export class Lifecycle {
  readonly #cleanups: { name: string; close: () => Promise<void> }[] = [];
  readonly #children = new Set<() => void>();
  readonly #controller = new AbortController();
  #stopping: Promise<void> | null = null;

  /** Fires when the command is told to stop. */
  readonly signal = this.#controller.signal;

  /** Begins to listen for the signals that end the command. */
  constructor(private readonly report: (line: string) => void) {
    let first = 0;
    const onSignal = (): void => {
      if (first === 0) first = performance.now();
      else if (performance.now() - first > GRACE_MS) this.#leaveAtOnce();
      void this.stop().then(() => process.exit(0));
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    process.on('SIGHUP', onSignal);
  }

  /** Keeps a way to end a child process at once, for who does not want to wait. */
  child(kill: () => void): void {
    this.#children.add(kill);
  }

  /** Keeps something to be closed. What is opened while stopping is closed at once. */
  async defer(name: string, close: () => Promise<void>): Promise<void> {
    this.#cleanups.push({ name, close });
    if (this.#stopping === null) return;
    await this.#stopping;
    await this.#closeAll();
    // The rest of the command has nothing left to work with; the signal's handler ends the process.
    await new Promise(() => {});
  }

  /** Closes everything, the newest first; what cannot be closed is told and does not keep the rest open. */
  stop(): Promise<void> {
    this.#controller.abort();
    this.#stopping ??= this.#closeAll();
    return this.#stopping;
  }

  /** Even in a hurry no child process stays behind. */
  #leaveAtOnce(): never {
    for (const kill of this.#children) kill();
    process.exit(130);
  }

  async #closeAll(): Promise<void> {
    for (let next = this.#cleanups.pop(); next !== undefined; next = this.#cleanups.pop()) {
      await next
        .close()
        .catch((error: Error) => this.report(`could not close ${next!.name}: ${error.message}`));
    }
  }
}
