/** Anything that tells the time; tests hand in their own. */
export interface TimeSource {
  now(): Date;
}

/** What has to be kept so that a clock reads the same after a restart. */
export interface ClockState {
  readonly sourceAnchorMs: number;
  readonly ownAnchorMs: number;
  readonly speed: number;
}

/**
 * The emulator's time. It follows its source until someone stops it, moves it or changes its
 * speed; then it runs on from there. Every rule (token lives, windows, retries) reads this clock.
 */
export class EmulatorClock implements TimeSource {
  readonly #source: TimeSource;
  #state: ClockState;
  #onChange: (state: ClockState) => void = () => {};

  constructor(source: TimeSource = { now: () => new Date() }) {
    this.#source = source;
    const startMs = source.now().getTime();
    this.#state = { sourceAnchorMs: startMs, ownAnchorMs: startMs, speed: 1 };
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** Milliseconds since 1970, whole. */
  nowMs(): number {
    const elapsed = this.#source.now().getTime() - this.#state.sourceAnchorMs;
    return Math.round(this.#state.ownAnchorMs + elapsed * this.#state.speed);
  }

  /** Today's calendar day in UTC, `YYYY-MM-DD`. */
  today(): string {
    return this.now().toISOString().slice(0, 10);
  }

  /** Freezes the time where it stands. */
  stop(): void {
    this.#anchor(this.nowMs(), 0);
  }

  /** Lets a stopped clock run on at the ordinary pace. */
  start(): void {
    this.#anchor(this.nowMs(), 1);
  }

  /** Moves the time by `ms` (negative: back); whether it runs stays as it was. */
  advance(ms: number): void {
    this.#anchor(this.nowMs() + ms, this.#state.speed);
  }

  /** Puts the clock to a moment; whether it runs stays as it was. */
  set(moment: Date): void {
    this.#anchor(moment.getTime(), this.#state.speed);
  }

  /** Lets the time run `factor` times as fast as the source (0 stops it). */
  setSpeed(factor: number): void {
    this.#anchor(this.nowMs(), factor);
  }

  get speed(): number {
    return this.#state.speed;
  }

  state(): ClockState {
    return this.#state;
  }

  restore(state: ClockState): void {
    this.#state = state;
    this.#onChange(state);
  }

  /** Calls back with the new state at every change, so that it can be kept. */
  onChange(listener: (state: ClockState) => void): void {
    this.#onChange = listener;
  }

  #anchor(ownAnchorMs: number, speed: number): void {
    this.restore({ sourceAnchorMs: this.#source.now().getTime(), ownAnchorMs, speed });
  }
}
