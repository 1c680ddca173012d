import type { FakeClock } from '#platform/clock';
import type { Random } from './random.ts';

interface Parked {
  node: string;
  resume: () => void;
}

interface Timer {
  at: number;
  order: number;
  node: string;
  every: number | null;
  fire: () => void;
}

/** Something that was begun and may be under way at the same time as others. */
interface Task {
  node: string;
  what: string;
}

const STEPS_MAX = 400_000;
const realImmediate = setImmediate;

/**
 * Decides, by chance that can be repeated, who goes on. Everything that a node does passes here
 * between two statements and around each call; one of all that wait goes on, and the next is chosen
 * when it waits again or is done. Time stands still but for timers: the earliest is let go when
 * nothing else can move.
 */
export class Scheduler {
  readonly #clock: FakeClock;
  readonly #random: Random;
  #parked: Parked[] = [];
  #timers: Timer[] = [];
  readonly #tasks = new Map<number, Task>();
  readonly #dead = new Set<string>();
  readonly #countdown = new Map<string, number>();
  #order = 0;
  #steps = 0;
  /** Points that were passed: statements, commits, calls, answers. */
  passed = 0;
  /** Real waiting that is under way: requests inside the emulator. */
  #waiting = 0;
  /** Whose code runs at this moment. */
  #current = 'desk';
  /** Called when a node dies by its countdown. */
  onCrash: (node: string) => void = () => {};
  onFailure: (task: Task, error: unknown) => void = () => {};

  constructor(clock: FakeClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  #next(): number {
    this.#order += 1;
    return this.#order;
  }

  get isBusy(): boolean {
    return this.#tasks.size > 0;
  }

  isDead(node: string): boolean {
    return this.#dead.has(node);
  }

  tasksOf(node: string): readonly string[] {
    return [...this.#tasks.values()].filter((task) => task.node === node).map(({ what }) => what);
  }

  /** A point at which others may go on first, or at which a node may die. */
  pass(node: string): Promise<void> {
    if (this.#dead.has(node)) return new Promise(() => {});
    this.passed += 1;
    const left = this.#countdown.get(node);
    if (left !== undefined) {
      if (left <= 1) {
        this.#countdown.delete(node);
        this.onCrash(node);
        return new Promise(() => {});
      }
      this.#countdown.set(node, left - 1);
    }
    // With nobody else about there is nothing to choose.
    if (this.#tasks.size <= 1 && this.#parked.length === 0) return Promise.resolve();
    return new Promise((resume) => this.#parked.push({ node, resume }));
  }

  /** Lets a node die at the so manieth point from here. */
  crashIn(node: string, points: number): void {
    this.#countdown.set(node, points);
  }

  /** Nothing of this node goes on, ever. */
  kill(node: string): void {
    this.#dead.add(node);
    this.#countdown.delete(node);
    this.#parked = this.#parked.filter((one) => one.node !== node);
    this.#timers = this.#timers.filter((one) => one.node !== node);
    for (const [id, task] of this.#tasks) if (task.node === node) this.#tasks.delete(id);
  }

  /** Begins something without waiting for it. */
  start(node: string, what: string, work: () => Promise<unknown>): void {
    const id = this.#next();
    const task = { node, what };
    this.#tasks.set(id, task);
    const before = this.#current;
    this.#current = node;
    const over = () => void this.#tasks.delete(id);
    work().then(over, (error: unknown) => {
      over();
      if (!this.#dead.has(node)) this.onFailure(task, error);
    });
    this.#current = before;
  }

  /** Waits for something that really takes time, such as the emulator's answer. */
  async really<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
    }
  }

  sleep(node: string, milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.timer(node, resolve, milliseconds, false));
  }

  timer(node: string, fire: () => void, milliseconds: number, isRepeated: boolean): Timer {
    const at = this.#clock.now().getTime() + Math.max(0, milliseconds);
    const order = this.#next();
    const timer = { at, order, node, every: isRepeated ? milliseconds : null, fire };
    this.#timers.push(timer);
    return timer;
  }

  clear(timer: unknown): void {
    this.#timers = this.#timers.filter((one) => one !== timer);
  }

  get current(): string {
    return this.#current;
  }

  /** Lets so many points be passed, or until nothing moves, or until it is enough. */
  async run(points: number, isEnough: () => boolean = () => false): Promise<void> {
    for (let left = points; left > 0 && !isEnough(); left -= 1) if (!(await this.#step())) return;
  }

  /** Lets everything that was begun come to its end. @throws Error when it never does */
  async drain(): Promise<void> {
    await this.#quiet();
    while (this.#tasks.size > 0) if (!(await this.#step())) throw new Error(this.#stuck());
  }

  #stuck(): string {
    const tasks = [...this.#tasks.values()].map(({ node, what }) => `${node} ${what}`);
    return `Nothing moves any more: ${tasks.join(', ')}`;
  }

  async #step(): Promise<boolean> {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) throw new Error(`Going in circles: ${this.#stuck()}`);
    await this.#quiet();
    const parked = this.#parked;
    if (parked.length > 0) {
      const [one] = parked.splice(this.#random.whole(parked.length), 1);
      if (!one) return false;
      this.#current = one.node;
      one.resume();
      await this.#quiet();
      return true;
    }
    return this.#tasks.size > 0 && this.#passTime();
  }

  /** Goes to the earliest timer. */
  async #passTime(): Promise<boolean> {
    const [first] = [...this.#timers].sort((a, b) => a.at - b.at || a.order - b.order);
    if (!first) return false;
    if (first.at > this.#clock.now().getTime()) this.#clock.set(new Date(first.at));
    await this.#fire(first);
    return true;
  }

  /** Lets timers go whose time has come while the clock was moved. */
  async fireDue(): Promise<void> {
    const now = this.#clock.now().getTime();
    const due = this.#timers.filter((timer) => timer.at <= now);
    for (const timer of due.sort((a, b) => a.at - b.at || a.order - b.order))
      await this.#fire(timer);
  }

  async #fire(timer: Timer): Promise<void> {
    if (!this.#timers.includes(timer)) return;
    if (timer.every === null) this.clear(timer);
    else timer.at = this.#clock.now().getTime() + timer.every;
    this.#current = timer.node;
    timer.fire();
    await this.#quiet();
  }

  /** Until whoever goes on waits again. */
  async #quiet(): Promise<void> {
    do await new Promise((resolve) => realImmediate(resolve));
    while (this.#waiting > 0);
  }
}
