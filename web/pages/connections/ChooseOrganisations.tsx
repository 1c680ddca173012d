import { Button, Checkbox, Group, Paper, Radio, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import type { OrganisationChoice } from '#contract/connections';
import { useAction } from '../../api/actions.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { GiveUpChoice } from './GiveUpChoice.tsx';
import { OrganisationWarnings } from './OrganisationWarnings.tsx';
import { organisationFacts } from './organisation-words.ts';

interface ChooserProps {
  connectionId: string;
  organisations: OrganisationChoice[];
  joinsOthers: boolean;
  onConnected: (count: number) => void;
}

/** One of several organisations, or several where campuses or legal entities keep their own books. */
export function ChooseOrganisations(props: ChooserProps) {
  const { connectionId, organisations, joinsOthers, onConnected } = props;
  const [isSeveral, setSeveral] = useState(false);
  const [chosenIds, setChosenIds] = useState<string[]>([]);
  const chosen = organisations.filter(({ xeroOrgId }) => chosenIds.includes(xeroOrgId));
  const choose = useAction('chooseOrganisation', {
    failure: 'inline',
    onDone: () => onConnected(chosen.length),
  });
  const connect = () => {
    const [first, ...also] = chosen.map(({ xeroOrgId }) => xeroOrgId);
    if (first) choose.mutate({ params: { connectionId }, body: { xeroOrgId: first, also } });
  };
  return (
    <Stack gap="lg">
      <Switch
        label="Connect several: campuses or legal entities keep books of their own"
        checked={isSeveral}
        onChange={(event) => {
          setSeveral(event.currentTarget.checked);
          setChosenIds((ids) => ids.slice(0, 1));
        }}
      />
      <Options isSeveral={isSeveral} chosenIds={chosenIds} onChange={setChosenIds}>
        <Stack gap="sm">
          {organisations.map((one) => (
            <Option key={one.xeroOrgId} organisation={one} isSeveral={isSeveral} />
          ))}
        </Stack>
      </Options>
      {choose.error && <ProblemAlert error={choose.error} takesFocus />}
      <Group>
        <Button disabled={chosen.length === 0} loading={choose.isPending} onClick={connect}>
          {labelOf(chosen)}
        </Button>
        <GiveUpChoice connectionId={connectionId} joinsOthers={joinsOthers} />
      </Group>
    </Stack>
  );
}

function labelOf(chosen: readonly OrganisationChoice[]): string {
  const [first, ...more] = chosen;
  if (!first) return 'Connect organisation';
  return more.length === 0 ? `Connect ${first.name}` : `Connect ${chosen.length} organisations`;
}

interface OptionsProps {
  isSeveral: boolean;
  chosenIds: string[];
  onChange: (ids: string[]) => void;
  children: React.ReactNode;
}

function Options({ isSeveral, chosenIds, onChange, children }: OptionsProps) {
  return isSeveral ? (
    <Checkbox.Group aria-label="Xero organisations" value={chosenIds} onChange={onChange}>
      {children}
    </Checkbox.Group>
  ) : (
    <Radio.Group
      aria-label="Xero organisation"
      value={chosenIds[0] ?? null}
      onChange={(id) => onChange([id])}
    >
      {children}
    </Radio.Group>
  );
}

interface OptionProps {
  organisation: OrganisationChoice;
  isSeveral: boolean;
}

function Option({ organisation, isSeveral }: OptionProps) {
  const Box = isSeveral ? Checkbox : Radio;
  const facts = organisationFacts(organisation).flatMap(({ value }) => value ?? []);
  const told = facts.filter((fact) => fact !== organisation.name);
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Box
          value={organisation.xeroOrgId}
          disabled={organisation.taken}
          label={
            <Text span fw={600}>
              {organisation.name}
            </Text>
          }
          description={told.join(' · ')}
        />
        <OrganisationWarnings organisation={organisation} />
      </Stack>
    </Paper>
  );
}
