import type { Environment } from '../../model/environment';
import { RKE2_RELEASES } from '../../model/spec/rke2';
import { kubernetesVersionOf } from '../../model/versions';
import type { BootstrapEnv } from './env';

/** The release and, where the environment says so, another place to get it from and what it must be. */
export function rke2Source(
  environment: Environment,
  clusterName: string,
): Pick<BootstrapEnv, 'RKE2_VERSION' | 'RKE2_ARTIFACT_URL' | 'RKE2_SHA256_AMD64' | 'RKE2_SHA256_ARM64'> {
  const { artifactUrl, sha256 } = environment.rke2;
  const version = kubernetesVersionOf(environment, clusterName);
  const { amd64, arm64 } = sha256[version] ?? {};
  return {
    RKE2_VERSION: version,
    ...(artifactUrl === RKE2_RELEASES ? {} : { RKE2_ARTIFACT_URL: artifactUrl }),
    ...(amd64 === undefined ? {} : { RKE2_SHA256_AMD64: amd64 }),
    ...(arm64 === undefined ? {} : { RKE2_SHA256_ARM64: arm64 }),
  };
}
