import { z } from 'zod';
import { answered } from './answer';
import { kubectl } from './cluster';
import { commandFailed } from './errors';
import { clusterOf } from './fleet';
import type { Machine } from '../machine';
import type { LabApi } from './lab-client';
import type { Scene } from './scene';

const NAME = 'drover-fault';
/** RKE2 brings it along: it is on every machine, and nothing has to be pulled. */
const IMAGE = 'docker.io/rancher/mirrored-pause:3.6';

const podList = z.object({
  items: z.array(
    z.object({
      spec: z.object({ nodeName: z.string().default('') }),
      metadata: z.object({ deletionTimestamp: z.string().optional() }),
      status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) }),
    }),
  ),
});

/** A deployment of pods that do nothing, in a member's cluster. */
export class Pods {
  private constructor(
    private readonly lab: LabApi,
    private readonly server: Machine,
    private readonly replicas: number,
  ) {}

  /** Starts two for each worker, and waits until they run. */
  public static async start(scene: Scene, server: Machine): Promise<Pods> {
    const workers = scene.fleet.workers().filter((it) => clusterOf(it) === clusterOf(server));
    const pods = new Pods(scene.lab, server, 2 * workers.length);
    scene.defer('pods', (lab) =>
      kubectl(lab, server, 'delete', 'deployment', NAME, '--ignore-not-found', '--wait=false'),
    );
    await pods.ask('create', 'deployment', NAME, `--image=${IMAGE}`, `--replicas=${pods.replicas}`);
    await scene.until('the pods run', () => pods.allRun());
    return pods;
  }

  /** Whether as many are ready as there should be. */
  public async allRun(): Promise<boolean> {
    return (await this.nodes()).length === this.replicas;
  }

  /** The nodes of those that are ready and not on their way out. */
  public async nodes(): Promise<string[]> {
    const answer = await this.ask('get', 'pods', '--selector', `app=${NAME}`, '--output', 'json');
    const { items } = answered(podList, answer, 'the list of pods', this.server);
    const ready = items.filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        status.conditions.some((it) => it.type === 'Ready' && it.status === 'True'),
    );
    return ready.map((it) => it.spec.nodeName);
  }

  private async ask(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await kubectl(this.lab, this.server, ...args);
    if (code !== 0) throw commandFailed(this.server.name, `kubectl ${args.slice(0, 2).join(' ')}`, stderr);
    return stdout;
  }
}
