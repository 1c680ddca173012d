import { wireMoment } from '../core/dates.ts';
import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { findAccount } from './books.ts';
import { present } from './contact-wire.ts';
import {
  answerEmpty,
  answerList,
  type ElementOutcome,
  orRefuse,
  refuse,
  sentElements,
  writeElements,
} from './envelope.ts';
import { answerListing } from './list.ts';
import type { Item, ItemSide } from './settings-model.ts';
import { fromTenThousandths, type Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

/** Xero takes at most so many items a request. */
const MAX_ITEMS = 500;

function wireItem(item: Item, decimals: 2 | 4): Wire {
  const side = (value: ItemSide | undefined): Wire =>
    present({
      UnitPrice:
        value?.unitPrice === undefined ? undefined : fromTenThousandths(value.unitPrice, decimals),
      AccountCode: value?.accountCode,
      TaxType: value?.taxType,
    });
  return {
    ItemID: item.id,
    Code: item.code,
    ...present({ Description: item.description, PurchaseDescription: item.purchaseDescription }),
    UpdatedDateUTC: wireMoment(item.updatedAtMs),
    PurchaseDetails: side(item.purchase),
    SalesDetails: side(item.sales),
    ...present({ Name: item.name }),
    IsTrackedAsInventory: false,
    IsSold: item.isSold,
    IsPurchased: item.isPurchased,
  };
}

function writeItem(act: Act, known: Item | undefined, sent: Sent): ElementOutcome {
  const read = new FieldReader(sent);
  const code = read.text('Code', 30)?.trim() ?? known?.code ?? '';
  if (!code && read.errors.length === 0) read.errors.push('Item code must be specified');
  const twin = act.books.items.find('code', code.toLowerCase())[0];
  if (code && twin && twin.id !== known?.id)
    read.errors.push(`Price List Item with Code '${code}' already exists`);
  const item: Item = {
    id: known?.id ?? act.ids.uuid(),
    code,
    name: read.text('Name', 50) ?? known?.name ?? '',
    description: read.text('Description', 4000) ?? known?.description ?? '',
    purchaseDescription: read.text('PurchaseDescription', 4000) ?? known?.purchaseDescription ?? '',
    isSold: read.flag('IsSold') ?? known?.isSold ?? true,
    isPurchased: read.flag('IsPurchased') ?? known?.isPurchased ?? true,
    sales: readSide(act, read, 'SalesDetails') ?? known?.sales,
    purchase: readSide(act, read, 'PurchaseDetails') ?? known?.purchase,
    updatedAtMs: act.clock.nowMs(),
  };
  if (read.errors.length > 0) return refuse(sent, read.errors, 'ItemID', known?.id ?? ZERO_UUID);
  act.books.items.put(item);
  return { ok: true, wire: wireItem(item, act.unitDecimals) };
}

function readSide(act: Act, read: FieldReader, name: string): ItemSide | undefined {
  const sent = read.record(name);
  if (!sent) return undefined;
  const part = new FieldReader(sent, read.errors);
  const accountCode = part.text('AccountCode', 10);
  if (accountCode && !findAccount(act.books, accountCode)) {
    read.errors.push(`Account code '${accountCode}' is not a valid code for this item.`);
  }
  return { unitPrice: part.scaled('UnitPrice', 4), accountCode, taxType: part.text('TaxType', 50) };
}

/** POST matches by id, then by code. */
function matchItem(act: Act, sent: Sent): Item | undefined {
  const byId =
    typeof sent.ItemID === 'string' ? act.books.items.get(sent.ItemID.toLowerCase()) : undefined;
  const code = typeof sent.Code === 'string' ? sent.Code.toLowerCase() : '';
  return byId ?? act.books.items.find('code', code)[0];
}

function itemOf(call: ApiCall): Item {
  const key = (call.params.ItemID ?? '').toLowerCase();
  const item = call.books.items.get(key) ?? call.books.items.find('code', key)[0];
  if (!item) throw notFound();
  return item;
}

function listItems(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'Items',
    isUnpaged: true,
    collection: call.books.items,
    fields: {
      itemid: (item) => item.id,
      code: (item) => item.code,
      name: (item) => item.name,
      description: (item) => item.description,
      issold: (item) => item.isSold,
      ispurchased: (item) => item.isPurchased,
      updateddateutc: (item) => item.updatedAtMs,
    },
    updatedAtMs: (item) => item.updatedAtMs,
    toJson: (item) => wireJson(wireItem(item, call.unitDecimals)),
  });
}

function deleteItem(call: ApiCall): ApiAnswer {
  call.books.items.remove(itemOf(call).id);
  return answerEmpty(204);
}

export const itemOperations: readonly Operation[] = [
  { id: 'getItems', method: 'GET', path: '/Items', handle: listItems },
  {
    id: 'createItems',
    method: 'PUT',
    path: '/Items',
    handle: (call) =>
      writeElements(call, 'Items', (sent) => writeItem(call, undefined, sent), MAX_ITEMS),
  },
  {
    id: 'updateOrCreateItems',
    method: 'POST',
    path: '/Items',
    handle: (call) =>
      writeElements(
        call,
        'Items',
        (sent) => writeItem(call, matchItem(call, sent), sent),
        MAX_ITEMS,
      ),
  },
  {
    id: 'getItem',
    method: 'GET',
    path: '/Items/:ItemID',
    handle: (call) => answerList(call, 'Items', [wireItem(itemOf(call), call.unitDecimals)]),
  },
  {
    id: 'updateItem',
    method: 'POST',
    path: '/Items/:ItemID',
    handle: (call) => {
      const [sent = {}] = sentElements(call.body, 'Items');
      return answerList(call, 'Items', [orRefuse(writeItem(call, itemOf(call), sent))]);
    },
  },
  { id: 'deleteItem', method: 'DELETE', path: '/Items/:ItemID', handle: deleteItem },
];
