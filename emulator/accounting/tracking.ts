import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound, validationError } from './api-error.ts';
import {
  answerList,
  type ElementOutcome,
  orRefuse,
  refuse,
  sentElements,
  writeElements,
} from './envelope.ts';
import { answerListing } from './list.ts';
import type { TrackingCategory, TrackingOption } from './settings-model.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

const MAX_ACTIVE = 2;
const MAX_ALL = 4;
const MAX_OPTIONS = 100;
const STATUSES = ['ACTIVE', 'ARCHIVED', 'DELETED'] as const;

function wireOption(option: TrackingOption): Wire {
  return {
    TrackingOptionID: option.id,
    Name: option.name,
    Status: option.status,
    HasValidationErrors: false,
    IsDeleted: option.status === 'DELETED',
    IsArchived: option.status === 'ARCHIVED',
    IsActive: option.status === 'ACTIVE',
  };
}

function wireCategory(category: TrackingCategory): Wire {
  return {
    Name: category.name,
    Status: category.status,
    TrackingCategoryID: category.id,
    Options: category.options.filter((option) => option.status !== 'DELETED').map(wireOption),
  };
}

/** Two active categories an organisation, four in all. */
function writeCategory(act: Act, known: TrackingCategory | undefined, sent: Sent): ElementOutcome {
  const read = new FieldReader(sent);
  const name = read.text('Name', 100)?.trim() ?? known?.name ?? '';
  const status = read.choice('Status', STATUSES) ?? known?.status ?? 'ACTIVE';
  const others = act.books.trackingCategories
    .all()
    .filter((one) => one.status !== 'DELETED' && one.id !== known?.id);
  const active = others.filter((one) => one.status === 'ACTIVE');
  if (!name && read.errors.length === 0)
    read.errors.push('The tracking category name must be specified');
  if (others.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
    read.errors.push('A tracking category with this name already exists');
  }
  if (status === 'ACTIVE' && active.length >= MAX_ACTIVE)
    read.errors.push(`At most ${MAX_ACTIVE} tracking categories can be active`);
  if (!known && others.length >= MAX_ALL)
    read.errors.push(`At most ${MAX_ALL} tracking categories are possible`);
  if (read.errors.length > 0)
    return refuse(sent, read.errors, 'TrackingCategoryID', known?.id ?? ZERO_UUID);
  const category: TrackingCategory = {
    id: known?.id ?? act.ids.uuid(),
    name,
    status,
    options: known?.options ?? [],
  };
  act.books.trackingCategories.put(category);
  return { ok: true, wire: wireCategory(category) };
}

