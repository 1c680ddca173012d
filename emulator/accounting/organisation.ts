import { wireDay, wireMoment } from '../core/dates.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { defaultSalesTax } from './charts.ts';
import { present } from './contact-wire.ts';
import { answerList } from './envelope.ts';
import type { Organisation } from './model.ts';
import type { Wire } from './wire-common.ts';

const VERSIONS = { AU: 'AU', NZ: 'NZ', GB: 'UK' } as const;

/** All that Xero's description names of what a user may do through the API; contacts are no part of it. */
const ACTIONS = [
  'CreateApprovedInvoice',
  'CreateDraftPurchaseOrder',
  'CreateApprovedBill',
  'AttachFilesIntoInvoice',
  'UseMulticurrency',
  'CreateDraftInvoice',
  'CreateRepeatingInvoice',
  'CreateRepeatingBill',
  'CreateSentQuote',
  'CreateInvoicePayment',
  'CreateApprovedPurchaseOrder',
  'CreateDraftQuote',
  'CreateDraftBill',
] as const;

function wireOrganisation(organisation: Organisation): Wire {
  return {
    Name: organisation.name,
    LegalName: organisation.legalName,
    PaysTax: true,
    Version: VERSIONS[organisation.countryCode],
    OrganisationType: 'COMPANY',
    BaseCurrency: organisation.baseCurrency,
    CountryCode: organisation.countryCode,
    IsDemoCompany: organisation.isDemo,
    OrganisationStatus: 'ACTIVE',
    TaxNumber: organisation.taxNumber,
    FinancialYearEndDay: organisation.financialYearEnd.day,
    FinancialYearEndMonth: organisation.financialYearEnd.month,
    SalesTaxBasis: organisation.countryCode === 'NZ' ? 'PAYMENTS' : 'ACCRUALS',
    SalesTaxPeriod: organisation.countryCode === 'NZ' ? 'TWOMONTHS' : 'QUARTERLY',
    DefaultSalesTax: defaultSalesTax(organisation.countryCode),
    DefaultPurchasesTax: 'Tax Inclusive',
    ...present({
      PeriodLockDate: organisation.periodLockDay && wireDay(organisation.periodLockDay),
      EndOfYearLockDate: organisation.endOfYearLockDay && wireDay(organisation.endOfYearLockDay),
    }),
    CreatedDateUTC: wireMoment(organisation.createdAtMs),
    Timezone: organisation.timezone,
    OrganisationEntityType: 'COMPANY',
    ShortCode: organisation.shortCode,
    OrganisationID: organisation.id,
    Class: organisation.class,
    Edition: 'BUSINESS',
    LineOfBusiness: 'Education and training',
    Addresses: [],
    Phones: [],
    ExternalLinks: [],
    PaymentTerms: {},
  };
}

function getOrganisations(call: ApiCall): ApiAnswer {
  return answerList(call, 'Organisations', [wireOrganisation(call.books.organisation())]);
}

function getActions(call: ApiCall): ApiAnswer {
  return answerList(
    call,
    'Actions',
    ACTIONS.map((Name) => ({ Name, Status: 'ALLOWED' })),
  );
}

export const organisationOperations: readonly Operation[] = [
  { id: 'getOrganisations', method: 'GET', path: '/Organisation', handle: getOrganisations },
  {
    id: 'getOrganisationActions',
    method: 'GET',
    path: '/Organisation/Actions',
    handle: getActions,
  },
];
