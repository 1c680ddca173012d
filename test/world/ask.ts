import pg from 'pg';

/** What one query finds in the database at `url`, over a connection of its own. */
export async function askDatabase(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // A server that is stopped or killed meanwhile shows itself in the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}
