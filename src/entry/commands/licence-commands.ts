import { ownScope } from '#platform/scope';
import { PRODUCTS, productNames } from '#providers/index';
import { type Command, chosenProvider } from './command.ts';

export const listLicences: Command = {
  name: 'licence list',
  summary: 'What a provider’s package includes, and since when',
  options: {
    provider: { value: 'ID', isNeeded: false, help: 'id or name; not needed when there is one' },
  },
  async run(context, given) {
    const { id, name } = await chosenProvider(context, given);
    const licences = await context.providers.listPackage(ownScope(id));
    return {
      data: { providerId: id, licences },
      words: [
        `The package of ${name}:`,
        ...PRODUCTS.map((product) => {
          const licence = licences.find((one) => one.product === product);
          return `- ${productNames[product]} (${product}): ${standingOf(licence)}`;
        }),
      ],
    };
  },
};

function standingOf(licence: { grantedAt: Date; withdrawnAt: Date | null } | undefined): string {
  if (!licence) return 'never included';
  if (licence.withdrawnAt) return `withdrawn on ${dayOf(licence.withdrawnAt)}`;
  return `included since ${dayOf(licence.grantedAt)}`;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
