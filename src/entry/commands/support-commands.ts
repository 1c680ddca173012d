import { SupportRequestId, SupportText, type SupportThread } from '#contract/support';
import { type Command, type Given, needed, neededAs, type Told, UsageError } from './command.ts';

const request = { value: 'ID', isNeeded: true, help: 'the id of the request' };

const list: Command = {
  name: 'support list',
  summary: 'Requests of all providers that wait for an answer, the longest waiting first',
  options: { all: { value: null, isNeeded: false, help: 'those answered and closed too' } },
  async run(context, given) {
    const requests = await context.support.list({ all: given.options.all !== undefined });
    return {
      data: { requests },
      words:
        requests.length === 0
          ? ['Nothing waits for an answer.']
          : requests.map(
              ({ id, state, providerName, subject, askedBy, changedAt }) =>
                `${id}  ${state.padEnd(8)}  ${changedAt.slice(0, 16)}  ${providerName}, ${askedBy}: ${subject}`,
            ),
    };
  },
};

const show: Command = {
  name: 'support show',
  summary: 'One request with everything that was written',
  options: { request },
  run: async (context, given) => tell(await context.support.show(idOf(given))),
};

const reply: Command = {
  name: 'support reply',
  summary: 'Answer a request; whoever asked is told by e-mail',
  options: { request, text: { value: 'TEXT', isNeeded: true, help: 'the answer' } },
  async run(context, given) {
    const text = neededAs(given, 'text', SupportText);
    return tell(await context.support.answer(idOf(given), text));
  },
};

const close: Command = {
  name: 'support close',
  summary: 'Close a request; whoever asked may open it again',
  options: { request },
  run: async (context, given) => tell(await context.support.close(idOf(given))),
};

export const supportCommands: Command[] = [list, show, reply, close];

function idOf(given: Given): SupportRequestId {
  const id = SupportRequestId.safeParse(needed(given, 'request'));
  if (id.success) return id.data;
  throw new UsageError('A request’s id is the long one that "support list" shows.');
}

function tell(thread: SupportThread): Told {
  return {
    data: { request: thread },
    words: [
      `${thread.subject} (${thread.state})`,
      ...thread.messages.flatMap(({ author, at, text }) => ['', `${author}, ${at}:`, text]),
    ],
  };
}
