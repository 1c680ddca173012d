import { Autocomplete, Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { XeroOrgId } from '#contract/ids';
import {
  campusKey,
  type OrganisationRules,
  type ProviderOrganisation,
  RULES_MAX,
} from '#contract/organisations';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.ts';

interface RulesFormProps {
  rules: OrganisationRules;
  organisations: readonly ProviderOrganisation[];
  campuses: string[];
}

interface Values {
  standard: string | null;
  rows: { campus: string; xeroOrgId: string | null }[];
}

/** The rules as a form: the default, then one row for each campus that goes elsewhere. */
export function OrganisationRulesForm({ rules, organisations, campuses }: RulesFormProps) {
  const form = useForm<Values>({
    initialValues: { standard: rules.defaultXeroOrgId, rows: rules.campuses },
    validate: {
      rows: {
        campus: (campus, values) => mistakeIn(campus, values),
        xeroOrgId: (id) => (id === null ? 'Choose an organisation' : null),
      },
    },
  });
  const save = useAction('setOrganisationRules', {
    failure: 'inline',
    onDone: () => toastDone('Saved. Learners who belong elsewhere now are being moved.'),
  });
  useLeaveGuard(form.isDirty());
  const options = organisations
    .filter((one) => one.isConnected || isNamed(rules, one.xeroOrgId))
    .map(({ xeroOrgId, name, isConnected }) => ({
      value: xeroOrgId,
      label: isConnected ? name : `${name} (not connected)`,
    }));
  const submit = form.onSubmit(({ standard, rows }) =>
    save.mutate({
      body: {
        defaultXeroOrgId: standard as XeroOrgId | null,
        campuses: rows.map(({ campus, xeroOrgId }) => ({
          campus,
          xeroOrgId: xeroOrgId as XeroOrgId,
        })),
      },
    }),
  );
  return (
    <Paper p="lg">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Select
            label="Default organisation"
            description="For learners without a campus, and for campuses that are not named below."
            data={options}
            placeholder="None: such learners are not sent"
            clearable
            clearButtonProps={{ 'aria-label': 'Clear the default' }}
            maw={420}
            {...form.getInputProps('standard')}
          />
          {form.getValues().rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
            <Group key={index} align="flex-start" role="group" aria-label={`Rule ${index + 1}`}>
              <Autocomplete
                label="Campus"
                data={campuses}
                maxLength={100}
                style={{ flex: '1 1 200px' }}
                {...form.getInputProps(`rows.${index}.campus`)}
              />
              <Select
                label="goes to"
                data={options}
                style={{ flex: '1 1 240px' }}
                {...form.getInputProps(`rows.${index}.xeroOrgId`)}
              />
              <Button
                variant="subtle"
                color="brick"
                mt={25}
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => form.removeListItem('rows', index)}
                aria-label={`Remove the rule for ${row.campus || 'this campus'}`}
              >
                Remove
              </Button>
            </Group>
          ))}
          {save.error && <ProblemAlert error={save.error} takesFocus />}
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save rules
            </Button>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={form.getValues().rows.length >= RULES_MAX}
              onClick={() => form.insertListItem('rows', { campus: '', xeroOrgId: null })}
            >
              Add a rule
            </Button>
          </Group>
          {form.isDirty() && (
            <Text size="sm" c="dimmed">
              Saving moves the learners concerned: they are made known to their new organisation and
              no longer sent to the old one, where their contacts stay.
            </Text>
          )}
        </Stack>
      </form>
    </Paper>
  );
}

function isNamed(rules: OrganisationRules, id: string): boolean {
  return rules.defaultXeroOrgId === id || rules.campuses.some(({ xeroOrgId }) => xeroOrgId === id);
}

function mistakeIn(campus: string, { rows }: Values): string | null {
  const key = campusKey(campus);
  if (key === '') return 'Name the campus';
  const isTwice = rows.filter((row) => campusKey(row.campus) === key).length > 1;
  return isTwice ? 'This campus has a rule already' : null;
}