function writeOption(
  category: TrackingCategory,
  known: TrackingOption | undefined,
  sent: Sent,
  newId: string,
): TrackingOption {
  const read = new FieldReader(sent);
  const name = read.text('Name', 100)?.trim() ?? known?.name ?? '';
  const status = read.choice('Status', STATUSES) ?? known?.status ?? 'ACTIVE';
  const others = category.options.filter((one) => one.status !== 'DELETED' && one.id !== known?.id);
  if (!name && read.errors.length === 0) read.errors.push('The option name must be specified');
  if (others.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    read.errors.push('An option with this name already exists');
  if (!known && others.length >= MAX_OPTIONS)
    read.errors.push(`At most ${MAX_OPTIONS} options are possible`);
  if (read.errors.length > 0) {
    throw validationError([
      { ...sent, ValidationErrors: read.errors.map((Message) => ({ Message })) },
    ]);
  }
  return { id: known?.id ?? newId, name, status };
}

function keepOption(call: ApiCall, category: TrackingCategory, option: TrackingOption): void {
  const isKnown = category.options.some((one) => one.id === option.id);
  const options = isKnown
    ? category.options.map((one) => (one.id === option.id ? option : one))
    : [...category.options, option];
  call.books.trackingCategories.put({ ...category, options });
}

function listCategories(call: ApiCall): ApiAnswer {
  const isArchivedShown = call.query.includearchived?.toLowerCase() === 'true';
  return answerListing(call, {
    name: 'TrackingCategories',
    isUnpaged: true,
    collection: call.books.trackingCategories,
    fields: {
      trackingcategoryid: (category) => category.id,
      name: (category) => category.name,
      status: (category) => category.status,
    },
    filters: () => [
      (category) =>
        category.status === 'ACTIVE' || (isArchivedShown && category.status === 'ARCHIVED'),
    ],
    toJson: (category) => wireJson(wireCategory(category)),
  });
}

function categoryOf(call: ApiCall): TrackingCategory {
  const id = (call.params.TrackingCategoryID ?? '').toLowerCase();
  const category = call.books.trackingCategories.get(id);
  if (!category) throw notFound();
  return category;
}

function optionOf(call: ApiCall, category: TrackingCategory): TrackingOption {
  const id = (call.params.TrackingOptionID ?? '').toLowerCase();
  const option = category.options.find((one) => one.id === id);
  if (!option) throw notFound();
  return option;
}

function createOptions(call: ApiCall): ApiAnswer {
  const made = sentElements(call.body, 'Options').map((sent) => {
    const category = categoryOf(call);
    const option = writeOption(category, undefined, sent, call.ids.uuid());
    keepOption(call, category, option);
    return option;
  });
  return answerList(call, 'Options', made.map(wireOption));
}

function updateOption(call: ApiCall): ApiAnswer {
  const category = categoryOf(call);
  const [sent = {}] = sentElements(call.body, 'Options');
  const option = writeOption(category, optionOf(call, category), sent, '');
  keepOption(call, category, option);
  return answerList(call, 'Options', [wireOption(option)]);
}

function deleteOption(call: ApiCall): ApiAnswer {
  const category = categoryOf(call);
  const option: TrackingOption = { ...optionOf(call, category), status: 'DELETED' };
  keepOption(call, category, option);
  return answerList(call, 'Options', [wireOption(option)]);
}

function deleteCategory(call: ApiCall): ApiAnswer {
  const category: TrackingCategory = { ...categoryOf(call), status: 'DELETED' };
  call.books.trackingCategories.put(category);
  return answerList(call, 'TrackingCategories', [wireCategory(category)]);
}

const ONE = '/TrackingCategories/:TrackingCategoryID';

export const trackingOperations: readonly Operation[] = [
  {
    id: 'getTrackingCategories',
    method: 'GET',
    path: '/TrackingCategories',
    handle: listCategories,
  },
  {
    id: 'createTrackingCategory',
    method: 'PUT',
    path: '/TrackingCategories',
    handle: (call) =>
      writeElements(call, 'TrackingCategories', (sent) => writeCategory(call, undefined, sent)),
  },
  {
    id: 'getTrackingCategory',
    method: 'GET',
    path: ONE,
    handle: (call) => answerList(call, 'TrackingCategories', [wireCategory(categoryOf(call))]),
  },
  {
    id: 'updateTrackingCategory',
    method: 'POST',
    path: ONE,
    handle: (call) => {
      const [sent = {}] = sentElements(call.body, 'TrackingCategories');
      return answerList(call, 'TrackingCategories', [
        orRefuse(writeCategory(call, categoryOf(call), sent)),
      ]);
    },
  },
  { id: 'deleteTrackingCategory', method: 'DELETE', path: ONE, handle: deleteCategory },
  { id: 'createTrackingOptions', method: 'PUT', path: `${ONE}/Options`, handle: createOptions },
  {
    id: 'updateTrackingOptions',
    method: 'POST',
    path: `${ONE}/Options/:TrackingOptionID`,
    handle: updateOption,
  },
  {
    id: 'deleteTrackingOptions',
    method: 'DELETE',
    path: `${ONE}/Options/:TrackingOptionID`,
    handle: deleteOption,
  },
];
