import type { Group } from '../../../../../rehearsal/hosts/faults/fleet';
import type { Machine } from '../../../../../rehearsal/hosts/machine';
import type { Ended, LabApi, LoadReport } from '../../../../../rehearsal/hosts/faults/lab-client';

const ended = (stdout = '', code = 0): Ended => ({ code, stdout, stderr: '' });

/** A lab of two clusters that only remembers: what it is told changes what it answers. */
export class FakeLab implements LabApi {
  /** Everything that it was told, such as `cut s1`. */
  public readonly told: string[] = [];
  public readonly fleet: Machine[] = [
    ...['s1', 's2', 's3'].map((key) => machine(`management-${key}`, 'management', { 'drover:node': key })),
    machine('shop-s1', 'shop', { 'drover:node': 's1' }),
    { ...machine('shop-w1', 'shop', {}), group: 'workers', lifecycle: 'InService' },
  ];
  /** How the next bootstraps end. */
  public nextBootstrap = 'ok';
  /** Nodes that are not Ready, by the name of the machine. */
  public readonly notReady = new Set<string>();
  /** What a command in a machine prints, where a test needs more than the standard answers. */
  public answer: (machine: string, command: string) => Ended | undefined = () => undefined;
  private launches = 0;

  public machines(): Promise<Machine[]> {
    return Promise.resolve(structuredClone(this.fleet));
  }

  public groups(): Promise<Group[]> {
    const instances = this.fleet.filter((it) => it.group === 'workers').map((it) => ({ ...it, health: 'Healthy' }));
    return Promise.resolve([{ name: 'workers', min: 1, desired: 1, max: 2, instances }]);
  }

  public tell(action: string, ...words: readonly string[]): Promise<void> {
    this.told.push([action, ...words].join(' '));
    const one = this.fleet.find((it) => words.includes(it.id));
    if (one === undefined) return Promise.resolve();
    if (action === 'cut' || action === 'stop') one.state = 'stopped';
    if (action === 'start') one.state = 'running';
    if (action === 'rebuild') {
      Object.assign(one, { state: 'running', launched: `launch ${String(++this.launches)}` });
      one.bootstrap = { ...report, result: this.nextBootstrap };
      one.tags = { ...one.tags, 'drover:bootstrap': this.nextBootstrap };
    }
    return Promise.resolve();
  }

  public exec(id: string, command: readonly string[]): Promise<Ended> {
    const line = command.join(' ');
    return Promise.resolve(this.answer(id, line) ?? this.standardAnswer(id, line));
  }

  public load(): Promise<LoadReport> {
    return Promise.resolve({
      sent: 900,
      failed: 3,
      failedAfterFirstSecond: 0,
      slowestMs: 9,
      statuses: { 200: 897 },
      errors: {},
    });
  }

  public setParameter(name: string): Promise<void> {
    return this.tell('setParameter', name);
  }

  private standardAnswer(id: string, line: string): Ended {
    const asked = this.fleet.find((it) => it.id === id);
    if (asked?.state !== 'running') return ended('', 1);
    if (line.includes('get nodes')) return ended(JSON.stringify({ items: this.nodes(asked) }));
    if (line.endsWith('get --raw /readyz/etcd')) return ended('ok');
    if (line.startsWith('cat /etc/drover/bootstrap.env')) return ended("DATA_VOLUME_ID='vol-1'\nREGION='eu-west-1'\n");
    return ended(line.startsWith('grep --count') ? '1' : '');
  }

  private nodes(asked: Machine): unknown[] {
    const same = this.fleet.filter((it) => it.tags?.['drover:cluster'] === asked.tags?.['drover:cluster']);
    return same.map((it) => {
      const isReady = it.state === 'running' && !this.notReady.has(it.name);
      return {
        metadata: { name: it.name, uid: `uid of ${it.name}` },
        spec: {},
        status: {
          addresses: [{ type: 'InternalIP', address: it.address }],
          conditions: [{ type: 'Ready', status: isReady ? 'True' : 'Unknown' }],
        },
      };
    });
  }
}

const report = { started: '', updated: '', result: 'ok', steps: [] };

function machine(name: string, cluster: string, tags: Readonly<Record<string, string>>): Machine {
  return {
    ...{ id: `i-${name}`, name, address: `10.0.0.${name}`, group: '', state: 'running', lifecycle: '' },
    isBare: false,
    ...{ launched: 'at first', tags: { 'drover:cluster': cluster, ...tags }, bootstrap: { ...report } },
  };
}
