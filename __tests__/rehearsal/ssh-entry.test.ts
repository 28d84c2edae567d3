import { existsSync, readFileSync } from 'node:fs';
import { SshEntry, type SshEntryOptions } from '../../rehearsal/ssh-entry';
import { TestProject } from './support/project';

const REPORT = '{"port":40022,"hostKey":"ssh-ed25519 AAAA","agentSocket":"/tmp/agent"}';

describe('the simulated machines behind SSH', () => {
  const project = new TestProject();
  afterAll(() => project.remove());

  /** Starts a script in their place; nothing is cut short but where a test is about that. */
  const start = (script: string, limits: Partial<SshEntryOptions> = {}): Promise<SshEntry> => {
    project.script('entry', script);
    const patient = { startTimeoutSec: 60, stopTimeoutSec: 60 };
    const where = { program: project.file('entry'), dir: project.root, env: project.env() };
    return SshEntry.start({ ...where, ...patient, ...limits });
  };

  test('say where they are, know their world, and end with their input', async () => {
    const entry = await start(
      `echo "$1 $REHEARSAL_DIR" > '${project.file('told')}'; echo '${REPORT}'; cat; echo over > '${project.file('over')}'`,
    );
    expect([entry.port, entry.hostKey, entry.agentSocket]).toEqual([40022, 'ssh-ed25519 AAAA', '/tmp/agent']);
    expect(readFileSync(project.file('told'), 'utf8')).toBe(`--ssh-entry ${project.root}\n`);
    expect(existsSync(project.file('over'))).toBe(false);
    await entry.stop();
    expect(existsSync(project.file('over'))).toBe(true);
    await entry.stop();
  });

  test('are ended by force where they do not end', async () => {
    const entry = await start(`echo $$ > '${project.file('pid')}'; echo '${REPORT}'; cat; exec sleep 300`, {
      stopTimeoutSec: 1,
    });
    await entry.stop();
    const pid = Number(readFileSync(project.file('pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test.each<[what: string, script: string, reason: string, limits?: Partial<SshEntryOptions>]>([
    ['that fail to start', 'echo no world here >&2; exit 3', 'no world here'],
    ['that end without a word', 'exit 3', 'it ended with exit code 3'],
    ['that say something else', 'echo hello; cat', 'it said "hello"'],
    ['that say nothing', 'exec sleep 300', 'it said nothing within 1 s', { startTimeoutSec: 1 }],
  ])('%s stop the rehearsal with their reason', async (_, script, reason, limits = {}) => {
    await expect(start(script, limits)).rejects.toThrow(`the simulated machines behind SSH did not start: ${reason}`);
  });

  test('whose program is not there stop it, too', async () => {
    const missing = SshEntry.start({ program: project.file('none'), dir: project.root, env: project.env() });
    await expect(missing).rejects.toThrow(/did not start: .*ENOENT/);
  });
});
