import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { patchesOf, plants } from '../simulation/bugs.ts';
import { pathOf, SCALED, withPlant } from '../simulation/hooks.ts';

/** What simulations change in the product as it is loaded must still stand there, exactly once. */
const all = [...plants.flatMap(patchesOf), ...SCALED];

it.each(all.map((plant) => ({ ...plant, name: plant.find.slice(0, 60) })))(
  '$name can be planted',
  (plant) => {
    const source = readFileSync(pathOf(plant.file), 'utf8');
    expect(withPlant(source, plant)).not.toBe(source);
  },
);

it('each bug has a name of its own', () => {
  expect(plants.length).toBeGreaterThanOrEqual(20);
  expect(new Set(plants.map(({ name }) => name)).size).toBe(plants.length);
});
