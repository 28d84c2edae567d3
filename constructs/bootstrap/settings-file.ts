import type { BootstrapEnv } from './env';
import { unknownSetting, unsafeSetting } from './errors';
import { isSettingName, settingNames } from './setting-names';
import { checkSettings, type StepName } from './step';
import { textBytes } from './terraform-text';

/** What a machine is told. */
export interface MachineSettings {
  readonly env: BootstrapEnv;
  /** Steps in the order in which they run. */
  readonly steps: readonly StepName[];
  /** The machine, for messages: `server 's1' of cluster 'shop-eu'`. */
  readonly what: string;
}

/** One line of the file of settings. */
export type Setting = readonly [name: string, value: string];

const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;

/**
 * Settings and steps in the order of the contract, so that the file reads alike on every machine.
 * @throws when a setting is unknown, missing for a step or holds a control character
 */
export function settingsOf({ env, steps, what }: MachineSettings): readonly Setting[] {
  for (const [name, value] of Object.entries(env)) {
    if (!isSettingName(name)) throw unknownSetting(name, what);
    if (CONTROL_CHARACTER.test(String(value))) throw unsafeSetting(name, String(value), what);
  }
  checkSettings(env, steps, what);
  const given = settingNames().flatMap((name): Setting[] => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return [...given, ['STEPS', steps.join(' ')]];
}

/** The file, which a shell sources. @param quoted puts a value into single quotes */
export function settingsText(settings: readonly Setting[], quoted: (value: string) => string): string {
  return settings.map(([name, value]) => `${name}=${quoted(value)}\n`).join('');
}

/** Bytes of the file inside JSON: name, '=', two quotes, and the line break, which takes two there. */
export function settingsBytes(settings: readonly Setting[]): number {
  return settings.reduce((sum, [name, value]) => sum + name.length + 5 + textBytes(value), 0);
}
