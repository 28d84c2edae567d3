import { rmSync } from 'node:fs';
import { addressesIn } from '../../state';
import type { Session } from '../../session';
import { readStackFolders, stateFileOf, type SynthesizedStack } from '../../synthesized';
import { deployIn, type UpOptions } from '../../up';
import { listWorld } from '../../world';
import type { Machine } from '../machine';
import { clusterOf } from './fleet';
import { deployFailed, membershipMissing } from './errors';

/** Whoever runs an environment: what people do by hand where Drover can do nothing by itself. */
export interface Operator {
  /** Forgets what Terraform and Vault know of a host that is dead, as docs/metal.md says. */
  forget(host: Machine): Promise<void>;
  /** Deploys the environment as its data are. @throws {NotAsExpected} when that fails */
  deploy(): Promise<void>;
}

/** The person at this computer. */
export class SessionOperator implements Operator {
  public constructor(
    private readonly session: Session,
    private readonly options: UpOptions,
  ) {}

  public async forget(host: Machine): Promise<void> {
    const { workspace, terraform } = this.session;
    const membership = `terraform_data.membership-${host.name}`;
    const stack = readStackFolders(workspace.out).find((it) => addressesOf(it).includes(membership));
    if (stack === undefined) throw membershipMissing(host.name);
    await terraform.forget(stack, membership);
    const record = `/data/${workspace.environment}/${clusterOf(host)}/hosts/${host.name}`;
    for (const it of listWorld(workspace.world)) if (it.id.endsWith(record)) rmSync(it.file);
  }

  public async deploy(): Promise<void> {
    const report = await deployIn(this.session, { ...this.options, faults: [] });
    if (!report.ok) throw deployFailed(report.failures.map((it) => it.run.name).join(', ') || report.complaint);
  }
}

const addressesOf = ({ content }: SynthesizedStack): string[] => addressesIn(stateFileOf(content));
