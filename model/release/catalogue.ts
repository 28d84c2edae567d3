import { z } from 'zod';
import { noSuchChart } from './errors';
import { readReleaseFile } from './release-file';

const chartPin = z.strictObject({
  repository: z
    .string()
    .regex(/^(https|oci):\/\/[\w./-]+$/, 'must be the address of a chart repository, https:// or oci://')
    .describe('Repository that the chart is pulled from'),
  chart: z.string().min(1).describe('Name of the chart in the repository'),
  version: z
    .string()
    .regex(/^v?\d+\.\d+\.\d+$/, 'must be one exact version: no range, no "latest"')
    .describe('Version of the chart'),
  appVersion: z.string().min(1).describe('Version of what the chart installs'),
  source: z.url('must be the address where this version was read').describe('Where this version was read'),
});
/** One chart at one version. */
export type ChartPin = z.output<typeof chartPin>;

const catalogueSpec = z.strictObject({ charts: z.record(z.string(), chartPin) });

/** Every chart that Drover installs, each pinned once. */
export class ChartCatalogue {
  private constructor(
    private readonly file: string,
    private readonly charts: Readonly<Record<string, ChartPin>>,
  ) {}

  /**
   * Reads the catalogue.
   * @throws InvalidReleaseError with every problem of the file
   */
  public static load(path: string): ChartCatalogue {
    const { file, value } = readReleaseFile(path, catalogueSpec, 'the charts');
    return new ChartCatalogue(file, value.charts);
  }

  /** Names of all charts. */
  public get names(): readonly string[] {
    return Object.keys(this.charts);
  }

  /** The chart of that name. Throws for a name that the catalogue does not have. */
  public pin(name: string): ChartPin {
    const pin = this.charts[name];
    if (pin === undefined) throw noSuchChart(name, this.file, this.names);
    return pin;
  }
}
