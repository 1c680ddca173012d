import { SECOND_MS } from '#platform/clock';
import { isDatabaseAway } from '#platform/pool';
import { SetupError } from '#platform/setup-error';

const STOP_WITHIN_MS = 15 * SECOND_MS;

/**
 * Runs a process until it is told to stop: by a signal, or by the death of the supervisor that
 * started it. `start` answers with what ends its work; told to stop before that, it just exits,
 * since nothing is lost by that at any time. A database that is away ends nothing. Exits 0 after an
 * orderly stop; on a failure it prints one sentence (a setup fault) or the error, and exits 1.
 */
export async function runProcess(
  start: (stop: (error: unknown) => void) => Promise<() => Promise<void>>,
): Promise<void> {
  let end: () => Promise<void> = async () => {};
  let stopping = false;
  let failed = false;

  function stop(error?: unknown) {
    if (error !== undefined) {
      report(error);
      failed = true;
    }
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    end().then(
      () => process.exit(failed ? 1 : 0),
      (fault: unknown) => {
        report(fault);
        process.exit(1);
      },
    );
  }

  process.on('SIGTERM', () => stop());
  process.on('SIGINT', () => stop());
  process.on('disconnect', () => stop());
  process.on('uncaughtException', stop);
  process.on('unhandledRejection', (error) => {
    // What was under way has failed, and is found again once the database is back.
    if (isDatabaseAway(error)) reportAway(error);
    else stop(error);
  });
  try {
    end = await start(stop);
  } catch (error) {
    report(error);
    process.exit(1);
  }
}

function report(error: unknown): void {
  console.error(error instanceof SetupError ? error.message : error);
}

function reportAway(error: unknown): void {
  const said = error instanceof Error ? error.message || String(error) : String(error);
  console.error(`The database can’t be reached (${said}); going on once it can.`);
}

/** Tells the supervisor, if there is one, that this process is ready for work. */
export function reportReady(): void {
  process.send?.('ready');
}
