import { buildGo, type BuildGoOptions } from './build-go';

const PROVIDER = { folder: 'provider', name: 'drover-provider', what: 'the simulated provider' };

/** Builds the simulated provider if a source is newer than the program, and says where the program is. */
export const buildProvider = (options: BuildGoOptions): Promise<string> => buildGo(PROVIDER, options);
