import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound, validationError } from './api-error.ts';
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
import type { ContactGroup } from './settings-model.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

const MAX_GROUPS = 100;

function wireGroup(call: Act, group: ContactGroup, withContacts: boolean): Wire {
  const contacts = withContacts ? group.contactIds : [];
  return {
    ContactGroupID: group.id,
    Name: group.name,
    Status: group.status,
    Contacts: contacts.map((id) => ({
      ContactID: id,
      Name: call.books.contacts.get(id)?.name ?? '',
      Addresses: [],
      Phones: [],
      ContactGroups: [],
      ContactPersons: [],
      HasValidationErrors: false,
    })),
    HasValidationErrors: false,
  };
}

function writeGroup(act: Act, known: ContactGroup | undefined, sent: Sent): ElementOutcome {
  const read = new FieldReader(sent);
  const name = read.text('Name', 255)?.trim() ?? known?.name ?? '';
  const status = read.choice('Status', ['ACTIVE', 'DELETED'] as const) ?? known?.status ?? 'ACTIVE';
  const active = act.books.contactGroups.all().filter((group) => group.status === 'ACTIVE');
  const isTaken = active.some(
    (group) => group.id !== known?.id && group.name.toLowerCase() === name.toLowerCase(),
  );
  if (!name && read.errors.length === 0)
    read.errors.push('The contact group name must be specified.');
  if (isTaken && status === 'ACTIVE') read.errors.push('Please enter a unique Name.');
  if (!known && active.length >= MAX_GROUPS)
    read.errors.push(`At most ${MAX_GROUPS} contact groups are possible.`);
  if (read.errors.length > 0)
    return refuse(sent, read.errors, 'ContactGroupID', known?.id ?? ZERO_UUID);
  const group: ContactGroup = {
    id: known?.id ?? act.ids.uuid(),
    name,
    status,
    contactIds: status === 'DELETED' ? [] : (known?.contactIds ?? []),
  };
  act.books.contactGroups.put(group);
  return { ok: true, wire: wireGroup(act, group, true) };
}

function listGroups(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'ContactGroups',
    isUnpaged: true,
    collection: call.books.contactGroups,
    fields: {
      contactgroupid: (group) => group.id,
      name: (group) => group.name,
      status: (group) => group.status,
    },
    filters: () => [(group) => group.status === 'ACTIVE'],
    toJson: (group) => wireJson(wireGroup(call, group, false)),
  });
}

function groupOf(call: ApiCall): ContactGroup {
  const group = call.books.contactGroups.get((call.params.ContactGroupID ?? '').toLowerCase());
  if (!group) throw notFound();
  return group;
}

function addMembers(call: ApiCall): ApiAnswer {
  const group = groupOf(call);
  const ids = sentElements(call.body, 'Contacts').map((sent) => memberId(call, sent));
  const contactIds = [...new Set([...group.contactIds, ...ids])];
  call.books.contactGroups.put({ ...group, contactIds });
  return answerList(
    call,
    'Contacts',
    ids.map((ContactID) => ({ ContactID, HasValidationErrors: false })),
  );
}

function memberId(call: ApiCall, sent: Sent): string {
  const id = typeof sent.ContactID === 'string' ? sent.ContactID.toLowerCase() : '';
  if (call.books.contacts.get(id)?.status === 'ACTIVE') return id;
  const Message = 'The contact could not be found or is not active.';
  throw validationError([{ ...sent, ValidationErrors: [{ Message }] }]);
}

function removeMembers(call: ApiCall): ApiAnswer {
  const group = groupOf(call);
  const one = call.params.ContactID?.toLowerCase();
  if (one !== undefined && !group.contactIds.includes(one)) throw notFound();
  const contactIds = one === undefined ? [] : group.contactIds.filter((id) => id !== one);
  call.books.contactGroups.put({ ...group, contactIds });
  return answerEmpty(204);
}

export const contactGroupOperations: readonly Operation[] = [
  { id: 'getContactGroups', method: 'GET', path: '/ContactGroups', handle: listGroups },
  {
    id: 'createContactGroup',
    method: 'PUT',
    path: '/ContactGroups',
    handle: (call) =>
      writeElements(call, 'ContactGroups', (sent) => writeGroup(call, undefined, sent)),
  },
  {
    id: 'getContactGroup',
    method: 'GET',
    path: '/ContactGroups/:ContactGroupID',
    handle: (call) => answerList(call, 'ContactGroups', [wireGroup(call, groupOf(call), true)]),
  },
  {
    id: 'updateContactGroup',
    method: 'POST',
    path: '/ContactGroups/:ContactGroupID',
    handle: (call) => {
      const [sent = {}] = sentElements(call.body, 'ContactGroups');
      return answerList(call, 'ContactGroups', [orRefuse(writeGroup(call, groupOf(call), sent))]);
    },
  },
  {
    id: 'createContactGroupContacts',
    method: 'PUT',
    path: '/ContactGroups/:ContactGroupID/Contacts',
    handle: addMembers,
  },
  {
    id: 'deleteContactGroupContacts',
    method: 'DELETE',
    path: '/ContactGroups/:ContactGroupID/Contacts',
    handle: removeMembers,
  },
  {
    id: 'deleteContactGroupContact',
    method: 'DELETE',
    path: '/ContactGroups/:ContactGroupID/Contacts/:ContactID',
    handle: removeMembers,
  },
];
