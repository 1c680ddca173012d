import { Button, Group, Paper, Radio, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import {
  driftFieldNames,
  RULE_FIELDS,
  type RuleField,
  type SyncRules,
  WINNERS,
  winnerTexts,
} from '#contract/drift';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.ts';

/** What a rule is about, where one rule stands for several fields. */
const ruleNames: Record<RuleField, string> = {
  ...driftFieldNames,
  name: 'Names: contact, first and last name',
};

/** One choice for each field; what is open now follows once they are saved. */
export function SyncRulesForm({ rules }: { rules: SyncRules }) {
  const may = useMay('connections.manage');
  const form = useForm<SyncRules>({ initialValues: rules });
  const save = useAction('setSyncRules', {
    failure: 'inline',
    onDone: () => toastDone('Saved. What waits for a decision is being settled by it.'),
  });
  useLeaveGuard(form.isDirty());
  const submit = form.onSubmit((values) => save.mutate({ body: { rules: values } }));
  return (
    <Paper p="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          {RULE_FIELDS.map((field) => (
            <Radio.Group key={field} label={ruleNames[field]} {...form.getInputProps(field)}>
              <Group gap="lg" mt={6}>
                {WINNERS.map((winner) => (
                  <Radio
                    key={winner}
                    value={winner}
                    label={winnerTexts[winner].title}
                    disabled={!may.allowed}
                  />
                ))}
              </Group>
            </Radio.Group>
          ))}
          {save.error && <ProblemAlert error={save.error} takesFocus />}
          {may.allowed ? (
            <Group>
              <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                Save rules
              </Button>
            </Group>
          ) : (
            <Group>
              <GuardedButton reason={may.reason}>Save rules</GuardedButton>
              <Text size="sm" c="dimmed">
                {may.reason}
              </Text>
            </Group>
          )}
          {form.isDirty() && (
            <Text size="sm" c="dimmed">
              Saving also settles what waits for a decision now. It goes on in the background, and
              each learner’s history says what was taken or replaced.
            </Text>
          )}
        </Stack>
      </form>
    </Paper>
  );
}
