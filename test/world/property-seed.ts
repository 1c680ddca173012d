import { configureGlobal } from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a change is judged by what it changed.
 * `PROPERTY_SEED` draws others: a number, which is then said by whatever fails.
 */
const USUAL_SEED = 20_261_101;

configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? USUAL_SEED) });
