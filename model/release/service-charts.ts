import { join } from 'node:path';
import { ChartCatalogue, type ChartPin } from './catalogue';
import { textOf } from './release-file';

/** A chart of the catalogue with the values that every cluster gives it. */
export interface ServiceChart {
  readonly pin: ChartPin;
  /** Text of the values file. */
  readonly values: string;
}

/** The charts of the platform's own services, below a folder such as `releases`. */
export class ServiceCharts {
  private readonly catalogue: ChartCatalogue;

  /** Throws InvalidReleaseError with every problem of `charts.yaml`. */
  public constructor(private readonly folder: string) {
    this.catalogue = ChartCatalogue.load(join(folder, 'charts.yaml'));
  }

  /** The chart of that name and its values. Throws for a name that the catalogue does not have. */
  public get(name: string): ServiceChart {
    return { pin: this.catalogue.pin(name), values: textOf(join(this.folder, 'values', `${name}.yaml`)) };
  }
}
