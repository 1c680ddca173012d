import { uuidv7obj } from 'uuidv7';

/** A new time-ordered UUID (version 7); `Id` is the branded id type of the caller. */
export function newId<Id extends string = string>(): Id {
  return uuidv7obj().toString() as Id;
}
